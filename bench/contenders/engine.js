// The same by hand on the engine: what the networks around it cost. All parameters are in one arena.

import { engineFor } from "../../dist/src/engine/engine_for.js";
import { adamRule } from "../../dist/src/index.js";
import { answer, uniform } from "./answer.js";

const engine = engineFor("float32");
const rule = adamRule();

function make({ B, T, I, H, classes }) {
  const everyStep = classes > 0;
  const [outputs, rows] = [classes || 1, everyStep ? T * B : B];
  const shapes = { Wx: 4 * H * I, Wh: 4 * H * H, b: 4 * H, W: outputs * H, bias: outputs };
  const size = Object.values(shapes).reduce((sum, length) => sum + length);
  const [arena, gradients, ...slots] = [1, 2, 3, 4].map(() => engine.allocate(size));
  arena.set(uniform(size).map((value) => value / Math.sqrt(H)));
  const views = (from) => {
    let end = 0;
    return Object.fromEntries(
      Object.entries(shapes).map(([name, length]) => [name, from.subarray(end, (end += length))]),
    );
  };
  const [weights, grads] = [views(arena), views(gradients)];
  const recurrence = engine.recurrence({ cell: "lstm", T, B, I, H });
  const x = uniform(T * B * I);
  const y = Float32Array.from({ length: rows }, () => Math.floor(Math.random() * outputs));
  const z = engine.allocate(rows * outputs);
  const { dh } = recurrence;
  // The rows that the head reads: every step, or the last.
  const of = (states) => states.subarray(T * B * H - rows * H);
  const [read, dRead] = [of(recurrence.h), of(dh)];
  let update = 0;

  function infer() {
    recurrence.forward(x, weights);
    for (let row = 0; row < rows; row++) z.set(weights.bias, row * outputs);
    engine.gemm(false, true, rows, outputs, H, read, weights.W, z, true);
  }

  /** z becomes ∂L/∂z of the mean loss. */
  function lossAndGradient() {
    let loss = 0;
    if (!everyStep) {
      for (let row = 0; row < rows; row++) {
        const error = z[row] - y[row];
        loss += error ** 2 / rows;
        z[row] = (2 * error) / rows;
      }
      return loss;
    }
    for (let row = 0, first = 0; row < rows; row++, first += outputs) {
      let largest = -Infinity;
      for (let k = first; k < first + outputs; k++) if (z[k] > largest) largest = z[k];
      let sum = 0;
      const target = z[first + y[row]] - largest;
      for (let k = first; k < first + outputs; k++) sum += z[k] = Math.exp(z[k] - largest);
      const scale = 1 / (sum * rows);
      for (let k = first; k < first + outputs; k++) z[k] *= scale;
      z[first + y[row]] -= 1 / rows;
      loss += (Math.log(sum) - target) / rows;
    }
    return loss;
  }

  return {
    infer,
    train() {
      infer();
      lossAndGradient();
      gradients.fill(0);
      if (!everyStep) dh.fill(0);
      engine.gemm(true, false, outputs, H, rows, z, read, grads.W, false);
      engine.gemm(false, false, rows, H, outputs, z, weights.W, dRead, false);
      for (let k = 0; k < rows * outputs; k++) grads.bias[k % outputs] += z[k];
      recurrence.backward(x, weights, grads);
      rule.update(arena, gradients, slots, ++update, rule.lr);
    },
  };
}

await answer(make);
