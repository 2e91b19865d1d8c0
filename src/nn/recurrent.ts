// The recurrent modules, RNN, LSTM and GRU as in torch.nn: they take batches in nested arrays or tensors and
// return a tape of all that was computed.

import type { CellKind } from "../engine/cell_kinds.js";
import { gateCount, gateNames, gateRows, hasWh, nameOf } from "../engine/cell_kinds.js";
import { machineThreads } from "../engine/threads/threads.js";
import { checkFlag, checkOptions, checkSeed, checkSize, kind, misfit } from "../numbers/validation.js";
import { drawDropoutMask } from "./dropout.js";
import { Module, uniformParameters } from "./module.js";
import type { Axis, Nested } from "./nested.js";
import { extents, readNested } from "./nested.js";
import type { Ends, Extent } from "./sequences.js";
import { extentOf, inLayout, ofSample, paddingOf, sequenceAxes } from "./sequences.js";
import type { Direction, Pass, StackSize } from "./stack.js";
import { RecurrentStack, stackParameters } from "./stack.js";
import type { DType, Floats, Tensor } from "../numbers/tensor.js";

/** The options of torch.nn's recurrent modules. */
export interface RecurrentOptions {
  /** I, the features of each x_t */
  inputSize: number;
  /** H, the elements of each h_t, where an LSTM does not project it, and of each gate */
  hiddenSize: number;
  /** layers on top of each other, each reading the outputs of the one below; default 1 */
  numLayers?: number;
  /** whether each layer also reads from the last step to the first; default false */
  bidirectional?: boolean;
  /** p, with which elements between layers are dropped while training; default 0 */
  dropout?: number;
  /** x is [B, T, I] instead of [T, B, I]; default false */
  batchFirst?: boolean;
  /** 1, the default; 2 as in PyTorch, where b_ih and b_hh are added; or none */
  biases?: 0 | 1 | 2;
  /** default "float64", for gradients to look at; "float32" trains about three times faster */
  dtype?: DType;
  /** of the initial weights and of dropout, default 0 */
  seed?: number;
  /**
   * how many threads compute a batch, each some of its sequences, where there is enough for them to do; the
   * result depends on it in its last bits. Default: as many as the machine runs at a time in float32 (in
   * browsers, as `startThreads` has started), and 1 in float64, so that its numbers are the same anywhere
   */
  threads?: number;
  /**
   * gradient checkpointing over time, for sequences that would take too much memory: of longer ones only h
   * and c are kept, and backward computes so many steps again at a time, which takes about a third more time.
   * Gradients are the same up to rounding; in float64 so are losses and states, bit for bit, without a
   * parallel scan. Gradient flow is there; what looks inside the steps, such as at gates, is refused
   */
  recomputeSteps?: number;
}

/** Those of the modules whose gates read h through W_h. */
export interface RecurrentDropoutOptions extends RecurrentOptions {
  /**
   * p, with which elements of h_{t−1} are dropped in the products with W_h while training, the same ones at
   * all steps of a sequence, as Keras' `recurrent_dropout` (Gal and Ghahramani 2016); what keeps h or C past
   * the products is not dropped. In float32 it is computed by JavaScript; default 0
   */
  recurrentDropout?: number;
}

/** Masks that may come with a batch. */
export const maskNames = ["dropoutMasks", "recurrentDropoutMasks"] as const;

export const recurrentOptions = [
  "inputSize",
  "hiddenSize",
  "numLayers",
  "bidirectional",
  "dropout",
  "batchFirst",
  "biases",
  "dtype",
  "seed",
  "threads",
  "recomputeSteps",
] as const;

/** The options that make a module again; threads and memory are the machine's affair. */
export type RecurrentOptionsOf<Options extends RecurrentOptions> = Required<
  Omit<Options, "threads" | "recomputeSteps" | "recurrentDropout">
> &
  Pick<RecurrentDropoutOptions, "recurrentDropout">;

