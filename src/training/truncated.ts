// Truncated backpropagation through time: an update every k1 steps of a long sequence, by gradients that go
// k2 steps back, while the state carries over from one piece to the next (Williams and Peng 1990, BPTT(h;
// h′); Sutskever 2013).

import type { Nested, NestedArray } from "../nn/nested.js";
import { extents, isTensor, shapeText } from "../nn/nested.js";
import type { Tensor } from "../numbers/tensor.js";
import type { SequenceBatch } from "../tasks/batch.js";
import { checkOptions, checkSize, kind } from "../numbers/validation.js";
import type { TrainableNetwork } from "./trainable_network.js";

/** A stretch of a long batch. */
export interface BatchWindow {
  x: Tensor;
  /** null at the steps that the window before has counted */
  y: Nested;
  /** time-major, independent of the network's own layout */
  batchFirst: false;
  /** whether a new sequence begins here, from the initial state */
  first: boolean;
  /** after how many of its steps the next window begins; 0 where it begins where this one does */
  next: number;
  /** how many steps its loss counts, the last ones */
  counted: number;
}

/**
 * Cuts a batch, or several one after the other, into windows: each ends k1 steps after the one before and
 * looks k2 steps back. Its loss counts the last k1 steps alone, so that every step is counted once; the k2 −
 * k1 steps before only carry the gradients. With k1 = k2 it is a cut without overlap, with both as long as
 * the sequence no truncation at all.
 *
 * @param batches with a target for each step, y [T, B] or [T, B, K]; in nested arrays, as {@link stack} makes
 *   them, null where one is missing
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} when k2 is less than k1, or a batch has no target for each step or sequences of
 *   several lengths
 */
export function truncate(
  batches: SequenceBatch<Nested> | readonly SequenceBatch<Nested>[],
  options: { k1: number; k2: number },
): BatchWindow[] {
  checkOptions("truncate", options, ["k1", "k2"]);
  const { k1, k2 } = options;
  checkSize("truncate", "k1", k1);
  checkSize("truncate", "k2", k2);
  if (k2 < k1) throw new RangeError(`truncate: k2 is ${k2}, but must be at least k1, ${k1}`);
  return [batches].flat().flatMap(({ x, y, lengths }: SequenceBatch<Nested>): BatchWindow[] => {
    if (lengths !== undefined) {
      throw new RangeError("truncate: the batch has lengths, but its sequences must be of one length");
    }
    const [T, B] = x.shape;
    const shape = extents(y);
    if (shape[0] !== T || shape[1] !== B) {
      const came = shape.length === 0 ? kind(y) : shapeText(shape);
      throw new (shape.length === 0 ? TypeError : RangeError)(
        `truncate: y is ${came}, but needs a target for each step, [${T}, ${B}] or [${T}, ${B}, K]`,
      );
    }
    return Array.from({ length: Math.ceil(T / k1) }, (_, n): BatchWindow => {
      const startOf = (window: number) => Math.max(0, Math.min(T, (window + 1) * k1) - k2);
      const [start, end] = [startOf(n), Math.min(T, (n + 1) * k1)];
      const counted = n * k1 - start;
      const targets: Nested = isTensor(y)
        ? steps(y, start, end)
        : (y as readonly NestedArray[]).slice(start, end);
      return {
        x: steps(x, start, end),
        y: counted === 0 ? targets : uncounted(targets, counted),
        batchFirst: false,
        first: n === 0,
        next: end === T ? 0 : startOf(n + 1) - start,
        counted: end - n * k1,
      };
    });
  });
}

/**
 * A network whose state can be carried on: h0 and c0 [layers, B, H] come with a batch, and are read after any
 * step.
 */
export interface StatefulNetwork<Batch> extends TrainableNetwork<Batch> {
  /**
   * The states after the given number of steps of the last batch that {@link loss} or {@link
   * lossAndGradients} saw.
   */
  statesAfter(steps: number): { h0: Tensor; c0?: Tensor };
}

