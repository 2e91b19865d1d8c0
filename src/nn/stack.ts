// The recurrent layers of one module, stacked, in one or both directions, over a whole batch in flat
// time-major memory. Memory for a batch of one size is allocated once and used again by the next batch of
// that size.

import type { CellKind, OwnWeight } from "../engine/cell_kinds.js";
import { cellStateSize, gateRows, hasWh, ownWeightsOf } from "../engine/cell_kinds.js";
import type { Cell } from "../engine/cells.js";
import type {
  BackwardOptions,
  Engine,
  Recurrence,
  RecurrenceSize,
  RecurrenceWeights,
} from "../engine/engine.js";
import { RecomputedRecurrence } from "../engine/recomputed_recurrence.js";
import { BatchRecurrence } from "../engine/recurrence.js";
import { threadedRecurrence } from "../engine/threads/threaded_recurrence.js";
import { applyMask } from "./dropout.js";
import type { ParameterShape } from "./parameters.js";
import type { Floats, Parameter } from "../numbers/tensor.js";

export type Direction = "forward" | "reverse";

export interface StackSize {
  cell: CellKind;
  inputSize: number;
  hiddenSize: number;
  /** P, the elements of h where they are projected */
  projSize?: number;
  numLayers: number;
  bidirectional: boolean;
  /** 0, 1, or PyTorch's pair */
  biases: 0 | 1 | 2;
  /** whether outputs between layers may be masked, which takes memory of its own */
  masked: boolean;
  /** whether h_{t−1} may be masked in the products with W_h */
  hasMask: boolean;
  /** the most that compute a batch */
  threads: number;
  /** of longer sequences backward computes so many steps again at a time */
  recomputeSteps?: number;
  /** of an LRU, where λ is drawn from */
  ring?: Parameter["ring"];
}

/** States before the first step (0) and after the last (N), and their gradients. */
interface States {
  readonly h0: Floats;
  readonly c0: Floats;
  readonly dh0: Floats;
  readonly dc0: Floats;
  readonly dhN: Floats;
  readonly dcN: Floats;
}

/** One layer in one direction. Its states, [B, P] or [B, S], are views into those of all lanes. */
export interface Lane extends States {
  readonly layer: number;
  readonly direction: Direction;
  readonly recurrence: Recurrence;
  /** x_t of the layer, [T, B, I]; lanes of one layer share it */
  readonly input: Floats;
}

/**
 * A batch of one size on its way through the stack. States and their gradients are [numLayers · directions,
 * B, P], P being H where h is not projected, those of c [numLayers · directions, B, S].
 */
export interface Pass extends States {
  readonly T: number;
  readonly B: number;
  /** which batch it holds: counts the forward passes */
  run: number;
  /** whether what forward computed is still there and has not been turned into gradients */
  ready: boolean;
  lengths?: Int32Array;
  /** how many steps of its sequences came before, for messages */
  before: number;
  /** what the outputs of each layer but the last were multiplied by, if there was dropout; [T, B, D·P] */
  masks?: readonly Floats[];
  /** what h_{t−1} was multiplied by in the products with W_h, [numLayers · directions, B, P] */
  hMasks?: Floats;
  /** x, [T, B, I], to be filled before forward */
  readonly x: Floats;
  /** ∂L/∂x, written by backward where it exists */
  dx?: Floats;
  readonly lanes: readonly Lane[];
  /** h_t of the last layer in all directions, [T, B, D·P] */
  readonly output: Floats;
  /** ∂L/∂output, to be filled before backward, which overwrites it */
  readonly dOutput: Floats;
}

/** Backward through one layer in one direction; leaves behind what that of its recurrence does. */
export type LaneBackward = (
  lane: Lane,
  weights: RecurrenceWeights,
  gradients: RecurrenceWeights,
  options: BackwardOptions,
) => void;

const stepByStep: LaneBackward = ({ recurrence, input }, weights, gradients, options) => {
  recurrence.backward(input, weights, gradients, options);
};

