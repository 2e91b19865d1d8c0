// What the Jacobians of the steps show: how much one step can stretch a gradient, how much is left after k of
// them, and how fast neighbouring states come apart or together in the long run.

import { EigenvalueDecomposition, Matrix, QrDecomposition, SingularValueDecomposition } from "ml-matrix";
import type { Chart } from "../charts/chart.js";
import type { FlowChartOptions } from "../charts/jacobians.js";
import { jacobianChart, lyapunovChart, pascanuChart } from "../charts/jacobians.js";
import { classOf } from "../engine/cell_kinds.js";
import { mean } from "../numbers/linear_algebra.js";
import type { JacobianRow, LanePlace, LyapunovRow, PascanuRow } from "./flow_row.js";
import { largestSingularValue, spectralRadius } from "./spectral.js";
import { stepJacobian } from "./step_jacobian.js";
import type { FlowBatch, FlowModel, LaneTrajectory, Trajectory } from "./trajectory.js";
import { stepsOf, unpatchedTrajectoryOf } from "./trajectory.js";
import { withChart } from "./with_chart.js";

export type StepJacobians = JacobianRow[] & { chart(options?: FlowChartOptions): Chart };

/**
 * The singular values and the spectral radius ρ = max |λ| of the step Jacobians J_t = ∂s_t/∂s_{t−1}, for t =
 * 1 … T and every layer and direction. The state s is h, or (h, C) in an LSTM, so that n is H or 2H. One step
 * back a gradient becomes at most the largest singular value times as long, and at least the smallest times.
 *
 * @param model a model of the slides, or a network of unrolled/nn
 * @param batch what the model's `lossAndGradients` takes
 * @throws {TypeError} when model or batch is neither of these
 * @throws {RangeError} for a batch that does not fit the model, or at the first number that is not finite
 */
export function stepJacobians(model: FlowModel, batch: FlowBatch): StepJacobians {
  const trajectory = unpatchedTrajectoryOf("stepJacobians", model, batch);
  const rows = trajectory.lanes.flatMap((lane): JacobianRow[] => {
    const atStep: { singularValues: number[]; radius: number }[][] = [];
    eachSequence(trajectory, lane, (jacobians) => {
      for (const { t, J } of jacobians) {
        (atStep[t] ??= []).push({ singularValues: singularValues(J), radius: spectralRadiusOf(J) });
      }
    });
    return atStep.flatMap((samples, index): JacobianRow[] => {
      const place = { t: index + 1, ...placeOf(lane) };
      return [
        ...samples[0].singularValues.map((_, k) => ({
          ...place,
          quantity: "singularValue" as const,
          index: k + 1,
          value: mean(samples.map((sample) => sample.singularValues[k])),
        })),
        {
          ...place,
          quantity: "spectralRadius" as const,
          index: 1,
          value: mean(samples.map(({ radius }) => radius)),
        },
      ];
    });
  });
  return withChart(rows, (options?: FlowChartOptions) => jacobianChart(rows, options));
}

export type PascanuBound = PascanuRow[] & { chart(options?: FlowChartOptions): Chart };

/**
 * How much of a gradient can be left k steps back in an RNN, next to the theoretical bound: ‖∂h_T/∂h_{T−k}‖₂
 * ≤ (σ_max(W_h) γ)ᵏ with γ = max |φ′| = 1 for tanh, ReLU and the identity (Pascanu, Mikolov and Bengio 2013,
 * section 2.1).
 *
 * @throws {TypeError} when the layers are not RNNs: where there are gates, W_h alone bounds nothing
 */
export function pascanuBound(model: FlowModel, batch: FlowBatch): PascanuBound {
  const trajectory = unpatchedTrajectoryOf("pascanuBound", model, batch);
  const { cell, hiddenSize: H } = trajectory.size;
  if (!cell.startsWith("rnn")) {
    throw new TypeError(
      `pascanuBound: the layers are ${classOf[cell]}s, but must be RNNs, for which the bound holds`,
    );
  }
  const rows = trajectory.lanes.flatMap((lane): PascanuRow[] => {
    const Wh = Array.from({ length: H }, (_, j) => Array.from(lane.weights.Wh.subarray(j * H, (j + 1) * H)));
    const [sigma, rho] = [largestSingularValue(Wh), spectralRadius(Wh)];
    const atLag = productNorms(trajectory, lane);
    const series = {
      actual: (k: number) => mean(atLag[k]),
      bound: (k: number) => sigma ** k,
      reference: (k: number) => rho ** k,
    };
    return Object.entries(series).flatMap(([name, ratio]) =>
      atLag.map((_, k) => ({ k, ...placeOf(lane), series: name as PascanuRow["series"], ratio: ratio(k) })),
    );
  });
  return withChart(rows, (options?: FlowChartOptions) => pascanuChart(rows, options));
}

