// One layer in one direction over long sequences, in segments: only h and c are kept of all steps, and
// backward computes each segment again before it goes back through it. Chen et al. (2016), "Training Deep
// Nets with Sublinear Memory Cost", over time.

import type { DType, Floats } from "../numbers/tensor.js";
import { allocate } from "../numbers/tensor.js";
import { cellStateSize } from "./cell_kinds.js";
import { checkArguments, checkGradients, checkInput } from "./checks.js";
import type {
  BackwardOptions,
  FlowSums,
  ForwardOptions,
  Recurrence,
  RecurrenceSize,
  RecurrenceWeights,
  SequenceOptions,
} from "./engine.js";

/** Steps from `start` to before `end`, and what computes as many. */
interface Segment {
  start: number;
  end: number;
  recurrence: Recurrence;
}

const noOptions = {};

export class RecomputedRecurrence implements Recurrence {
  readonly size: Readonly<RecurrenceSize>;
  readonly h: Floats;
  readonly c?: Floats;
  readonly dh: Floats;
  readonly #segments: Segment[];
  readonly #S: number;
  /** at the borders of a segment: the state before it, and the gradient that comes to its last one */
  readonly #ends: Record<"h0" | "dhT" | "dh0" | "c0" | "dcT" | "dc0", Floats>;
  #flow?: FlowSums;

