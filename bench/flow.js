// `npm run bench:flow`: what the norms of gradient flow cost beside the training step (forward, backpropagation through time,
// Adam) that they are taken of, in float32 or, with that argument, float64. The two take turns in every round; what counts is
// their ratio, its median over the rounds.
import { engineFor } from "../dist/src/engine/engine.js";
import { adam, gradientFlow, Optimizer } from "../dist/src/index.js";
import { GRU, Linear, LSTM, RNN, SequenceNetwork } from "../dist/src/nn/index.js";

const shapes = {
  small: [16, 50, 8, 32, "last"],
  b: [32, 100, 2, 64, "last"],
  c: [32, 64, 64, 128, "every"],
  d: [64, 100, 128, 256, "last"],
};
const rounds = { float32: { small: 400, b: 60, c: 30, d: 7 }, float64: { small: 100, b: 15, c: 9, d: 3 } };
const median = (values) => values.toSorted((p, q) => p - q)[values.length >> 1];
const timed = (f) => {
  const start = performance.now();
  f();
  return performance.now() - start;
};

const [dtype = "float32"] = process.argv.slice(2);
const engine = engineFor(dtype);
console.log(`${engine.name}, Node ${process.version}`);
const percent = (Layer, [B, T, I, H, outputs], count) => {
  const K = outputs === "every" ? 64 : 1;
  const network = new SequenceNetwork({
    rnn: new Layer({ inputSize: I, hiddenSize: H, dtype }),
    head: new Linear({ inFeatures: H, outFeatures: K, dtype }),
    outputs,
    loss: outputs === "every" ? "crossEntropy" : "meanSquaredError",
  });
  const optimizer = new Optimizer(adam(), network.parameters);
  const x = { shape: [T, B, I], data: Float64Array.from({ length: T * B * I }, (_, k) => Math.sin(k * k)) };
  const size = outputs === "every" ? [T, B] : [B];
  const target = (_, k) => (K === 1 ? Math.cos(k) : k % K);
  const y = { shape: size, data: Float64Array.from({ length: size.reduce((a, b) => a * b, 1) }, target) };
  const ratios = Array.from({ length: count }, () => {
    const step = timed(() => {
      network.lossAndGradients({ x, y });
      optimizer.step();
    });
    return timed(() => gradientFlow(network)) / step;
  });
  return `${(100 * median(ratios)).toFixed(1)} %`;
};
console.log("\n| of a training step | RNN | GRU | LSTM |\n|---|--:|--:|--:|");
for (const [shape, sizes] of Object.entries(shapes)) {
  const [B, T, I, H] = sizes;
  const cells = [RNN, GRU, LSTM].map((Layer) => percent(Layer, sizes, rounds[dtype][shape]));
  console.log(`| ${shape}: B ${B}, T ${T}, I ${I}, H ${H} | ${cells.join(" | ")} |`);
}
