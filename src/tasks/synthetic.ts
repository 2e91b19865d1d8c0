// The tasks by which recurrent networks have been judged since 1997: each asks for something seen long
// before, the last two for something of every step. Their data are drawn in any number:
// `fit(network, task.draw, …)`.

import type { Random } from "../numbers/random.js";
import { checkOptions, checkSize } from "../numbers/validation.js";
import { counted, withSummary } from "../numbers/summary.js";
import type { SequenceBatch } from "./batch.js";
import { zeroTensor } from "./batch.js";

export interface Task {
  /** I */
  readonly inputSize: number;
  /** K: numbers or classes to predict */
  readonly outputSize: number;
  /** T of every sequence */
  readonly steps: number;
  /** the loss of the best guess that remembers nothing of the sequence */
  readonly baseline: number;
  /** A batch from random numbers, such as {@link randomStream}'s. */
  readonly draw: (random: Random, batchSize: number) => SequenceBatch;
}

/**
 * The adding problem (Hochreiter and Schmidhuber 1997, in the form of Le, Jaitly and Hinton 2015): x_t is a
 * number from U[0, 1) and a mark, 1 at one step of the first half and one of the second, else 0. The target
 * is the sum of the two marked numbers, read at t = T. Squared error; always guessing 1 costs the variance of
 * the sum, 1/6.
 *
 * @param options steps, T ≥ 2
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} when steps is not an integer of at least 2
 */
export function addingProblem(options: { steps: number }): Task {
  checkOptions("addingProblem", options, ["steps"]);
  const { steps } = options;
  checkSteps("addingProblem", steps, 2);
  const half = Math.floor(steps / 2);
  return task("addingProblem", {
    inputSize: 2,
    outputSize: 1,
    steps,
    baseline: 1 / 6,
    draw(random, B) {
      const [x, y] = [zeroTensor(steps, B, 2), zeroTensor(B, 1)];
      for (let b = 0; b < B; b++) {
        for (let t = 0; t < steps; t++) x.data[(t * B + b) * 2] = random.uniform();
        for (const t of [random.below(half), half + random.below(steps - half)]) {
          x.data[(t * B + b) * 2 + 1] = 1;
          y.data[b] += x.data[(t * B + b) * 2];
        }
      }
      return { x, y, batchFirst: false };
    },
  });
}

/**
 * The copy task (Hochreiter and Schmidhuber 1997, in the form of Arjovsky, Shah and Bengio 2016): ten symbols
 * of eight, T − 1 blanks, a signal, ten blanks; the output is blank for T + 10 steps and then the ten
 * symbols. Symbols are 0 … 7, the blank 8, the signal 9; x is one-hot, y the class at every step.
 * Cross-entropy, the mean over the T + 20 steps; knowing when but not what costs 10 ln 8 / (T + 20).
 *
 * @param options delay, the T above
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} when delay is not a positive integer
 */
export function copyTask(options: { delay: number }): Task {
  checkOptions("copyTask", options, ["delay"]);
  const { delay } = options;
  checkSize("copyTask", "delay", delay);
  const [length, alphabet, blank, signal] = [10, 8, 8, 9];
  const steps = delay + 2 * length;
  return task("copyTask", {
    inputSize: alphabet + 2,
    outputSize: alphabet + 2,
    steps,
    baseline: (length * Math.log(alphabet)) / steps,
    draw(random, B) {
      const [x, y] = [zeroTensor(steps, B, alphabet + 2), zeroTensor(steps, B)];
      y.data.fill(blank);
      for (let b = 0; b < B; b++) {
        const symbols = Array.from({ length }, () => random.below(alphabet));
        for (let t = 0; t < steps; t++) {
          const symbol = t < length ? symbols[t] : t === length + delay - 1 ? signal : blank;
          x.data[(t * B + b) * (alphabet + 2) + symbol] = 1;
          if (t >= steps - length) y.data[t * B + b] = symbols[t - steps + length];
        }
      }
      return { x, y, batchFirst: false };
    },
  });
}

