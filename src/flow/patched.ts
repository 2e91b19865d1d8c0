// What if? A network that runs on with a gate or a state fixed, or without a path for its gradients.

import type { SimdKind } from "../engine/cell_kinds.js";
import { classOf, gateNames, isSimd, nameOf } from "../engine/cell_kinds.js";
import type { RecurrenceSize } from "../engine/engine.js";
import { patchedCell } from "../engine/patched_cells.js";
import { Embedding } from "../nn/embedding.js";
import { Linear } from "../nn/linear.js";
import type { Nested } from "../nn/nested.js";
import { extents, plainAxes, readNested, shapeText } from "../nn/nested.js";
import { SequenceNetwork } from "../nn/network.js";
import type { RecurrentModule, RecurrentOptions } from "../nn/recurrent.js";
import { checkNotPatched } from "../nn/recurrent.js";
import type { Direction } from "../nn/stack.js";
import { checkChoice, checkOptions, checkSize, isFiniteNumber, kind, misfit } from "../numbers/validation.js";
import type { GateName } from "./flow_row.js";

/** Where something is fixed: at all steps, and in every layer and direction, unless it says otherwise. */
export interface PatchedPlace {
  /** the first step of a batch, default 1 */
  from?: number;
  /** the last step, default T */
  to?: number;
  layer?: number;
  direction?: Direction;
}

/** A gate or state that is fixed. */
export interface Patch extends PatchedPlace {
  /** a number; or of every unit [H], or of every step, sample and unit [T, B, H], as a tape has it */
  value: Nested | number;
  /** the units that are fixed, from 0; default all */
  units?: readonly number[];
}

/** What is fixed in a network, by the names of its gates and states. */
export interface Patches extends Partial<Record<GateName | "c", Patch>> {
  /**
   * where no gradient goes back from a step to the one before: "recurrent", by way of W_h; "keep", by way of
   * the gate that keeps
   */
  cut?: Partial<Record<(typeof paths)[number], PatchedPlace>>;
}

const paths = ["keep", "recurrent"] as const;

/**
 * The same network with parts of its cells fixed, a copy: `loss`, `predict`, `lossAndGradients`,
 * `gradientFlow` and the other functions of the flow of gradients run on with them.
 *
 *     gradientFlow(patched(network, { f: { value: 1, from: 10 } }), batch).chart()
 *
 * fixes the forget gates from t = 10 on. i, f, g and o of an LSTM can be fixed, r, z and n of a GRU, and the
 * states h and c. What is fixed is a constant: no gradient goes to what it would have been computed from, and
 * ∂L/∂h_t of a fixed h_t is that of the constant. With the values that a gate has anyway nothing changes but
 * the gradients that went through it.
 *
 * `cut` leaves the forward pass alone and lets no gradient through: of an LSTM, `{ cut: { recurrent: {} } }`
 * leaves C_{t−1} ← C_t ⊙ f alone, the truncated gradient of Hochreiter and Schmidhuber (1997); `{ cut: {
 * keep: {} } }` leaves the way through h and the gates.
 *
 * All in float64 and JavaScript, whatever the network computes in; a step costs about twice as long as there.
 *
 * @throws {TypeError} when network is not one, such as a model of the slides, for an unknown gate or option,
 *   or a value of the wrong kind
 * @throws {RangeError} for layers that are not RNNs, LSTMs or GRUs, a gate or path that they do not have, or
 *   a value out of its range; when a batch runs, for values that do not have its size
 * @throws {Error} when network is patched already
 */
export function patched(network: SequenceNetwork, patches: Patches): SequenceNetwork {
  if (!(network instanceof SequenceNetwork)) {
    throw new TypeError(`patched: network is ${kind(network)}, but must be a SequenceNetwork of unrolled/nn`);
  }
  checkNotPatched("patched", network.rnn);
  checkPatches(network.rnn, patches);
  const copy = copyOf(network);
  copy.rnn.stack.patch = (size, layer, direction) => cellOf(size, patches, layer, direction);
  return copy;
}

/** In float64, with the same weights. */
function copyOf(network: SequenceNetwork): SequenceNetwork {
  const { embedding, rnn, head, outputs, lossOptions } = network;
  const Rnn = rnn.constructor as new (options: RecurrentOptions) => RecurrentModule;
  const dtype = "float64";
  const copy = new SequenceNetwork({
    ...(embedding && { embedding: new Embedding({ ...embedding.options, dtype }) }),
    rnn: new Rnn({ ...rnn.options, dtype }),
    head: new Linear({ ...head.options, dtype }),
    outputs,
    ...lossOptions,
  });
  copy.values.set(network.values);
  return copy;
}

/** A value by step, sample and unit, all from 0. */
type Value = (t: number, b: number, j: number) => number;