/** What may come with a batch besides x. */
export interface ForwardOptions extends Ends {
  /**
   * [numLayers · directions, B, H], or [B, H] of a single layer in one direction; without B where x has none;
   * zeros where not given
   */
  h0?: Nested;
  /**
   * of an LSTM, as h0; of an SLSTM c, n and m side by side, 3H in the place of H; of an MLSTM C, n and m,
   * H² + H + 1
   */
  c0?: Nested;
  /** draws a dropout mask; default false */
  training?: boolean;
  /**
   * keeps what {@link RecurrentModule.backward} and a look inside need, the layers; default true. A step that
   * only continues to the next is faster without
   */
  tape?: boolean;
  /**
   * what the outputs of each layer but the last are multiplied by, [numLayers − 1] of the shape of the output
   */
  dropoutMasks?: readonly Nested[];
  /** what h_{t−1} is multiplied by in the products with W_h, of the shape of h0, for recurrentDropout */
  recurrentDropoutMasks?: Nested;
}

/**
 * One layer in one direction: all steps, [T, B, …] whatever the layout of x; zeros beyond a sequence's end.
 */
export interface LaneTape {
  /** 0 for the layer that reads x */
  layer: number;
  direction: Direction;
  /** h_t, [T, B, H] */
  h: Tensor;
  /** C_t of an LSTM, [T, B, H]; c_t, n_t and m_t of an SLSTM, C_t, n_t and m_t of an MLSTM, [T, B, S] */
  c?: Tensor;
  /**
   * activations of the gates, each [T, B, H]: i, f, g, o of an LSTM (of an SLSTM i and f divided by e^m), r,
   * z, n of a GRU, z, g of a MinGRU, i, f, g of a MinLSTM, none of an RNN or LRU; q, k, v, o of an MLSTM, and
   * its i and f [T, B, 1]
   */
  gates: Record<string, Tensor>;
}

/** What forward computed. */
export interface RecurrentTape {
  /**
   * h_t of the last layer, the directions side by side, in the layout of x: [T, B, D·H], [B, T, D·H] or [T,
   * D·H]
   */
  output: Tensor;
  /** the state after the last step that each layer and direction read, [numLayers · D, B, H] */
  hN: Tensor;
  /** the same of an LSTM's C, an SLSTM's c, n and m, or an MLSTM's C, n and m */
  cN?: Tensor;
  /**
   * layer 0 forward, layer 0 reverse, layer 1 forward, …; none with `tape: false`, or of more steps than
   * `recomputeSteps`
   */
  layers: LaneTape[];
}

/** ∂L/∂ of what forward returned; nothing where not given. */
export interface OutputGradients {
  output?: Nested;
  hN?: Nested;
  cN?: Nested;
}

/**
 * The total gradients in one layer and direction, [T, B, …]: of the loss at t and everything that t reaches.
 */
export interface LaneGradients {
  layer: number;
  direction: Direction;
  /** ∂L/∂h_t, [T, B, H] */
  dh: Tensor;
  /** ∂L/∂ of what c of the tape holds */
  dc?: Tensor;
  /** ∂L/∂z_t of the gates' pre-activations W_x x_t + …, [T, B, G·H], of an MLSTM G·H + 2 */
  dz: Tensor;
}

/** What backward computed, besides the gradients of the parameters. */
export interface RecurrentGradients {
  /** ∂L/∂x, in the layout of x */
  dx: Tensor;
  /** ∂L/∂h_0, [numLayers · D, B, H] */
  dh0: Tensor;
  dc0?: Tensor;
  /** none of more steps than `recomputeSteps` */
  layers: LaneGradients[];
}

/** The batch that a tape belongs to. */
interface HeldPass {
  pass: Pass;
  /** which batch the pass held; if pass.run has changed since, that batch is lost */
  run: number;
  extent: Extent;
  /** copies of all: backward computes with the parameters as they are */
  parameters: Floats[];
}

/** What the recurrent modules share; the subclass says which cell it is. */
export abstract class RecurrentModule extends Module {
  readonly cell: CellKind;
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly bidirectional: boolean;
  readonly dropout: number;
  readonly recurrentDropout: number;
  readonly batchFirst: boolean;
  readonly biases: 0 | 1 | 2;
  /**
   * the layers in flat memory
   *
   * @internal
   */
  readonly stack: RecurrentStack;
  /** how many dropout masks were drawn: the next one depends on it and on the seed */
  readonly state = { dropoutDraws: 0 };
  readonly #seed: number;
  readonly #held = new WeakMap<RecurrentTape, HeldPass>();

