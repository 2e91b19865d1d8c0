// Numerical gradients, against which those derived by hand are checked: only the loss is evaluated.

import type { LayerGradients, RecurrentLayer, Tape } from "./layers/layer.js";
import type { Matrix, Tensor, Vector } from "../numbers/linear_algebra.js";
import { isMatrix, shape } from "../numbers/linear_algebra.js";
import type { Sample, SequenceModel } from "./model.js";
import { samplesOf } from "./model.js";
import { copy, tensors } from "./parameters.js";

/**
 * ∂f/∂a, element by element, by central differences on five points:
 * (f(a−2ε) − 8 f(a−ε) + 8 f(a+ε) − f(a+2ε)) / 12ε, whose error falls with ε⁴.
 *
 * @param f any function of a vector or matrix
 * @param at where to take the gradient
 * @param epsilon the default leaves about 1e-13·|f|, where truncation and rounding are in balance
 * @throws {RangeError} when f is not finite nearby
 */
export function numericalGradient(f: (a: Vector) => number, at: Vector, epsilon?: number): Vector;
export function numericalGradient(f: (a: Matrix) => number, at: Matrix, epsilon?: number): Matrix;
export function numericalGradient<T extends Tensor>(f: (a: T) => number, at: T, epsilon?: number): T;
export function numericalGradient(f: (a: never) => number, at: Tensor, epsilon = 1e-3): Tensor {
  const a = copy(at);
  const alongRow = (row: Vector) =>
    row.map((center, j) => {
      const moved = (steps: number) => {
        row[j] = center + steps * epsilon;
        const value = f(a as never);
        row[j] = center;
        if (!Number.isFinite(value)) {
          throw new RangeError(`numericalGradient: f is ${value} near ${center}, but must be finite`);
        }
        return value;
      };
      return (moved(-2) - moved(2) + 8 * (moved(1) - moved(-1))) / (12 * epsilon);
    });
  return isMatrix(a) ? a.map(alongRow) : alongRow(a);
}

/** One tensor's check. */
export interface GradcheckRow {
  /** such as "layer.f.Wx", "x" or "h0" */
  parameter: string;
  shape: number[];
  /**
   * max |a − n| / max(|a|, |n|) over the tensor: a is the analytic, n the numerical gradient; 0 when both are
   * 0
   */
  maxRelativeError: number;
  /** max |a − n| */
  maxAbsoluteError: number;
}

/**
 * Compares the gradients of a model with numerical ones: of the mean loss with respect to every parameter,
 * and of each sample's loss with respect to its x, h_0 and C_0. Errors below 1e-7 mean that the formulas are
 * right; a wrong one gives 1e-3 or more. A gradient that has vanished below 1e-13 of the loss is lost in the
 * loss's rounding and cannot be checked so.
 *
 * @throws {TypeError} for what is not a sample { x, y }
 * @throws {RangeError} for an empty batch, or a loss that is not finite nearby
 */
export function gradcheck<Layer extends RecurrentLayer>(
  model: SequenceModel<Layer>,
  batch: Sample | Sample[],
): GradcheckRow[] {
  const samples = samplesOf("gradcheck", batch);
  const analytic = new Map(tensors(model.lossAndGradients(samples).gradients));
  const parameters = tensors(model.parameters).map(([path, tensor]) => {
    const loss = (moved: Tensor) => {
      const original = copy(tensor);
      assign(tensor, moved);
      const value = model.loss(samples);
      assign(tensor, original);
      return value;
    };
    return compare(path, analytic.get(path)!, numericalGradient(loss, tensor));
  });
  const inputs = samples.flatMap((sample, index) => {
    const prefix = samples.length === 1 ? "" : `batch[${index}].`;
    const tape = model.forward(sample);
    const { h0, c0 }: Tape = tape.layer;
    const { dx, dh0, dc0 }: LayerGradients = model.backward(tape).layer;
    const lossWith = (change: Partial<Sample>) => model.forward({ ...sample, ...change }).loss;
    return [
      compare(
        `${prefix}x`,
        dx,
        numericalGradient((x) => lossWith({ x }), sample.x),
      ),
      compare(
        `${prefix}h0`,
        dh0,
        numericalGradient((moved) => lossWith({ h0: moved }), h0),
      ),
      ...(c0 && dc0
        ? [
            compare(
              `${prefix}c0`,
              dc0,
              numericalGradient((moved) => lossWith({ c0: moved }), c0),
            ),
          ]
        : []),
    ];
  });
  return [...parameters, ...inputs];
}

function assign(target: Tensor, source: Tensor): void {
  if (isMatrix(target)) target.forEach((row, i) => Object.assign(row, (source as Matrix)[i]));
  else Object.assign(target, source);
}

function compare(parameter: string, analytic: Tensor, numerical: Tensor): GradcheckRow {
  const [a, n] = [analytic, numerical].map((tensor) => tensor.flat());
  const largest = (values: number[]) => values.reduce((m, value) => Math.max(m, Math.abs(value)), 0);
  const maxAbsoluteError = largest(a.map((ai, index) => ai - n[index]));
  const scale = Math.max(largest(a), largest(n));
  return {
    parameter,
    shape: shape(analytic),
    maxRelativeError: scale === 0 ? 0 : maxAbsoluteError / scale,
    maxAbsoluteError,
  };
}