/**
 * ‖J_T ⋯ J_{T−k+1}‖₂ for every k, of every sample. The product is kept at norm 1 and the logarithm of its
 * norm separately.
 */
function productNorms(trajectory: Trajectory, lane: LaneTrajectory): number[][] {
  const atLag: number[][] = [];
  eachSequence(trajectory, lane, (jacobians) => {
    let product = Matrix.eye(jacobians[0].J.rows);
    let logarithm = 0;
    (atLag[0] ??= []).push(1);
    jacobians.toReversed().forEach(({ J }, index) => {
      product = product.mmul(J);
      const size = product.norm();
      if (size > 0) {
        product.div(size);
        logarithm += Math.log(size);
      }
      (atLag[index + 1] ??= []).push(size > 0 ? singularValues(product)[0] * Math.exp(logarithm) : 0);
    });
  });
  return atLag;
}

export type LyapunovSpectrum = LyapunovRow[] & { chart(options?: FlowChartOptions): Chart };

/**
 * The Lyapunov exponents of every layer and direction along the batch: λ_i = (1/T) Σ_t log |R_t[i, i]| with
 * Q_t R_t = J_t Q_{t−1} by QR and Q_0 = 1 (Benettin et al. 1980; for RNNs Engelken, Wolf and Abbott 2023).
 * λ_1 > 0: neighbouring states come apart, and gradients explode; λ_1 < 0: they come together, and gradients
 * vanish. A sequence should be long enough: the first steps, before Q has turned, count like the others.
 * −Infinity where a direction is lost altogether.
 *
 * @throws {TypeError} when model or batch is neither of these
 * @throws {RangeError} for a batch that does not fit the model, or at the first number that is not finite
 */
export function lyapunovSpectrum(model: FlowModel, batch: FlowBatch): LyapunovSpectrum {
  const trajectory = unpatchedTrajectoryOf("lyapunovSpectrum", model, batch);
  const rows = trajectory.lanes.flatMap((lane): LyapunovRow[] => {
    const samples: number[][] = [];
    eachSequence(trajectory, lane, (jacobians) => {
      const n = jacobians[0].J.rows;
      const logarithms = new Array<number>(n).fill(0);
      let Q = Matrix.eye(n);
      for (const { J } of jacobians) {
        const qr = new QrDecomposition(J.mmul(Q));
        qr.upperTriangularMatrix
          .diagonal()
          .forEach((r, index) => (logarithms[index] += Math.log(Math.abs(r))));
        Q = qr.orthogonalMatrix;
      }
      samples.push(logarithms.map((logarithm) => logarithm / jacobians.length));
    });
    return samples[0]
      .map((_, index) => mean(samples.map((exponents) => exponents[index])))
      .sort((a, b) => b - a)
      .map((exponent, index) => ({ index: index + 1, ...placeOf(lane), exponent }));
  });
  return withChart(rows, (options?: FlowChartOptions) => lyapunovChart(rows, options));
}

/** The Jacobians of each sample of the batch in the order in which the lane reads; t counts from 0. */
function eachSequence(
  trajectory: Trajectory,
  lane: LaneTrajectory,
  read: (jacobians: { t: number; J: Matrix }[]) => void,
): void {
  for (let sample = 0; sample < trajectory.pass.B; sample++) {
    read(
      stepsOf(trajectory.pass, lane.lane, sample).map(({ t, previous }) => ({
        t,
        J: stepJacobian(trajectory, lane, sample, t, previous),
      })),
    );
  }
}

// pascanuBound takes σ_max and ρ of W_h from spectral.ts, which works on plain arrays. Here all singular
// values of many Jacobians are wanted, which a decomposition gives at once; they differ in their last bits.

/** Largest first. */
function singularValues(J: Matrix): number[] {
  const options = { computeLeftSingularVectors: false, computeRightSingularVectors: false };
  return scaled(J, (A) => new SingularValueDecomposition(A, options).diagonal);
}

function spectralRadiusOf(J: Matrix): number {
  const moduli = scaled(J, (A) => {
    const { realEigenvalues, imaginaryEigenvalues } = new EigenvalueDecomposition(A);
    return realEigenvalues.map((real, index) => Math.hypot(real, imaginaryEigenvalues[index]));
  });
  return Math.max(...moduli);
}

/**
 * What grows in proportion with J, computed where no square overflows or underflows: the algorithms would
 * lose digits, or never end.
 */
function scaled(J: Matrix, f: (A: Matrix) => number[]): number[] {
  const size = Math.max(J.max(), -J.min());
  if (size === 0) return new Array<number>(J.rows).fill(0);
  const elements = J.to2DArray().map((row) => row.map((a) => (Math.abs(a / size) < 1e-150 ? 0 : a / size)));
  return f(new Matrix(elements)).map((value) => value * size);
}

function placeOf({ lane: { layer, direction } }: LaneTrajectory): LanePlace {
  return { layer, direction };
}
