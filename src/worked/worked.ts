// Worked solutions: from a network and numbers to every line of the slides, formula → numbers put in →
// result.

import { gates, perGate } from "../slides/cells/lstm.js";
import type { PerGate } from "../slides/cells/lstm.js";
import type { CellParameters, Nonlinearity } from "../slides/cells/rnn.js";
import { nonlinearities } from "../slides/cells/rnn.js";
import type { Language } from "../charts/strings.js";
import type { Matrix, Vector } from "../numbers/linear_algebra.js";
import { zeros } from "../numbers/linear_algebra.js";
import { targetsByStep } from "../slides/model.js";
import { checkTensors } from "../slides/parameters.js";
import {
  checkChoice,
  checkFlag,
  checkOptions,
  checkPositive,
  checkSequence,
  checkVector,
  misfit,
} from "../numbers/validation.js";
import { lstmOutline } from "./lstm.js";
import type { OutlineStep, Shape } from "./outline.js";
import { rnnOutline } from "./rnn.js";
import type { WorkedSolution } from "./solution.js";
import { workedSolution } from "./solution.js";
import type { Givens } from "./solve.js";
import { strings } from "./strings.js";

/** The dense layer, one sequence and its target: what every network of the slides has. */
export interface WorkedData {
  /** W_hy, matrix [K, H] */
  Why: Matrix;
  /** b_y, vector [K] */
  by: Vector;
  /** x_1 … x_T, [T, I] */
  x: Matrix;
  /** the target at t = T, vector [K]; or T targets, null where the step has no loss */
  y: Vector | (Vector | null)[];
  /** h_0, vector [H]; zeros when not given */
  h0?: Vector;
  /** η of the update, default 0.1 as on slide 35 */
  learningRate?: number;
}

/** An RNN with numbers: W_x [H, I], W_h [H, H], b [H]. */
export interface WorkedRnnNetwork extends WorkedData, CellParameters {
  /** default "tanh" */
  nonlinearity?: Nonlinearity;
}

/**
 * An LSTM with numbers: one W_x, W_h and b for all gates to start from, as on slide 35, or those of each
 * gate.
 */
export type WorkedLstmNetwork = WorkedData & {
  /** C_0, vector [H]; zeros when not given */
  c0?: Vector;
} & (
    | (CellParameters & {
        /**
         * true, the default: all gates share W_x, W_h, b, and their gradients add up. false: each has a copy.
         */
        tiedGates?: boolean;
      })
    | (PerGate<CellParameters> & { tiedGates?: false })
  );

export interface WorkedOptions {
  /** of the titles, default "en" */
  language?: Language;
  /**
   * digits after the decimal point, 1 … 60, default 4. From 13 on, and where the numbers are too large for
   * float64 to have these digits, everything is computed with mathjs's BigNumber, 40 digits more than are
   * shown.
   */
  precision?: number;
  /**
   * "exact" (default): only what is shown is rounded. "slide": whatever is written down is rounded half up to
   * `precision` digits and used further as it stands there, as by hand with a pocket calculator; what you
   * give is taken as it is.
   */
  rounding?: "exact" | "slide";
}

/**
 * The worked solution of an LSTM with a dense layer, softmax and cross-entropy: forward pass (slides 36–43),
 * backward pass (44–57) and update (58–59), for any sizes and any number of steps.
 *
 * @example
 * const solution = await workedLstm({ Wx, Wh, b, Why, by, x: [[1, 2], [2, 3]], y: [1, 0] });
 * solution.slide(40); // shown as on the slide
 * solution.value("∂C₁"); // [0.0393…, 0.0260…]
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a shape that does not fit, or a number that is not finite
 */
export async function workedLstm(
  network: WorkedLstmNetwork,
  options: WorkedOptions = {},
): Promise<WorkedSolution> {
  const where = "workedLstm";
  const perGateGiven =
    typeof network === "object" && network !== null && gates.some((gate) => gate in network);
  checkOptions(where, network, [...(perGateGiven ? gates : cellNames), ...dataNames, "c0", "tiedGates"]);
  const { tiedGates = !perGateGiven, c0, ...rest } = network;
  checkFlag(where, "tiedGates", tiedGates);
  if (perGateGiven && tiedGates) {
    throw new RangeError(`${where}: tiedGates is true, but must be false where each gate has parameters`);
  }
  const ofGate = perGate<CellParameters>((gate) =>
    "f" in network ? network[gate] : { Wx: network.Wx, Wh: network.Wh, b: network.b },
  );
  const cells = { ...(tiedGates ? { "": ofGate.f } : ofGate) };
  const { givens, shape, hiddenSize } = checkedNetwork(where, rest, cells);
  if (c0 !== undefined) checkVector(where, "c0", c0, hiddenSize, "b has");
  const zero = zeros(hiddenSize);
  const states = { C_0: c0 ?? zero, [`dCnext_${shape.steps}`]: zero };
  return solution(where, lstmOutline(shape, tiedGates), { ...givens, ...states }, options);
}

