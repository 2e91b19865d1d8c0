// `npm run bench:flow`: what the norms of gradient flow cost beside the training step (forward, backpropagation through time,
// Adam) that they are taken of, for an LSTM in float32 and float64. The two take turns in every round; what counts is their
// ratio, its median over the rounds.
import { engineFor } from "../dist/src/engine/engine.js";
import { adam, gradientFlow, Optimizer } from "../dist/src/index.js";
import { Linear, LSTM, SequenceNetwork } from "../dist/src/nn/index.js";

const shapes = { b: [32, 100, 2, 64, "last"], c: [32, 64, 64, 128, "every"], d: [64, 100, 128, 256, "last"] };
const rounds = { float32: { b: 60, c: 30, d: 7 }, float64: { b: 15, c: 9, d: 3 } };
const median = (values) => values.toSorted((p, q) => p - q)[values.length >> 1];
const timed = (f) => {
  const start = performance.now();
  f();
  return performance.now() - start;
};

const [dtype = "float32"] = process.argv.slice(2);
const engine = engineFor(dtype);
console.log(`${engine.name}, Node ${process.version}`);
for (const [shape, [B, T, I, H, outputs]] of Object.entries(shapes)) {
  const K = outputs === "every" ? 64 : 1;
  const network = new SequenceNetwork({
    rnn: new LSTM({ inputSize: I, hiddenSize: H, dtype }),
    head: new Linear({ inFeatures: H, outFeatures: K, dtype }),
    outputs,
    loss: outputs === "every" ? "crossEntropy" : "meanSquaredError",
  });
  const optimizer = new Optimizer(adam(), network.parameters);
  const x = { shape: [T, B, I], data: Float64Array.from({ length: T * B * I }, (_, k) => Math.sin(k * k)) };
  const size = outputs === "every" ? [T, B] : [B];
  const y = { shape: size, data: new Float64Array(size.reduce((a, b) => a * b, 1)) };
  const ratios = Array.from({ length: rounds[dtype][shape] }, () => {
    const step = timed(() => {
      network.lossAndGradients({ x, y });
      optimizer.step();
    });
    return timed(() => gradientFlow(network)) / step;
  });
  console.log(
    `${shape}: B ${B}, T ${T}, I ${I}, H ${H}: ${(100 * median(ratios)).toFixed(1)} % of a training step`,
  );
}