/** What the engine reads and adds to, of one layer in one direction. */
interface Bound {
  own: { Wx: Parameter; Wh?: Parameter; b?: Parameter; bh?: Parameter };
  /** the parameters of the cell's own */
  ofCell: { name: OwnWeight["name"]; parameter: Parameter }[];
  weights: RecurrenceWeights;
  gradients: RecurrenceWeights;
}

interface Layer {
  input: Floats;
  output: Floats;
  dOutput: Floats;
  lanes: Lane[];
}

/**
 * Keep the memory of up to this many sizes of batches, or of two (training and validation) when one needs
 * more than this many elements.
 */
const mostKeptSizes = 16;
const mostKeptElements = 2 ** 25;

/** The names and shapes of the parameters, in PyTorch's order. */
export function stackParameters(size: StackSize): ParameterShape[] {
  const { cell, inputSize, hiddenSize: H, projSize, numLayers, bidirectional, biases, ring } = size;
  const P = projSize ?? H;
  const rows = gateRows(cell, H);
  return Array.from({ length: numLayers }, (_, layer) => layer).flatMap((layer) =>
    (bidirectional ? ["", "_reverse"] : [""]).flatMap((suffix) => {
      const key = `l${layer}${suffix}`;
      const I = layer === 0 ? inputSize : bidirectional ? 2 * P : P;
      const ofCell = (isBias: boolean): ParameterShape[] =>
        ownWeightsOf(cell, projSize)
          .filter(({ withBiases }) => (isBias ? withBiases?.includes(biases) : withBiases === undefined))
          .map(({ key: name, blocks, rows, initial }) => ({
            name: `${name}_${key}`,
            shape: rows === undefined ? [blocks * H] : [rows, (blocks * H) / rows],
            ...(ring && { ring }),
            ...(initial !== undefined && { initial }),
          }));
      const ofBiases: Record<StackSize["biases"], ParameterShape[]> = {
        0: [],
        1: [{ name: `bias_${key}`, shape: [rows] }],
        2: [
          { name: `bias_ih_${key}`, shape: [rows] },
          { name: `bias_hh_${key}`, shape: [rows] },
        ],
      };
      return [
        ...(hasWh(cell)
          ? [
              { name: `weight_ih_${key}`, shape: [rows, I] },
              { name: `weight_hh_${key}`, shape: [rows, P] },
            ]
          : [{ name: `weight_ih_${key}`, shape: [rows, I], units: H, ...(ring && { ring }) }]),
        ...ofCell(false),
        ...ofBiases[biases],
        ...ofCell(true),
      ];
    }),
  );
}

export class RecurrentStack {
  readonly size: Readonly<StackSize>;
  /** what computes the steps in place of the engine, in JavaScript; to be set before the first batch */
  patch?: (size: RecurrenceSize, layer: number, direction: Direction) => Cell;
  readonly #name: string;
  readonly #engine: Engine;
  readonly #bound: Bound[];
  readonly #passes = new Map<string, Pass>();
  #last?: Pass;
  readonly #memories = new WeakMap<Pass, { layers: Layer[]; scratch?: Floats }>();
  #runs = 0;

