// The mutant hunt: how many of the broken LSTMs a test tells from the right one.

import type { LstmImplementation } from "../lstm_implementation.js";
import { bugs } from "./bugs.js";
import type { Bug } from "./bugs.js";
import { lstmFrom } from "./pieces.js";

/** Accepts an LSTM by returning true or nothing, rejects it by returning false or throwing. */
export type LstmTest = (lstm: LstmImplementation) => boolean | void;

export interface Hunt {
  /** what the test said against the right LSTM; null if it was accepted, as it must be */
  objection: string | null;
  killed: Bug[];
  survivors: Bug[];
}

/**
 * Runs the test on the right LSTM and on every broken one.
 * @throws {TypeError} when it is not a function, or returns anything but true, false or nothing
 */
export function hunt(test: LstmTest): Hunt {
  if (typeof test !== "function") {
    throw new TypeError(`book.mutantHunt: test is ${describe(test)}, but must be a function of an LSTM`);
  }
  const objections = bugs.map(({ lines }) => objectionOf(test, lstmFrom(lines)));
  return {
    objection: objectionOf(test, lstmFrom()),
    killed: bugs.filter((_, k) => objections[k] !== null),
    survivors: bugs.filter((_, k) => objections[k] === null),
  };
}

function objectionOf(test: LstmTest, lstm: LstmImplementation): string | null {
  let answer: unknown;
  try {
    answer = test(lstm);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (answer === true || answer === undefined) return null;
  if (answer === false) return "false";
  throw new TypeError(`book.mutantHunt: test returned ${describe(answer)}, but must return true or false`);
}

function describe(value: unknown): string {
  if (value instanceof Promise) return "a promise";
  if (value === null || typeof value === "number") return String(value);
  return Array.isArray(value) ? "an array" : `a ${typeof value}`;
}