  protected constructor(
    name: string,
    cell: CellKind,
    options: RecurrentDropoutOptions & { projSize?: number },
    ring?: StackSize["ring"],
  ) {
    const size = { ...checkedSize(name, cell, options), ring };
    const { dtype = "float64", seed = 0, batchFirst = false, dropout = 0, recurrentDropout = 0 } = options;
    super(name, dtype, (engine) =>
      uniformParameters(engine, stackParameters(size), { seed, part: "layer", n: size.hiddenSize }),
    );
    this.cell = cell;
    this.inputSize = size.inputSize;
    this.hiddenSize = size.hiddenSize;
    this.numLayers = size.numLayers;
    this.bidirectional = size.bidirectional;
    this.biases = size.biases;
    this.batchFirst = batchFirst;
    this.dropout = dropout;
    this.recurrentDropout = recurrentDropout;
    this.#seed = seed;
    this.stack = new RecurrentStack(name, this.engine, size, this.parameters);
  }

  protected override facts(): (string | false)[] {
    return [
      `${this.inputSize} → ${this.hiddenSize}`,
      this.numLayers > 1 && `${this.numLayers} layers`,
      this.bidirectional && "bidirectional",
      this.dropout > 0 && `dropout ${this.dropout}`,
      this.recurrentDropout > 0 && `recurrent dropout ${this.recurrentDropout}`,
      this.batchFirst && "batchFirst",
    ];
  }

  /** The options that make such a module again, with other initial weights or the same. */
  get options(): RecurrentOptionsOf<RecurrentOptions> {
    const { inputSize, hiddenSize, numLayers, bidirectional, dropout, batchFirst, biases, dtype } = this;
    const seed = this.#seed;
    const others = this.recurrentDropout > 0 && { recurrentDropout: this.recurrentDropout };
    return {
      ...others,
      inputSize,
      hiddenSize,
      numLayers,
      bidirectional,
      dropout,
      batchFirst,
      biases,
      dtype,
      seed,
    };
  }

  /** The elements of an output: H, or P where h is projected; twice as many in two directions. */
  get outputSize(): number {
    return this.stack.outputSize;
  }

  /**
   * The whole batch forward.
   *
   * @param x [T, B, I], [B, T, I] if batchFirst, or [T, I] without a batch: nested arrays or a tensor
   * @throws {TypeError} for what is not an array of numbers, an unknown option, or one that this module does
   *   not take
   * @throws {RangeError} for a wrong shape or a number that is not finite: it says where in the sequence and
   *   the batch
   */
  forward(x: Nested, options: ForwardOptions = {}): RecurrentTape {
    const where = `${this.name}.forward`;
    const { tape: isKept = true } = options;
    checkFlag(where, "tape", isKept);
    const { pass, extent } = this.run(where, x, options);
    const tape = this.#tape(pass, extent, isKept);
    if (isKept) {
      const parameters = this.parameters.map(({ data }) => data.slice());
      this.#held.set(tape, { pass, run: pass.run, extent, parameters });
    }
    return tape;
  }