  /** @param name of the module, for messages */
  constructor(name: string, engine: Engine, size: StackSize, parameters: readonly Parameter[]) {
    this.#name = name;
    this.#engine = engine;
    this.size = size;
    const { cell, hiddenSize: H, projSize, biases } = size;
    const own = new Map(parameters.map((parameter) => [parameter.name, parameter]));
    this.#bound = this.#places().map(([layer, direction]) => {
      const key = `l${layer}${direction === "reverse" ? "_reverse" : ""}`;
      const ofKey = {
        Wx: own.get(`weight_ih_${key}`)!,
        Wh: own.get(`weight_hh_${key}`),
        b: own.get(biases === 2 ? `bias_ih_${key}` : `bias_${key}`),
        bh: own.get(`bias_hh_${key}`),
      };
      const ofCell = ownWeightsOf(cell, projSize).flatMap((weight) => {
        const parameter = own.get(`${weight.key}_${key}`);
        return parameter ? [{ name: weight.name, parameter }] : [];
      });
      const memory = (): RecurrenceWeights => ({
        Wx: ofKey.Wx.data,
        Wh: ofKey.Wh?.data ?? engine.allocate(0),
        b: engine.allocate(gateRows(cell, H)),
        ...(cell === "gru" && biases === 2 && { bn: engine.allocate(H) }),
      });
      return { own: ofKey, ofCell, weights: memory(), gradients: memory() };
    });
  }

  #places(): [layer: number, direction: Direction][] {
    const { numLayers, bidirectional } = this.size;
    const directions: Direction[] = bidirectional ? ["forward", "reverse"] : ["forward"];
    return Array.from({ length: numLayers }, (_, layer) =>
      directions.map((direction): [number, Direction] => [layer, direction]),
    ).flat();
  }

  /** P, the elements of h in one direction: H where they are not projected. */
  get hSize(): number {
    return this.size.projSize ?? this.size.hiddenSize;
  }

  /** D·P, the elements of an output. */
  get outputSize(): number {
    return (this.size.bidirectional ? 2 : 1) * this.hSize;
  }

  /** S, the elements of a cell state besides h. */
  get cellStateSize(): number {
    return cellStateSize(this.size.cell, this.size.hiddenSize);
  }

  /** The memory for batches of this size. It overwrites what the last batch of the size left there. */
  pass(T: number, B: number): Pass {
    const found = this.#last?.T === T && this.#last.B === B ? this.#last : this.#recall(T, B);
    this.#last = found;
    found.run = ++this.#runs;
    found.ready = false;
    found.masks = undefined;
    found.hMasks = undefined;
    found.lengths = undefined;
    return found;
  }

  #recall(T: number, B: number): Pass {
    const key = `${T},${B}`;
    const found = this.#passes.get(key) ?? this.#allocate(T, B);
    this.#passes.delete(key);
    this.#passes.set(key, found); // the one used last stands last
    this.#forget();
    return found;
  }

  /** Drops the least recently used. */
  #forget(): void {
    const { cell, hiddenSize: H, numLayers, bidirectional } = this.size;
    // Of a lane the gates, h, h_{t−1}, ∂h, what else its cell keeps, and c as often as h.
    const ofLane = gateRows(cell, H) + 4 * H + 3 * this.cellStateSize;
    const perStep = numLayers * (bidirectional ? 2 : 1) * ofLane + 2 * H;
    let numbers = 0;
    for (const pass of this.#passes.values()) numbers += pass.T * pass.B * perStep;
    for (const [key, pass] of this.#passes) {
      const { size } = this.#passes;
      if (size <= 2 || (size <= mostKeptSizes && numbers <= mostKeptElements)) return;
      this.#passes.delete(key);
      numbers -= pass.T * pass.B * perStep;
    }
  }

  #recurrence(size: RecurrenceSize): Recurrence {
    const { threads, recomputeSteps = size.T } = this.size;
    const whole = (some: RecurrenceSize) => threadedRecurrence(this.#engine, some, threads);
    if (size.T <= recomputeSteps) return whole(size);
    return new RecomputedRecurrence(this.#engine.dtype, size, recomputeSteps, whole);
  }

  #allocate(T: number, B: number): Pass {
    const { cell, inputSize, hiddenSize: H, projSize, numLayers, bidirectional, hasMask } = this.size;
    const engine = this.#engine;
    const D = bidirectional ? 2 : 1;
    const places = this.#places();
    const [P, S] = [this.hSize, this.cellStateSize];
    const allStates = (width: number) => engine.allocate(numLayers * D * B * width);
    const states = {
      h0: allStates(P),
      c0: allStates(S),
      dh0: allStates(P),
      dc0: allStates(S),
      dhN: allStates(P),
      dcN: allStates(S),
    };
    const x = engine.allocate(T * B * inputSize);
    const layers: Layer[] = [];
    for (let layer = 0; layer < numLayers; layer++) {
      const input = layer === 0 ? x : layers[layer - 1].output;
      const lanes = Array.from({ length: D }, (_, d): Lane => {
        const place = layer * D + d;
        const ofLane = (all: Floats, width: number) =>
          all.subarray(place * B * width, (place + 1) * B * width);
        const optional = { ...(hasMask && { hasMask }), ...(projSize && { P: projSize }) };
        const ofCell = { cell, T, B, I: input.length / (T * B), H, ...optional };
        const recurrence = this.patch
          ? new BatchRecurrence(engine.dtype, ofCell, this.patch(ofCell, layer, places[place][1]))
          : this.#recurrence(ofCell);
        return {
          layer,
          direction: places[place][1],
          recurrence,
          input,
          h0: ofLane(states.h0, P),
          c0: ofLane(states.c0, S),
          dh0: ofLane(states.dh0, P),
          dc0: ofLane(states.dc0, S),
          dhN: ofLane(states.dhN, P),
          dcN: ofLane(states.dcN, S),
        };
      });
      const ownOutput = D > 1 || (this.size.masked && layer < numLayers - 1);
      const output = ownOutput ? engine.allocate(T * B * D * P) : lanes[0].recurrence.h;
      const dOutput = D > 1 ? engine.allocate(T * B * D * P) : lanes[0].recurrence.dh;
      layers.push({ input, output, dOutput, lanes });
    }
    const last = layers[numLayers - 1];
    const pass: Pass = {
      T,
      B,
      run: 0,
      ready: false,
      before: 0,
      x,
      lanes: layers.flatMap(({ lanes }) => lanes),
      output: last.output,
      dOutput: last.dOutput,
      ...states,
    };
    this.#memories.set(pass, { layers });
    return pass;
  }

  /** What the engine reads, as of the last forward. */
  weightsOf({ layer, direction }: Pick<Lane, "layer" | "direction">): RecurrenceWeights {
    const D = this.size.bidirectional ? 2 : 1;
    return this.#bound[layer * D + (direction === "reverse" ? 1 : 0)].weights;
  }

  /**
   * Computes everything from pass.x, h0 and c0.
   *
   * @param sameWeights whether the parameters are unchanged since this pass last went forward
   */
  forward(pass: Pass, sameWeights = false): void {
    const { T, B, lengths, masks } = pass;
    const { layers } = this.#memories.get(pass)!;
    const P = this.hSize;
    layers.forEach(({ lanes, output }, layer) => {
      lanes.forEach((lane, d) => {
        const bound = this.#bound[layer * lanes.length + d];
        if (!sameWeights) this.#bind(bound);
        const { recurrence, h0, c0, direction } = lane;
        const reverse = direction === "reverse";
        recurrence.forward(lane.input, bound.weights, {
          ...this.#hMaskOf(pass, layer * lanes.length + d),
          ...{ h0, c0, lengths, reverse, sameWeights },
        });
        this.#checkFinite("forward", "h", recurrence.h, pass, lane);
        if (recurrence.c) this.#checkFinite("forward", "c", recurrence.c, pass, lane);
        if (output !== recurrence.h) {
          copyColumns(recurrence.h, P, 0, output, this.outputSize, d * P, P, T * B);
        }
      });
      if (masks && layer < masks.length) applyMask(output, masks[layer], output);
    });
    pass.ready = true;
  }

  #hMaskOf({ hMasks, B }: Pass, place: number): Pick<BackwardOptions, "hMask"> {
    const size = B * this.hSize;
    return hMasks ? { hMask: hMasks.subarray(place * size, (place + 1) * size) } : {};
  }

  /** Adds the gradients of the weights to those next to the parameters; reads pass.dOutput, dhN and dcN. */
  backward(pass: Pass, through: LaneBackward = stepByStep): void {
    const { T, B, lengths, masks } = pass;
    const memory = this.#memories.get(pass)!;
    const P = this.hSize;
    pass.ready = false;
    for (let layer = this.size.numLayers - 1; layer >= 0; layer--) {
      const { lanes, dOutput } = memory.layers[layer];
      const dInput = layer === 0 ? pass.dx : memory.layers[layer - 1].dOutput;
      if (masks && layer < masks.length) applyMask(dOutput, masks[layer], dOutput);
      lanes.forEach((lane, d) => {
        const { recurrence, input, h0, c0, dh0, dc0, dhN, dcN, direction } = lane;
        if (lanes.length > 1) copyColumns(dOutput, 2 * P, d * P, recurrence.dh, P, 0, P, T * B);
        const bound = this.#bound[layer * lanes.length + d];
        const dx =
          d === 0 || dInput === undefined
            ? dInput
            : (memory.scratch ??= this.#engine.allocate(T * B * Math.max(this.size.inputSize, 2 * P)));
        const sized = dx?.subarray(0, input.length);
        const reverse = direction === "reverse";
        const hMask = this.#hMaskOf(pass, layer * lanes.length + d);
        const ends = { ...hMask, h0, c0, lengths, reverse, dhT: dhN, dcT: dcN, dh0, dc0 };
        through(lane, bound.weights, bound.gradients, sized ? { ...ends, dx: sized } : ends);
        this.#checkFinite("backward", "dh", recurrence.dh, pass, lane);
        if (d > 0 && dInput && sized) for (let k = 0; k < sized.length; k++) dInput[k] += sized[k];
        this.#collect(bound);
      });
    }
  }

  /** Gives the engine the parameters where they are now, and the sum of two biases. */
  #bind({ own, ofCell, weights, gradients }: Bound): void {
    const { cell, hiddenSize: H, biases } = this.size;
    weights.Wx = own.Wx.data;
    gradients.Wx = own.Wx.grad;
    if (own.Wh) {
      weights.Wh = own.Wh.data;
      gradients.Wh = own.Wh.grad;
    }
    for (const { name, parameter } of ofCell) {
      weights[name] = parameter.data;
      gradients[name] = parameter.grad;
    }
    if (biases === 1) {
      weights.b = own.b!.data;
      gradients.b = own.b!.grad;
      return;
    }
    gradients.b.fill(0);
    gradients.bn?.fill(0);
    if (biases === 0) return;
    const [ih, hh] = [own.b!.data, own.bh!.data];
    const shared = cell === "gru" ? 2 * H : ih.length;
    for (let k = 0; k < ih.length; k++) weights.b[k] = k < shared ? ih[k] + hh[k] : ih[k];
    weights.bn?.set(hh.subarray(shared));
  }

  /** Each of two biases gets the gradient of their sum. */
  #collect({ own, gradients }: Bound): void {
    if (this.size.biases !== 2) return;
    const [ih, hh] = [own.b!.grad, own.bh!.grad];
    const shared = ih.length - (gradients.bn?.length ?? 0);
    for (let k = 0; k < ih.length; k++) {
      ih[k] += gradients.b[k];
      hh[k] += k < shared ? gradients.b[k] : gradients.bn![k - shared];
    }
  }

  /** Stops at the first step, in the order of computation, that has NaN or an infinity. */
  #checkFinite(method: string, tensor: string, values: Floats, { T, B, before }: Pass, lane: Lane): void {
    if (this.#engine.allFinite(values)) return;
    const { layer, direction } = lane;
    const forwards = (direction === "forward") === (method === "forward");
    const perStep = values.length / T;
    for (let step = 0; step < T; step++) {
      const t = forwards ? step : T - 1 - step;
      for (let k = 0; k < perStep; k++) {
        const value = values[t * perStep + k];
        if (Number.isFinite(value)) continue;
        const sample = B === 1 ? "" : ` (sample ${Math.floor((k * B) / perStep)} of the batch)`;
        const { numLayers, bidirectional } = this.size;
        const place = [
          ...(numLayers > 1 ? [` in layer ${layer}`] : []),
          ...(bidirectional ? [` of the ${direction} direction`] : []),
        ].join("");
        throw new RangeError(
          `${this.#name}.${method}: ${tensor} contains ${value}${place} at t = ${before + t + 1}${sample}, but must be finite`,
        );
      }
    }
  }
}

/** Copies `count` columns of a matrix of `rows` rows to columns of another. */
export function copyColumns(
  from: Floats,
  fromWidth: number,
  fromColumn: number,
  to: Floats,
  toWidth: number,
  toColumn: number,
  count: number,
  rows: number,
): void {
  for (let row = 0, p = fromColumn, q = toColumn; row < rows; row++, p += fromWidth, q += toWidth) {
    for (let j = 0; j < count; j++) to[q + j] = from[p + j];
  }
}