  /**
   * @param steps of a segment; the last one may have fewer
   * @param make what computes a segment
   */
  constructor(dtype: DType, size: RecurrenceSize, steps: number, make: (size: RecurrenceSize) => Recurrence) {
    this.size = { ...size };
    const { cell, T, B, H, P = H } = size;
    const S = (this.#S = cellStateSize(cell, H));
    const whole = make({ ...size, T: Math.min(steps, T) });
    const rest = T % steps === 0 ? whole : make({ ...size, T: T % steps });
    this.#segments = Array.from({ length: Math.ceil(T / steps) }, (_, k) => {
      const [start, end] = [k * steps, Math.min((k + 1) * steps, T)];
      return { start, end, recurrence: end - start === whole.size.T ? whole : rest };
    });
    this.h = allocate(dtype, T * B * P);
    this.dh = allocate(dtype, T * B * P);
    if (S > 0) this.c = allocate(dtype, T * B * S);
    const state = (width: number) => allocate(dtype, B * width);
    this.#ends = {
      ...{ h0: state(P), dhT: state(P), dh0: state(P) },
      ...{ c0: state(S), dcT: state(S), dc0: state(S) },
    };
  }

  get gates(): never {
    return this.#notKept("gates");
  }

  get dc(): never {
    return this.#notKept("gradients of c");
  }

  get keep(): never {
    return this.#notKept("gates");
  }

  #notKept(what: string): never {
    const { T } = this.size;
    const [{ end }] = this.#segments;
    throw new Error(
      `recomputeSteps is ${end}, but must be undefined, or ${T}, to look at the ${what}: of ${T} steps they are not kept`,
    );
  }

  forward(x: Floats, weights: RecurrenceWeights, options: ForwardOptions = noOptions): void {
    checkArguments("forward", this.size, x, weights, options);
    this.#flow = undefined;
    const { H, P = H } = this.size;
    for (const segment of this.#inOrder(options.reverse)) {
      this.#forward(segment, x, weights, options);
      this.#keep(segment, segment.recurrence.h, this.h, P, options.lengths);
      if (this.c) this.#keep(segment, segment.recurrence.c!, this.c, this.#S, options.lengths);
    }
  }

  backward(
    x: Floats,
    weights: RecurrenceWeights,
    gradients: RecurrenceWeights,
    options: BackwardOptions = noOptions,
  ): void {
    checkArguments("backward", this.size, x, weights, options);
    checkGradients(this.size, gradients);
    const { B, I, H, P = H } = this.size;
    const { lengths, reverse = false, dx } = options;
    const ends = this.#ends;
    this.#flow = emptySums(this.size.T);
    ends.dh0.fill(0);
    ends.dc0.fill(0);
    for (const segment of this.#inOrder(!reverse)) {
      const { start, end, recurrence } = segment;
      const within = this.#forward(segment, x, weights, options);
      this.#receive(segment, ends.dhT, ends.dh0, options.dhT, P, options);
      this.#receive(segment, ends.dcT, ends.dc0, options.dcT, this.#S, options);
      recurrence.dh.set(this.dh.subarray(start * B * P, end * B * P));
      lengths?.forEach((length, b) => {
        if (length <= start) recurrence.dh.fill(0, b * P, (b + 1) * P);
      });
      recurrence.backward(within.x, weights, gradients, {
        ...within.options,
        ...ends,
        ...(dx && { dx: dx.subarray(start * B * I, end * B * I) }),
      });
      this.#keep(segment, recurrence.dh, this.dh, P, lengths);
      this.#give(segment, ends.dh0, options.dh0, P, options);
      this.#give(segment, ends.dc0, options.dc0, this.#S, options);
      addSums(this.#flow, start, recurrence.flow(within.x, within.options));
    }
  }

  flow(x: Floats): FlowSums {
    checkInput("flow", this.size, x);
    if (this.#flow === undefined) throw new Error("Recurrence.flow: there was no backward, but must be one");
    return this.#flow;
  }

  /** The segments in the order of reading. */
  #inOrder(reverse = false): Segment[] {
    return reverse ? this.#segments.toReversed() : this.#segments;
  }

  /** Computes a segment from the state before it. Returns what it read. */
  #forward(segment: Segment, x: Floats, weights: RecurrenceWeights, options: SequenceOptions) {
    const { B, I, H, P = H } = this.size;
    const { start, end, recurrence } = segment;
    const { lengths, reverse, h0, c0, hMask } = options;
    this.#enter(segment, this.#ends.h0, this.h, h0, P, options);
    if (this.c) this.#enter(segment, this.#ends.c0, this.c, c0, this.#S, options);
    const own = {
      reverse,
      h0: this.#ends.h0,
      c0: this.#ends.c0,
      ...(hMask && { hMask }),
      // A sequence that has ended reads one step of zeros, which is not kept.
      ...(lengths && {
        lengths: lengths.map((length) => Math.min(Math.max(length, start + 1), end) - start),
      }),
    };
    let read = x.subarray(start * B * I, end * B * I);
    if (lengths?.some((length) => length <= start)) {
      read = read.slice();
      lengths.forEach((length, b) => {
        if (length <= start) read.fill(0, b * I, (b + 1) * I);
      });
    }
    recurrence.forward(read, weights, own);
    return { x: read, options: own };
  }

  /** The state before a segment: the initial one, or that of the step that is read before. */
  #enter(
    { start, end }: Segment,
    into: Floats,
    states: Floats,
    initial: Floats | undefined,
    width: number,
    { lengths, reverse }: SequenceOptions,
  ): void {
    const { T, B } = this.size;
    for (let b = 0; b < B; b++) {
      const isFirst = reverse ? (lengths?.[b] ?? T) <= end : start === 0;
      const before = (reverse ? end : start - 1) * B + b;
      for (let k = 0; k < width; k++) {
        into[b * width + k] = isFirst ? (initial?.[b * width + k] ?? 0) : states[before * width + k];
      }
    }
  }

  /**
   * The gradient that comes to the last state of a segment: from outside where the sequence ends in it, else
   * what the segment that is read after it gave.
   */
  #receive(
    { start, end }: Segment,
    into: Floats,
    given: Floats,
    last: Floats | undefined,
    width: number,
    { lengths, reverse }: SequenceOptions,
  ): void {
    const { T, B } = this.size;
    for (let b = 0; b < B; b++) {
      const length = lengths?.[b] ?? T;
      const isLast = reverse ? start === 0 : length <= end;
      for (let k = b * width; k < (b + 1) * width; k++) {
        if (length <= start) into[k] = 0;
        else into[k] = isLast ? (last?.[k] ?? 0) : given[k];
      }
    }
  }

  /** Where a sequence begins in a segment, the gradient of its initial state is known. */
  #give(
    { start, end }: Segment,
    given: Floats,
    into: Floats | undefined,
    width: number,
    { lengths, reverse }: SequenceOptions,
  ): void {
    if (into === undefined) return;
    const { T, B } = this.size;
    for (let b = 0; b < B; b++) {
      const length = lengths?.[b] ?? T;
      const isFirst = reverse ? length > start && length <= end : start === 0;
      if (isFirst) into.set(given.subarray(b * width, (b + 1) * width), b * width);
    }
  }

  /** Copies what a segment has of all steps; zeros beyond the ends of sequences. */
  #keep({ start, end }: Segment, from: Floats, into: Floats, width: number, lengths?: Int32Array): void {
    const { B } = this.size;
    into.set(from, start * B * width);
    lengths?.forEach((length, b) => {
      for (let t = Math.max(start, length); t < end; t++) {
        into.fill(0, (t * B + b) * width, (t * B + b + 1) * width);
      }
    });
  }
}

const emptySums = (T: number): FlowSums => ({
  h: new Float64Array(T + 1),
  Wx: new Float64Array(T + 1),
  b: new Float64Array(T + 1),
});

/** Places the sums of a segment behind those of the steps before. */
function addSums(all: FlowSums, start: number, sums: FlowSums): void {
  for (const name of ["h", "c", "Wx", "Wh", "b"] as const) {
    const from = sums[name];
    if (from === undefined) continue;
    const into = (all[name] ??= new Float64Array(all.h.length));
    if (start === 0) into[0] = from[0];
    into.set(from.subarray(1), start + 1);
  }
}