/**
 * The network with its state carried from window to window: `fit(carryState(network), { batches: truncate(…)
 * }, …)`. The states that are carried were computed with the weights of their time and are constants to the
 * gradient, as after PyTorch's detach(). They are part of a checkpoint. The loss of all windows of a stream,
 * as in `validation: truncate(…)`, is their mean over the steps; it starts from the stream's own beginning
 * and leaves the state of training alone.
 *
 * @throws {TypeError} when network has no `statesAfter`; in training, when a batch is several windows
 */
export function carryState<Batch>(
  network: StatefulNetwork<Batch>,
): TrainableNetwork<BatchWindow | readonly BatchWindow[]> {
  if (typeof (network as Partial<typeof network>).statesAfter !== "function") {
    throw new TypeError(
      `carryState: network is ${kind(network)}, but must have statesAfter, as a SequenceNetwork`,
    );
  }
  const carried: CarriedState = { h0: [], c0: [], shape: [] };
  const inner = network.state ?? {};
  const state = Object.defineProperties(
    carried,
    Object.fromEntries(
      Object.keys(inner).map((key) => [
        key,
        {
          enumerable: true,
          get: () => inner[key],
          set: (value: number) => {
            inner[key] = value;
          },
        },
      ]),
    ),
  );
  const batchOf = ({ x, y, batchFirst, first }: BatchWindow, { h0, c0, shape }: CarriedState) => {
    const given = (numbers: number[]) =>
      !first && numbers.length > 0 ? { shape, data: Float64Array.from(numbers) } : undefined;
    const [h, c] = [given(h0), given(c0)];
    return { x, y, batchFirst, ...(h && { h0: h }), ...(c && { c0: c }) } as Batch;
  };
  /** After a window, what the next one starts from. */
  const carry = ({ next, first }: BatchWindow, into: CarriedState): void => {
    if (next > 0) {
      const { h0, c0 } = network.statesAfter(next);
      into.shape = [...h0.shape];
      into.h0 = [...h0.data];
      into.c0 = c0 ? [...c0.data] : [];
    } else if (first) [into.h0, into.c0] = [[], []];
  };
  return {
    parameters: network.parameters,
    state,
    loss(given) {
      if (!isStream(given)) return network.loss(batchOf(given, state));
      const own: CarriedState = { h0: [], c0: [], shape: [] };
      let [sum, steps] = [0, 0];
      for (const window of given) {
        sum += window.counted * network.loss(batchOf(window, own));
        steps += window.counted;
        carry(window, own);
      }
      return sum / steps;
    },
    lossAndGradients(window) {
      if (isStream(window)) {
        throw new TypeError(
          "carryState: the batch is several windows, but must be one, an update: give them as { batches }",
        );
      }
      const loss = network.lossAndGradients(batchOf(window, state));
      carry(window, state);
      return loss;
    },
  };
}

type CarriedState = Record<"h0" | "c0" | "shape", number[]>;

const isStream = (given: BatchWindow | readonly BatchWindow[]): given is readonly BatchWindow[] =>
  Array.isArray(given);

function steps({ shape, data }: Tensor, from: number, to: number): Tensor {
  const step = data.length / shape[0];
  return { shape: [to - from, ...shape.slice(1)], data: data.slice(from * step, to * step) };
}

/** Nested arrays [T, B, …] with null instead of the first targets. */
function uncounted(targets: Nested, count: number): Nested {
  if (!isTensor(targets)) {
    return (targets as readonly ArrayLike<unknown>[]).map((step, t) =>
      t < count ? Array.from(step, () => null) : step,
    ) as Nested;
  }
  const { shape, data } = targets;
  const [T, B] = shape;
  const K = data.length / (T * B);
  return Array.from({ length: T }, (_, t) =>
    Array.from({ length: B }, (_, b) => {
      const at = (t * B + b) * K;
      if (t < count) return null;
      return K === 1 ? data[at] : Array.from(data.subarray(at, at + K));
    }),
  ) as Nested;
}