  /**
   * Backpropagation through time, once after each forward. Adds to the gradients next to the parameters.
   *
   * @throws {Error} when the tape was read already, another batch of its size came since, or a parameter was
   *   changed
   * @throws {TypeError} for a tape that is not of this module, or what is not an array of numbers
   * @throws {RangeError} for a wrong shape or a number that is not finite
   */
  backward(tape: RecurrentTape, gradients: OutputGradients): RecurrentGradients {
    const where = `${this.name}.backward`;
    checkOptions(where, gradients, ["output", "hN", "cN"]);
    const held = this.#held.get(tape);
    if (held === undefined) {
      throw new TypeError(
        `${where}: tape is ${kind(tape)}, but must be what ${this.name}.forward returned with a tape`,
      );
    }
    const { pass, run, extent, parameters } = held;
    if (pass.run !== run) {
      throw new Error(`${where}: tape is of an earlier batch of this size, but must be of the last one`);
    }
    if (!pass.ready) throw new Error(`${where}: tape was read already, but can be read only once`);
    this.parameters.forEach(({ name, data }, index) => {
      if (data.some((value, k) => value !== parameters[index][k])) {
        throw new Error(`${where}: ${name} was changed after forward, but the tape is of the weights before`);
      }
    });
    const { T, B, layout } = extent;
    const unit = { of: "elements", size: this.outputSize, because: "those of an output are" };
    pass.dOutput.fill(0);
    pass.dhN.fill(0);
    pass.dcN.fill(0);
    if (gradients.output !== undefined) {
      const read = new Float64Array(T * B * this.outputSize);
      readNested(where, "output", gradients.output, sequenceAxes(extent, unit), read);
      pass.dOutput.set(read);
    }
    if (gradients.hN !== undefined)
      readNested(where, "hN", gradients.hN, this.#stateAxes(extent, gradients.hN, "h"), pass.dhN);
    if (gradients.cN !== undefined) {
      this.#checkHasC(where, "cN");
      readNested(where, "cN", gradients.cN, this.#stateAxes(extent, gradients.cN, "c"), pass.dcN);
    }
    pass.dx ??= this.engine.allocate(pass.x.length);
    this.stack.backward(pass);
    return { dx: inLayout(extent, pass.dx.slice(), this.inputSize), ...this.gradientsOf(pass, layout) };
  }

  /**
   * What backward left besides ∂L/∂x.
   *
   * @internal
   */
  gradientsOf(pass: Pass, layout: Extent["layout"]): Omit<RecurrentGradients, "dx"> {
    const { T, B, dh0, dc0 } = pass;
    const perStep = (data: Floats) => ({ shape: [T, B, data.length / (T * B)], data: data.slice() });
    return {
      dh0: this.#stateTensor(dh0, layout, B),
      ...(dc0.length > 0 && { dc0: this.#stateTensor(dc0, layout, B) }),
      layers: this.#lanesOf(pass).map(({ layer, direction, recurrence: { dh, dc, gates } }) => ({
        layer,
        direction,
        dh: perStep(dh),
        ...(dc && { dc: perStep(dc) }),
        dz: perStep(gates),
      })),
    };
  }

  /** Forward in flat memory. */
  run(where: string, x: Nested, options: ForwardOptions): { pass: Pass; extent: Extent } {
    checkOptions(where, options, ["lengths", "mask", "h0", "c0", "training", "tape", ...maskNames]);
    const extent = extentOf(where, x, { ...options, batchFirst: this.batchFirst, features: true });
    const pass = this.open(where, extent, options);
    const features = { of: "features", size: this.inputSize, because: "inputSize is" };
    readNested(where, "x", x, sequenceAxes(extent, features), pass.x, paddingOf(extent));
    this.stack.forward(pass);
    return { pass, extent };
  }

  /**
   * The memory for a batch, with its lengths, initial states and dropout, but not yet x.
   *
   * @internal
   */
  open(where: string, extent: Extent, options: ForwardOptions): Pass {
    const { h0, c0, training = false, dropoutMasks, recurrentDropoutMasks: given } = options;
    const pass = this.stack.pass(extent.T, extent.B);
    pass.lengths = extent.lengths;
    pass.h0.fill(0);
    pass.c0.fill(0);
    if (h0 !== undefined) readNested(where, "h0", h0, this.#stateAxes(extent, h0, "h"), pass.h0);
    if (c0 !== undefined) {
      this.#checkHasC(where, "c0");
      readNested(where, "c0", c0, this.#stateAxes(extent, c0, "c"), pass.c0);
    }
    const inner = this.numLayers - 1;
    if (dropoutMasks !== undefined) {
      if (this.dropout === 0) throw new TypeError(`${where}: dropoutMasks is given, but dropout is 0`);
      const came: unknown = dropoutMasks;
      if (!Array.isArray(came) || came.length !== inner) {
        const what = Array.isArray(came) ? `has ${came.length} masks` : `is ${kind(came)}`;
        throw new (Array.isArray(came) ? RangeError : TypeError)(
          `${where}: dropoutMasks ${what}, but ${inner} layers have an output that may be dropped`,
        );
      }
      const unit = { of: "elements", size: this.outputSize, because: "those of an output are" };
      const axes = sequenceAxes(extent, unit);
      pass.masks = this.#maskMemory(pass);
      pass.masks.forEach((mask, layer) => {
        readNested(where, `dropoutMasks[${layer}]`, dropoutMasks[layer], axes, mask);
      });
    } else if (training && this.dropout > 0 && inner > 0) {
      pass.masks = this.#maskMemory(pass);
      for (const mask of pass.masks)
        drawDropoutMask(mask, this.dropout, this.#seed, this.state.dropoutDraws++);
    }
    const p = this.recurrentDropout;
    if (given !== undefined) {
      if (p === 0) throw new TypeError(`${where}: recurrentDropoutMasks is given, but recurrentDropout is 0`);
      pass.hMasks = this.#hMaskMemory(pass);
      readNested(where, "recurrentDropoutMasks", given, this.#stateAxes(extent, given, "h"), pass.hMasks);
    } else if (training && p > 0) {
      pass.hMasks = this.#hMaskMemory(pass);
      drawDropoutMask(pass.hMasks, p, this.#seed, this.state.dropoutDraws++);
    }
    return pass;
  }

  readonly #hMasks = new WeakMap<Pass, Floats>();

  #hMaskMemory(pass: Pass): Floats {
    const found = this.#hMasks.get(pass) ?? this.engine.allocate(pass.h0.length);
    this.#hMasks.set(pass, found);
    return found;
  }

  readonly #masks = new WeakMap<Pass, Floats[]>();

  #maskMemory(pass: Pass): Floats[] {
    const found = this.#masks.get(pass);
    if (found) return found;
    const masks = Array.from({ length: this.numLayers - 1 }, () => this.engine.allocate(pass.output.length));
    this.#masks.set(pass, masks);
    return masks;
  }

  #tape(pass: Pass, extent: Extent, isKept: boolean): RecurrentTape {
    const { T, B, lengths } = pass;
    const H = this.hiddenSize;
    const { hSize: P, cellStateSize: S } = this.stack;
    const last = (width: number, states: (lane: Pass["lanes"][number]) => Floats): Floats => {
      const all = this.engine.allocate(pass.lanes.length * B * width);
      pass.lanes.forEach((lane, place) => {
        for (let b = 0; b < B; b++) {
          const t = lane.direction === "reverse" ? 0 : (lengths?.[b] ?? T) - 1;
          const from = (t * B + b) * width;
          all.set(states(lane).subarray(from, from + width), (place * B + b) * width);
        }
      });
      return all;
    };
    const names: readonly string[] = gateNames[this.cell];
    const [G, rows] = [gateCount[this.cell], gateRows(this.cell, H)];
    const lanes = isKept ? this.#lanesOf(pass) : [];
    return {
      output: inLayout(extent, pass.output.slice(), this.outputSize),
      hN: this.#stateTensor(
        last(P, ({ recurrence }) => recurrence.h),
        extent.layout,
        B,
      ),
      ...(S > 0 && {
        cN: this.#stateTensor(
          last(S, ({ recurrence }) => recurrence.c!),
          extent.layout,
          B,
        ),
      }),
      layers: lanes.map(({ layer, direction, recurrence: { h, c, gates } }) => ({
        layer,
        direction,
        h: { shape: [T, B, P], data: h.slice() },
        ...(c && { c: { shape: [T, B, S], data: c.slice() } }),
        gates: Object.fromEntries(
          names.map((name, gate) => {
            const [first, width] = gate < G ? [gate * H, H] : [G * H + gate - G, 1];
            const data = gates.slice(0, T * B * width);
            for (let row = 0; row < T * B; row++) {
              const from = row * rows + first;
              data.set(gates.subarray(from, from + width), row * width);
            }
            return [name, { shape: [T, B, width], data }];
          }),
        ),
      })),
    };
  }

  /** The lanes that hold all of their steps. */
  #lanesOf({ T, lanes }: Pass): Pass["lanes"] {
    return T <= (this.stack.size.recomputeSteps ?? T) ? lanes : [];
  }