/**
 * The temporal order problem (Hochreiter and Schmidhuber 1997, task 6a, as in Pascanu, Mikolov and Bengio
 * 2013): among four symbols that mean nothing, two that do, each A or B, at a step of [T/10, 2T/10) and one
 * of [4T/10, 5T/10). The class is which came in which order: AA 0, AB 1, BA 2, BB 3. x is one-hot: A, B, and
 * the others. Cross-entropy at t = T; guessing costs ln 4 and is wrong three times in four.
 *
 * @param options steps, T ≥ 10
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} when steps is not an integer of at least 10
 */
export function temporalOrder(options: { steps: number }): Task {
  checkOptions("temporalOrder", options, ["steps"]);
  const { steps } = options;
  checkSteps("temporalOrder", steps, 10);
  const [meaning, others] = [2, 4];
  const size = meaning + others;
  const within = (random: Random, from: number, to: number) => {
    const [first, end] = [Math.floor(from * steps), Math.floor(to * steps)];
    return first + random.below(end - first);
  };
  return task("temporalOrder", {
    inputSize: size,
    outputSize: 4,
    steps,
    baseline: Math.log(4),
    draw(random, B) {
      const [x, y] = [zeroTensor(steps, B, size), zeroTensor(B)];
      for (let b = 0; b < B; b++) {
        const symbols = Array.from({ length: steps }, () => meaning + random.below(others));
        for (const t of [within(random, 0.1, 0.2), within(random, 0.4, 0.5)]) {
          symbols[t] = random.below(meaning);
          y.data[b] = 2 * y.data[b] + symbols[t];
        }
        symbols.forEach((symbol, t) => (x.data[(t * B + b) * size + symbol] = 1));
      }
      return { x, y, batchFirst: false };
    },
  });
}

/**
 * Parity (Delétang et al. 2023, "Neural Networks and the Chomsky Hierarchy"): the class is whether the number
 * of ones among T bits is odd. x is one-hot. Cross-entropy at t = T; guessing costs ln 2. Every bit turns the
 * answer, so a state must be tracked: a linear recurrence whose eigenvalues are all positive, such as one of
 * a MinGRU, cannot for every T (Grazzi et al. 2025).
 *
 * @param options steps, T
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} when steps is not a positive integer
 */
export function parity(options: { steps: number }): Task {
  checkOptions("parity", options, ["steps"]);
  checkSize("parity", "steps", options.steps);
  return task("parity", sumOfDigits(options.steps, 2));
}

/**
 * The sum of T digits 0 … m − 1 modulo m (Delétang et al. 2023, without their other operations), which is the
 * class. x is one-hot. Cross-entropy at t = T; guessing costs ln m. Of m = 2 it is {@link parity}.
 *
 * @param options steps, T; modulus, m ≥ 2
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} when steps is not a positive integer, or modulus not an integer of at least 2
 */
export function modularSum(options: { steps: number; modulus: number }): Task {
  const where = "modularSum";
  checkOptions(where, options, ["steps", "modulus"]);
  const { steps, modulus } = options;
  checkSize(where, "steps", steps);
  checkSize(where, "modulus", modulus);
  if (modulus < 2) throw new RangeError(`${where}: modulus is ${modulus}, but must be at least 2`);
  return task(where, sumOfDigits(steps, modulus));
}

function sumOfDigits(steps: number, modulus: number): Task {
  return {
    inputSize: modulus,
    outputSize: modulus,
    steps,
    baseline: Math.log(modulus),
    draw(random, B) {
      const [x, y] = [zeroTensor(steps, B, modulus), zeroTensor(B)];
      for (let b = 0; b < B; b++) {
        for (let t = 0; t < steps; t++) {
          const digit = random.below(modulus);
          x.data[(t * B + b) * modulus + digit] = 1;
          y.data[b] = (y.data[b] + digit) % modulus;
        }
      }
      return { x, y, batchFirst: false };
    },
  };
}

/** The task with its summary. */
function task(name: string, of: Task): Task {
  const { inputSize, outputSize, steps, baseline } = of;
  const facts = [`${inputSize} → ${outputSize}`, counted(steps, "step")];
  return withSummary(of, () => `${name}(${facts.join(", ")}), baseline ${baseline.toPrecision(4)}`);
}

function checkSteps(where: string, steps: number, least: number): void {
  checkSize(where, "steps", steps);
  if (steps < least) throw new RangeError(`${where}: steps is ${steps}, but must be at least ${least}`);
}
