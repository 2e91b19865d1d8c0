// One layer in one direction over a batch, computed by several threads: each has some of the sequences, with
// memory of its own, and the gradients of the weights are added in the order of the parts. So the same number
// of threads gives the same bits, however busy the machine is.

import type { DType, Floats } from "../../numbers/tensor.js";
import { cellStateSize, gateRows, hasWh, isInputGated, ownWeightsOf } from "../cell_kinds.js";
import { checkArguments, checkGradients, checkInput, checkRecurrenceSize } from "../checks.js";
import type {
  BackwardOptions,
  Engine,
  FlowSums,
  ForwardOptions,
  Recurrence,
  RecurrenceSize,
  RecurrenceWeights,
  SequenceOptions,
} from "../engine.js";
import { multiplications } from "../cell_kinds.js";
import type { Call, Inner, PartMemory, SharedBatch } from "./part.js";
import { endNames, Part, sumNames } from "./part.js";
import type { Task } from "./messages.js";
import type { Thread } from "./threads.js";
import { threads } from "./threads.js";

/** From this many multiplications forward on, a thread of its own pays for a part. */
const leastMultiplications: Record<DType, number> = { float32: 2 ** 22, float64: 2 ** 20 };

/**
 * The recurrence of a size on up to `count` threads: as many as have enough to do.
 *
 * @throws {RangeError} when there is no memory for it
 */
export function threadedRecurrence(engine: Engine, size: RecurrenceSize, count: number): Recurrence {
  const worthwhile = Math.floor(multiplications(size) / leastMultiplications[engine.dtype]);
  const parts = Math.min(count, size.B, worthwhile);
  const others = parts > 1 ? threads(parts - 1) : [];
  if (others.length === 0) return engine.recurrence(size);
  return new ThreadedRecurrence(engine.dtype, size, others);
}

let opened = 0;
const closing = new FinalizationRegistry<() => void>((close) => {
  close();
});
const noOptions = {};

class ThreadedRecurrence implements Recurrence {
  readonly size: Readonly<RecurrenceSize>;
  readonly h: Floats;
  readonly c?: Floats;
  readonly dh: Floats;
  readonly #batch: SharedBatch;
  readonly #number = ++opened;
  readonly #threads: readonly Thread[];
  /** the first is of this thread */
  readonly #memories: readonly PartMemory[];
  readonly #part: Part;
  /** what was read since the last pass */
  readonly #read = new Map<Inner, { into: Floats; isFresh: boolean }>();