function cellOf(size: RecurrenceSize, patches: Patches, layer: number, direction: Direction) {
  const { cut = {}, ...fixed } = patches;
  const isHere = (place: PatchedPlace) =>
    (place.layer ?? layer) === layer && (place.direction ?? direction) === direction;
  const isThen = ({ from = 1, to = Infinity }: PatchedPlace, t: number) => t + 1 >= from && t + 1 <= to;
  const here = new Map(
    Object.entries(fixed)
      .filter(([, patch]) => patch !== undefined && isHere(patch))
      .map(([name, patch]) => [name, { patch, value: valueOf(name, patch, size) }]),
  );
  return patchedCell(size.cell as SimdKind, {
    value: (name, t, b, j) => {
      const found = here.get(name);
      if (found === undefined || !isThen(found.patch, t)) return undefined;
      return found.patch.units && !found.patch.units.includes(j) ? undefined : found.value(t, b, j);
    },
    isCut: (path, t) => {
      const place = cut[path];
      return place !== undefined && isHere(place) && isThen(place, t);
    },
  });
}

function valueOf(name: string, { value }: Patch, { T, B, H }: RecurrenceSize): Value {
  if (typeof value === "number") return () => value;
  const shape = extents(value);
  const expected = shape.length === 1 ? [H] : [T, B, H];
  if (shape.join() !== expected.join()) {
    throw new RangeError(
      `patched: ${name}.value has shape ${shapeText(shape)}, but must be a number, ${shapeText([H])} or, of this batch, ${shapeText([T, B, H])}`,
    );
  }
  const length = expected.reduce((product, extent) => product * extent, 1);
  const data = readNested("patched", `${name}.value`, value, plainAxes(expected), new Float64Array(length));
  return shape.length === 1 ? (_, __, j) => data[j] : (t, b, j) => data[(t * B + b) * H + j];
}

const ofPlace = ["from", "to", "layer", "direction"];

function checkPatches(rnn: RecurrentModule, patches: Patches): void {
  const { cell } = rnn;
  const className = classOf[cell];
  const { projSize } = rnn.stack.size;
  if (!isSimd(cell) || projSize) {
    const name = projSize ? "an LSTM with projections" : nameOf(cell);
    throw new RangeError(`patched: network.rnn is ${name}, but must be an RNN, LSTM or GRU`);
  }
  const names = [...gateNames[cell], "h", ...(cell === "lstm" ? ["c"] : [])];
  const every = ["f", "i", "g", "o", "r", "z", "n", "h", "c"];
  checkOptions("patched", patches, [...every, "cut"]);
  const { cut = {}, ...fixed } = patches;
  for (const [name, patch] of Object.entries(fixed)) {
    if (!names.includes(name)) {
      throw new RangeError(
        `patched: ${name} is given, but the layers are ${className}s, which have ${names.join(", ")}`,
      );
    }
    checkPlace(name, patch, rnn, [...ofPlace, "value", "units"]);
    const { units = [] } = patch;
    if (!Array.isArray(units)) {
      throw new TypeError(`patched: ${name}.units is ${kind(units)}, but must be an array of integers`);
    }
    const value: unknown = patch.value;
    if (!isFiniteNumber(value) && (typeof value !== "object" || value === null)) {
      throw misfit("patched", `${name}.value`, value, "a finite number, or an array of them");
    }
    for (const unit of units) {
      if (!Number.isInteger(unit) || unit < 0 || unit >= rnn.hiddenSize) {
        throw misfit(
          "patched",
          `a unit of ${name}.units`,
          unit,
          `an integer from 0 to below hiddenSize ${rnn.hiddenSize}`,
        );
      }
    }
  }
  checkOptions("patched", cut, paths);
  for (const [path, place] of Object.entries(cut)) {
    if (path === "keep" && gateNames[cell].length === 0) {
      throw new RangeError(
        "patched: cut.keep is given, but an RNN has no gate that keeps: its path is recurrent",
      );
    }
    checkPlace(`cut.${path}`, place, rnn, ofPlace);
  }
}

function checkPlace(
  name: string,
  place: PatchedPlace,
  rnn: RecurrentModule,
  allowed: readonly string[],
): void {
  checkOptions(`patched: ${name}`, place, allowed);
  const { from = 1, to = from, layer = 0, direction = "forward" } = place;
  checkSize("patched", `${name}.from`, from);
  checkSize("patched", `${name}.to`, to);
  if (to < from) {
    throw new RangeError(`patched: ${name}.to is ${to}, but must be at least ${name}.from, ${from}`);
  }
  if (!Number.isInteger(layer) || layer < 0 || layer >= rnn.numLayers) {
    throw misfit("patched", `${name}.layer`, layer, `an integer from 0 to below numLayers ${rnn.numLayers}`);
  }
  const directions = rnn.bidirectional ? ["forward", "reverse"] : ["forward"];
  checkChoice("patched", `${name}.direction`, direction, directions);
}