  #stateTensor(data: Floats, layout: Extent["layout"], B: number): Tensor {
    const lanes = this.numLayers * (this.bidirectional ? 2 : 1);
    const width = data.length / (lanes * B);
    const shape = layout === "unbatched" ? [lanes, width] : [lanes, B, width];
    return { shape, data: data.slice() };
  }

  /** The axes of states as a caller gives them. */
  #stateAxes({ B, layout }: Extent, value: Nested, state: "h" | "c"): Axis[] {
    const D = this.bidirectional ? 2 : 1;
    const lanes: Axis = {
      of: "layers",
      size: this.numLayers * D,
      because: D === 1 ? "numLayers is" : "numLayers · 2 directions is",
      at: (k) => ` in layer ${Math.floor(k / D)}${D === 1 ? "" : `, ${k % D ? "reverse" : "forward"}`}`,
    };
    const batch: Axis = { of: "sequences", size: B, because: "the sequences of x are", at: ofSample(B) };
    const unit = stateAxis(this.stack, state);
    // A sequence without a batch may continue from the state that another call returned for a batch of one.
    const axes = layout === "unbatched" && rank(value) < 3 ? [lanes, unit] : [lanes, batch, unit];
    return lanes.size === 1 && rank(value) === axes.length - 1 ? axes.slice(1) : axes;
  }

  #checkHasC(where: string, name: string): void {
    if (this.stack.cellStateSize === 0)
      throw new TypeError(`${where}: ${name} is given, but ${nameOf(this.cell)} has no cell state`);
  }
}