  constructor(dtype: DType, size: RecurrenceSize, others: readonly Thread[]) {
    checkRecurrenceSize(size);
    this.size = { ...size };
    this.#threads = others;
    this.#batch = sharedBatch(dtype, this.size);
    const { h, c, dh } = this.#batch;
    this.h = h;
    this.c = c;
    this.dh = dh;
    const parts = others.length + 1;
    const start = (part: number) => Math.floor((size.B * part) / parts);
    this.#memories = Array.from({ length: parts }, (_, part) => ({
      from: start(part),
      to: start(part + 1),
      gradients: sharedWeights(dtype, size),
      sums: new Float64Array(new SharedArrayBuffer(8 * sumNames.length * (size.T + 1))),
    }));
    const number = this.#number;
    closing.register(this, () => {
      for (const thread of others) thread.send(number, { do: "close" });
    });
    const batch = this.#batch;
    const waits = others.map((thread, index) =>
      thread.send(number, { do: "open", batch, memory: this.#memories[index + 1] }),
    );
    this.#part = new Part(batch, this.#memories[0]);
    for (const wait of waits) wait();
  }

  get gates(): Floats {
    return this.#inner("gates", gateRows(this.size.cell, this.size.H));
  }

  get dc(): Floats | undefined {
    const { cell, H } = this.size;
    return this.c && this.#inner("dc", cellStateSize(cell, H));
  }

  get keep(): Floats | undefined {
    return isInputGated(this.size.cell) ? this.#inner("keep", this.size.H) : undefined;
  }

  forward(x: Floats, weights: RecurrenceWeights, options: ForwardOptions = noOptions): void {
    checkArguments("forward", this.size, x, weights, options);
    const batch = this.#batch;
    batch.x.set(x);
    if (options.sameWeights !== true) {
      batch.weights.Wx.set(weights.Wx);
      batch.weights.Wh.set(weights.Wh);
      batch.weights.b.set(weights.b);
      for (const { name } of ownWeightsOf(this.size.cell, this.size.P)) {
        const own = weights[name];
        if (own) batch.weights[name]!.set(own);
        else batch.weights[name]!.fill(0);
      }
    }
    const call = this.#call(options);
    this.#everywhere({ do: "forward", call }, (part) => {
      part.forward(call);
    });
    this.#forget();
  }

  backward(
    x: Floats,
    weights: RecurrenceWeights,
    gradients: RecurrenceWeights,
    options: BackwardOptions = noOptions,
  ): void {
    checkArguments("backward", this.size, x, weights, options);
    checkGradients(this.size, gradients);
    const batch = this.#batch;
    const call = this.#call(options);
    this.#everywhere({ do: "backward", call }, (part) => {
      part.backward(call);
    });
    this.#forget();
    for (const memory of this.#memories) {
      const own = ownWeightsOf(this.size.cell, this.size.P).map(({ name }) => name);
      for (const name of ["Wx", "Wh", "b", ...own] as const) add(memory.gradients[name], gradients[name]);
    }
    options.dx?.set(batch.dx);
    options.dh0?.set(batch.ends.dh0);
    if (this.c) options.dc0?.set(batch.ends.dc0);
  }

  flow(x: Floats, options: Pick<SequenceOptions, "h0" | "lengths"> = noOptions): FlowSums {
    checkInput("flow", this.size, x);
    const call = this.#call(options);
    const own = this.#everywhere({ do: "flow", call }, (part) => part.flow(call));
    const steps = this.size.T + 1;
    const total = (index: number) => {
      const sum = new Float64Array(steps);
      for (const { sums } of this.#memories) add(sums.subarray(index * steps, (index + 1) * steps), sum);
      return sum;
    };
    const sums: Partial<FlowSums> = {};
    sumNames.forEach((name, index) => {
      if (own[name]) sums[name] = total(index);
    });
    return sums as FlowSums;
  }

  /** What a call reads is placed where all threads see it. */
  #call(options: BackwardOptions & ForwardOptions): Call {
    const { ends, lengths } = this.#batch;
    const given = endNames.filter((name) => options[name] !== undefined && ends[name].length > 0);
    for (const name of given) ends[name].set(options[name]!);
    if (options.lengths) lengths.set(options.lengths);
    return {
      ends: given,
      hasLengths: options.lengths !== undefined,
      reverse: options.reverse ?? false,
      sameWeights: options.sameWeights ?? false,
      hasDx: options.dx !== undefined,
    };
  }

  /** All threads at a time; this one computes its own part. */
  #everywhere<Result>(task: Task, compute: (part: Part) => Result): Result {
    const waits = this.#threads.map((thread) => thread.send(this.#number, task));
    try {
      return compute(this.#part);
    } finally {
      for (const wait of waits) wait();
    }
  }

  #forget(): void {
    for (const held of this.#read.values()) held.isFresh = false;
  }

  #inner(name: Inner, width: number): Floats {
    const { T, B } = this.size;
    const held = this.#read.get(name) ?? {
      into: sharedFloats(this.#batch.dtype, T * B * width),
      isFresh: false,
    };
    this.#read.set(name, held);
    if (!held.isFresh) {
      const { into } = held;
      this.#everywhere({ do: "read", name, into }, (part) => {
        part.read(name, into);
      });
      held.isFresh = true;
    }
    return held.into;
  }
}

function add(from: Floats | undefined, into: Floats | undefined): void {
  if (from && into) for (let k = 0; k < into.length; k++) into[k] += from[k];
}

function sharedFloats(dtype: DType, length: number): Floats {
  return dtype === "float64"
    ? new Float64Array(new SharedArrayBuffer(8 * length))
    : new Float32Array(new SharedArrayBuffer(4 * length));
}

function sharedWeights(dtype: DType, { cell, I, H, P }: RecurrenceSize): RecurrenceWeights {
  const rows = gateRows(cell, H);
  return {
    Wx: sharedFloats(dtype, rows * I),
    Wh: sharedFloats(dtype, hasWh(cell) ? rows * (P ?? H) : 0),
    b: sharedFloats(dtype, rows),
    ...Object.fromEntries(
      ownWeightsOf(cell, P).map(({ name, blocks }) => [name, sharedFloats(dtype, blocks * H)]),
    ),
  };
}

function sharedBatch(dtype: DType, size: RecurrenceSize): SharedBatch {
  const { cell, T, B, I, H, P = H } = size;
  const S = cellStateSize(cell, H);
  const perStep = (width: number) => sharedFloats(dtype, T * B * width);
  const widths = { h0: P, c0: S, dhT: P, dcT: S, dh0: P, dc0: S, hMask: size.hasMask ? P : 0 };
  return {
    dtype,
    size,
    x: perStep(I),
    h: perStep(P),
    ...(S > 0 && { c: perStep(S) }),
    dh: perStep(P),
    dx: perStep(I),
    weights: sharedWeights(dtype, size),
    ends: Object.fromEntries(
      endNames.map((name) => [name, sharedFloats(dtype, B * widths[name])]),
    ) as SharedBatch["ends"],
    lengths: new Int32Array(new SharedArrayBuffer(4 * B)),
  };
}