/**
 * The worked solution of a plain RNN with a dense layer, softmax and cross-entropy: slides 13–18 with tanh,
 * 21–26 with relu or identity, and the update of slides 58–59.
 *
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a shape that does not fit, or a number that is not finite
 */
export async function workedRnn(
  network: WorkedRnnNetwork,
  options: WorkedOptions = {},
): Promise<WorkedSolution> {
  const where = "workedRnn";
  checkOptions(where, network, [...cellNames, ...dataNames, "nonlinearity"]);
  const { nonlinearity = "tanh", ...rest } = network;
  checkChoice(where, "nonlinearity", nonlinearity, nonlinearities);
  const { Wx, Wh, b } = network;
  const { givens, shape } = checkedNetwork(where, rest, { "": { Wx, Wh, b } });
  return solution(where, rnnOutline(shape, nonlinearity), givens, options);
}

const cellNames = ["Wx", "Wh", "b"];
const dataNames = ["Why", "by", "x", "y", "h0", "learningRate"];

/** Checks what RNN and LSTM have in common, and names it as the outlines do. */
function checkedNetwork(
  where: string,
  { Why, by, x, y, h0, learningRate = 0.1 }: WorkedData,
  cells: Record<string, CellParameters>,
): { givens: Givens; shape: Shape; hiddenSize: number } {
  const parts = Object.entries(cells);
  const dot = (gate: string) => (gate === "" ? "" : `${gate}.`);
  const [firstGate, first] = parts[0];
  checkVector(where, `${dot(firstGate)}b`, first?.b);
  checkVector(where, "by", by);
  const [hiddenSize, classes] = [first.b.length, by.length];
  const inputSize = first.Wx?.[0]?.length ?? 1;
  const expected = { Wx: zeros(hiddenSize, inputSize), Wh: zeros(hiddenSize, hiddenSize), b: first.b };
  const head = { Why: zeros(classes, hiddenSize), by };
  const isTied = firstGate === "";
  checkTensors(
    where,
    "parameter",
    isTied ? { ...first, Why, by } : { ...cells, Why, by },
    isTied ? { ...expected, ...head } : { ...perGate(() => expected), ...head },
  );
  checkSequence(where, x, inputSize);
  if (h0 !== undefined) checkVector(where, "h0", h0, hiddenSize, "b has");
  const perStep = targetsByStep(where, y, x.length);
  const targets = perStep.flatMap((target, k) => (target === null ? [] : [{ t: k + 1, target }]));
  for (const { t, target } of targets) checkVector(where, "y", target, classes, "by has", ` at t = ${t}`);
  checkPositive(where, "learningRate", learningRate);

  const mark = (gate: string) => (gate === "" ? "" : `_${gate}`);
  const parameters = parts.flatMap(([gate, { Wx, Wh, b }]) =>
    Object.entries({ Wx, Wh, b }).map(([name, value]) => [name + mark(gate), value] as const),
  );
  const h0OrZeros = h0 ?? zeros(hiddenSize);
  const givens: Givens = {
    ...Object.fromEntries(parameters),
    Why,
    by,
    eta: learningRate,
    h_0: h0OrZeros,
    // The last step may have no loss; then no gradient comes from it.
    ...(perStep[x.length - 1] === null && { [`dh_${x.length}`]: zeros(hiddenSize) }),
    ...Object.fromEntries(x.map((features, k) => [`x_${k + 1}`, features])),
    ...Object.fromEntries(targets.map(({ t, target }) => [targets.length === 1 ? "y" : `y_${t}`, target])),
  };
  const sums = targets.map(({ target }) => target.reduce((sum, yk) => sum + yk, 0));
  const shape = {
    steps: x.length,
    targets: targets.map(({ t }) => t),
    distributions: sums.every((sum) => Math.abs(sum - 1) < 1e-12),
  };
  return { givens, shape, hiddenSize };
}

async function solution(
  where: string,
  outline: OutlineStep[],
  givens: Givens,
  options: WorkedOptions,
): Promise<WorkedSolution> {
  checkOptions(where, options, ["language", "precision", "rounding"]);
  const { language = "en", precision = 4, rounding = "exact" } = options;
  checkChoice(where, "language", language, Object.keys(strings));
  if (!Number.isInteger(precision) || precision < 1 || precision > 60) {
    throw misfit(where, "precision", precision, "an integer from 1 to 60");
  }
  checkChoice(where, "rounding", rounding, ["exact", "slide"]);
  const { solve } = await import("./solve.js"); // loads mathjs, which takes longer than all the rest of the library
  return workedSolution(where, solve(where, outline, givens, { precision, rounding }), language);
}