/** The elements of a state. */
export function stateAxis({ size, hSize, cellStateSize: S }: RecurrentStack, state: "h" | "c"): Axis {
  const H = size.hiddenSize;
  if (state === "h" && size.projSize) return { of: "elements", size: hSize, because: "projSize is" };
  if (state === "h" || S === H) return { of: "elements", size: H, because: "hiddenSize is" };
  const because = size.cell === "mlstm" ? "hiddenSize² + hiddenSize + 1 is" : `${S / H} · hiddenSize is`;
  return { of: "elements", size: S, because };
}

function rank(value: unknown): number {
  return extents(value).length;
}

function checkedSize(
  name: string,
  cell: CellKind,
  options: RecurrentDropoutOptions & { projSize?: number },
): StackSize {
  const {
    inputSize,
    hiddenSize,
    projSize = 0,
    numLayers = 1,
    bidirectional = false,
    dropout = 0,
    recurrentDropout = 0,
    biases = 1,
    seed = 0,
    threads = options.dtype === "float32" ? machineThreads() : 1,
    recomputeSteps,
  } = options;
  checkSize(name, "inputSize", inputSize);
  checkSize(name, "hiddenSize", hiddenSize);
  if (!(Number.isInteger(projSize) && projSize >= 0 && projSize < hiddenSize)) {
    throw misfit(name, "projSize", projSize, `an integer from 0 to below hiddenSize ${hiddenSize}`);
  }
  if (cell === "lru" && hiddenSize % 2 > 0) throw misfit(name, "hiddenSize", hiddenSize, "even");
  checkSize(name, "numLayers", numLayers);
  checkSize(name, "threads", threads);
  if (recomputeSteps !== undefined) checkSize(name, "recomputeSteps", recomputeSteps);
  for (const flag of ["bidirectional", "batchFirst"] as const) {
    checkFlag(name, flag, options[flag] ?? false);
  }
  for (const [option, p] of Object.entries({ dropout, recurrentDropout })) {
    if (typeof p === "number" && p >= 0 && p < 1) continue;
    throw misfit(name, option, p, "a probability from 0 to below 1");
  }
  if (dropout > 0 && numLayers === 1) {
    throw new RangeError(`${name}: dropout is ${dropout}, but lies between layers, and numLayers is 1`);
  }
  const [counts, choice] =
    cell === "lru" ? [[0], "0"] : hasWh(cell) ? [[0, 1, 2], "0, 1 or 2"] : [[0, 1], "0 or 1"];
  if (!counts.includes(biases)) throw misfit(name, "biases", biases, choice);
  checkSeed(name, seed);
  const masked = dropout > 0;
  const hasMask = recurrentDropout > 0;
  return {
    cell,
    inputSize,
    hiddenSize,
    ...(projSize > 0 && { projSize }),
    numLayers,
    bidirectional,
    biases,
    masked,
    hasMask,
    threads,
    recomputeSteps,
  };
}

/** For what reads weights or steps as they are: it would not see what `patched` has fixed. */
export function checkNotPatched(where: string, rnn: RecurrentModule): void {
  if (rnn.stack.patch === undefined) return;
  throw new Error(`${where}: the network is patched, but must be as it was: this does not see what is fixed`);
}
