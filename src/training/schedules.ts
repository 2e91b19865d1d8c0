// Learning rates that change while training: a schedule gives the factor by which the optimiser's η is
// multiplied.

import { checkCount, checkOptions, checkSize, kind, misfit } from "../numbers/validation.js";

/** The state that a schedule keeps: plain numbers, so that training can be resumed. */
export type ScheduleState = Record<string, number>;

export interface Schedule {
  /** The factor of update n = 0, 1, …. */
  factor(n: number, state: ScheduleState): number;
  /** the state before the first update; none where not given */
  readonly initial?: ScheduleState;
  /** Takes note of the loss after an epoch: the loss of the validation data, if there are any. */
  observe?(state: ScheduleState, loss: number): void;
}

/**
 * factorᵏ after k times `every` updates. PyTorch's StepLR; with `every` 1, ExponentialLR.
 *
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a value out of its range
 */
export function stepDecay(options: { every: number; factor: number }): Schedule {
  checkOptions("stepDecay", options, ["every", "factor"]);
  const { every, factor } = options;
  checkSize("stepDecay", "every", every);
  checkFraction("stepDecay", "factor", factor);
  return { factor: (n) => factor ** Math.floor(n / every) };
}

/**
 * lowest + (1 − lowest)(1 + cos(π n / updates)) / 2 up to n = updates, then `lowest`. PyTorch's
 * CosineAnnealingLR with eta_min = lowest · η, but without its way back up.
 *
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a value out of its range
 */
export function cosineDecay(options: { updates: number; lowest?: number }): Schedule {
  checkOptions("cosineDecay", options, ["updates", "lowest"]);
  const { updates, lowest = 0 } = options;
  checkSize("cosineDecay", "updates", updates);
  checkFraction("cosineDecay", "lowest", lowest);
  return {
    factor: (n) => lowest + ((1 - lowest) * (1 + Math.cos((Math.PI * Math.min(n, updates)) / updates))) / 2,
  };
}

const constant: Schedule = { factor: () => 1 };

/**
 * From `start` in a straight line up to 1 at n = updates; `then` begins there, with its own n = 0. PyTorch's
 * LinearLR, followed by another schedule as in SequentialLR.
 *
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a value out of its range
 */
export function warmUp(options: { updates: number; start?: number; then?: Schedule }): Schedule {
  checkOptions("warmUp", options, ["updates", "start", "then"]);
  const { updates, start = 0, then = constant } = options;
  checkSize("warmUp", "updates", updates);
  checkFraction("warmUp", "start", start);
  checkSchedule("warmUp", "then", then);
  return {
    ...then,
    factor: (n, state) =>
      n < updates ? start + ((1 - start) * n) / updates : then.factor(n - updates, state),
  };
}

/**
 * Multiplies by `factor` when the loss of more than `patience` epochs in a row was no better than (1 −
 * threshold) times the best before, and never goes below `lowest`. PyTorch's ReduceLROnPlateau with mode
 * "min", threshold_mode "rel".
 *
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a value out of its range
 */
export function reduceOnPlateau(
  options: { factor?: number; patience?: number; threshold?: number; lowest?: number } = {},
): Schedule {
  checkOptions("reduceOnPlateau", options, ["factor", "patience", "threshold", "lowest"]);
  const { factor = 0.1, patience = 10, threshold = 1e-4, lowest = 0 } = options;
  checkFraction("reduceOnPlateau", "factor", factor);
  checkFraction("reduceOnPlateau", "threshold", threshold);
  checkFraction("reduceOnPlateau", "lowest", lowest);
  checkCount("reduceOnPlateau", "patience", patience);
  return {
    initial: { factor: 1, best: 0, seen: 0, badEpochs: 0 },
    factor: (_, state) => state.factor,
    observe(state, loss) {
      if (state.seen === 0 || loss < state.best * (1 - threshold)) {
        state.best = loss;
        state.badEpochs = 0;
      } else state.badEpochs++;
      state.seen++;
      if (state.badEpochs > patience) {
        state.factor = Math.max(lowest, state.factor * factor);
        state.badEpochs = 0;
      }
    },
  };
}

export function checkSchedule(where: string, name: string, schedule: unknown): void {
  if (typeof (schedule as Partial<Schedule> | null)?.factor === "function") return;
  throw new TypeError(
    `${where}: ${name} is ${kind(schedule)}, but must be a schedule such as cosineDecay({ updates: 100 })`,
  );
}

function checkFraction(where: string, name: string, value: number): void {
  if (!(typeof value === "number" && value >= 0 && value <= 1)) {
    throw misfit(where, name, value, "a number from 0 to 1");
  }
}
