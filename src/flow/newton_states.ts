// All states of a sequence at once, as the solution of one system of equations, instead of one after the
// other.

import { Matrix } from "ml-matrix";
import type { Chart } from "../charts/chart.js";
import type { FlowChartOptions } from "../charts/jacobians.js";
import { newtonChart } from "../charts/jacobians.js";
import { allFinite } from "../engine/all_finite.js";
import type { AffineStep } from "../numbers/affine_scan.js";
import { affineScan } from "../numbers/affine_scan.js";
import type { Floats, Tensor } from "../numbers/tensor.js";
import { checkCount, checkOptions } from "../numbers/validation.js";
import type { LanePlace, NewtonRow } from "./flow_row.js";
import { SingleSteps } from "./single_steps.js";
import type { FlowBatch, FlowModel, LaneTrajectory, Trajectory } from "./trajectory.js";
import { unpatchedTrajectoryOf } from "./trajectory.js";

export interface NewtonOptions {
  /** the most that are tried; default 100 */
  iterations?: number;
}

/** What was found for one layer and direction. */
export interface NewtonLane extends LanePlace {
  /**
   * "converged": the residual is at most 10⁻¹³, relative to the largest state if that is above 1; "stopped":
   * not yet, after the most iterations; "overflow": the next states are not finite
   */
  outcome: "converged" | "stopped" | "overflow";
  /** h_t after the last iteration, [T, B, H]; zeros beyond a sequence's end */
  h: Tensor;
  /** C_t of an LSTM, [T, B, H] */
  c?: Tensor;
}

export type NewtonStates = NewtonRow[] & {
  lanes: NewtonLane[];
  chart(options?: FlowChartOptions): Chart;
};

const tolerance = 1e-13;

/**
 * Solves s_t − f(s_{t−1}, x_t) = 0 for the states s of all steps at once by Newton's method, from zeros.
 * Where s^k is what iteration k has found, the next one is the solution of
 *
 *     s_t^{k+1} = f(s_{t−1}^k, x_t) + J_t (s_{t−1}^{k+1} − s_{t−1}^k)   with J_t = ∂f/∂s at s_{t−1}^k,
 *
 * which is linear, so that a scan of about 2 log₂ T rounds finds it. s is h, or (h, C) in an LSTM. Every
 * layer and direction is solved for itself, in float64, with the inputs that it has step by step. Near
 * the solution the error is squared in each iteration. At the latest after T iterations only rounding is
 * left. Where states come apart, as in an exploding RNN, it may take that many, and products of Jacobians
 * may overflow before. Lim et al. (2024), "Parallelizing Non-Linear Sequential Models over the Sequence
 * Length" (DEER); Danieli et al. (2025), "ParaRNN".
 *
 * @param model a model of the slides, or a network of unrolled/nn
 * @param batch what the model's `lossAndGradients` takes
 * @returns a row for each iteration, and in `lanes` the states and whether they are a solution
 * @throws {TypeError} when model or batch is neither of these, or the layers are SLSTMs or MLSTMs, whose
 *   Jacobians are not computed
 * @throws {RangeError} for a batch that does not fit the model, iterations that are not a count, or
 *   states that are not finite step by step either
 * @throws {Error} for a network of {@link patched}, whose weights do not say how its states change
 */
export function newtonStates(model: FlowModel, batch: FlowBatch, options: NewtonOptions = {}): NewtonStates {
  const where = "newtonStates";
  checkOptions(where, options, ["iterations"]);
  const { iterations = 100 } = options;
  checkCount(where, "iterations", iterations);
  const trajectory = unpatchedTrajectoryOf(where, model, batch);
  const solved = trajectory.lanes.map((lane) => solve(trajectory, lane, iterations));
  const rows = solved.flatMap((lane) => lane.rows);
  const chart = (chartOptions?: FlowChartOptions) => newtonChart(rows, chartOptions);
  const lanes = solved.map(({ found }) => found);
  // Not enumerable, as in withChart: the rows print and serialise as plain data.
  return Object.defineProperties(rows, { lanes: { value: lanes }, chart: { value: chart } }) as NewtonStates;
}

function solve(
  { pass }: Trajectory,
  { lane, weights }: LaneTrajectory,
  most: number,
): { rows: NewtonRow[]; found: NewtonLane } {
  const { layer, direction, recurrence } = lane;
  const { T, B, H } = recurrence.size;
  const single = new SingleSteps("float64", lane, pass.lengths);
  const next = single.recurrence;
  const S = recurrence.c ? H : 0;
  const [sequentialH, sequentialC] = [single.h.slice(), single.c.slice()];
  single.gather(recurrence.h, sequentialH);
  if (recurrence.c) single.gather(recurrence.c, sequentialC);

  const rows: NewtonRow[] = [];
  let [h, c] = [single.h.slice().fill(0), single.c.slice().fill(0)];
  const ended = (outcome: NewtonLane["outcome"]) => {
    const tensor = (states: Floats): Tensor => {
      const data = new Float64Array(T * B * H);
      single.scatter(states, data);
      return { shape: [T, B, H], data };
    };
    return { rows, found: { layer, direction, outcome, h: tensor(h), ...(S > 0 && { c: tensor(c) }) } };
  };
  for (let iteration = 0; ; iteration++) {
    single.read(h, c);
    single.forward(weights);
    const residual = Math.max(distance(h, next.h), distance(c, next.c ?? c));
    if (!Number.isFinite(residual)) return ended("overflow");
    const error = Math.max(distance(h, sequentialH), distance(c, sequentialC));
    rows.push({ iteration, layer, direction, residual, error });
    if (residual <= tolerance * Math.max(1, largest(h), largest(c))) return ended("converged");
    if (iteration === most) return ended("stopped");
    const [foundH, foundC] = [h.slice(), c.slice()];
    for (const sequence of single.sequences) {
      const steps = sequence.map((n, place): AffineStep => {
        const f = stateAt(next.h, next.c ?? c, n, H);
        if (place === 0) return { v: f };
        const A = single.jacobian(weights, n);
        return { A, v: f.sub(A.mmul(stateAt(h, c, n - 1, H))) };
      });
      affineScan(steps);
      sequence.forEach((n, place) => {
        const s = steps[place].v.to1DArray();
        foundH.set(s.slice(0, H), n * H);
        foundC.set(s.slice(H), n * S);
      });
    }
    if (!allFinite(foundH) || !allFinite(foundC)) return ended("overflow");
    [h, c] = [foundH, foundC];
  }
}

/** (h, C) of row n as a column; C is empty in other cells. */
function stateAt(h: Floats, c: Floats, n: number, H: number): Matrix {
  const part = (states: Floats) => states.subarray(n * H, (n + 1) * H);
  return Matrix.columnVector([...part(h), ...part(c)]);
}

function largest(a: Floats): number {
  let most = 0;
  for (const value of a) most = Math.max(most, Math.abs(value));
  return most;
}

/** max |a − b|, NaN where one is */
function distance(a: Floats, b: Floats): number {
  let most = 0;
  for (let k = 0; k < a.length; k++) most = Math.max(most, Math.abs(a[k] - b[k]));
  return most;
}
