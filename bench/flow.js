// `npm run bench:flow`: what the norms of gradient flow cost compared with the training step (forward,
// backpropagation through time, Adam) that they are taken of, in float32 or, with that argument, float64.
// They take turns in every round; what counts is their ratio, its median over the rounds: the norms alone,
// and with the rows that gradientFlow makes of them. A second argument is the number of rounds.

import { engineFor } from "../dist/src/engine/engine_for.js";
import { adamRule, gradientFlow, Optimizer } from "../dist/src/index.js";
import { GRU, Linear, LSTM, RNN, SequenceNetwork } from "../dist/src/nn/index.js";

const shapes = {
  tiny: [1, 50, 2, 16, "last"],
  small: [16, 50, 8, 32, "last"],
  b: [32, 100, 2, 64, "last"],
  c: [32, 64, 64, 128, "every"],
  d: [64, 100, 128, 256, "last"],
};
const counts = {
  float32: { tiny: 2000, small: 400, b: 60, c: 30, d: 7 },
  float64: { tiny: 1000, small: 100, b: 15, c: 9, d: 3 },
};
const median = (values) => values.toSorted((p, q) => p - q)[values.length >> 1];
const timed = (f) => {
  const start = performance.now();
  f();
  return performance.now() - start;
};

const [dtype = "float32", roundsOfAll] = process.argv.slice(2);
const engine = engineFor(dtype);
console.log(`${engine.name}, Node ${process.version}`);
const shares = (Layer, [B, T, I, H, outputs], count) => {
  const K = outputs === "every" ? 64 : 1;
  const network = new SequenceNetwork({
    rnn: new Layer({ inputSize: I, hiddenSize: H, dtype }),
    head: new Linear({ inputSize: H, outputSize: K, dtype }),
    outputs,
    loss: outputs === "every" ? "crossEntropy" : "meanSquaredError",
  });
  const optimizer = new Optimizer(adamRule(), network.parameters);
  const x = { shape: [T, B, I], data: Float64Array.from({ length: T * B * I }, (_, k) => Math.sin(k * k)) };
  const size = outputs === "every" ? [T, B] : [B];
  const target = (_, k) => (K === 1 ? Math.cos(k) : k % K);
  const y = { shape: size, data: Float64Array.from({ length: size.reduce((a, b) => a * b, 1) }, target) };
  const parts = {
    rows: () => gradientFlow(network),
    norms: () => {
      for (const { recurrence, input, h0 } of network.lastPass.pass.lanes) recurrence.flow(input, { h0 });
    },
  };
  const rounds = Array.from({ length: count }, (_, round) => {
    const step = timed(() => {
      network.lossAndGradients({ x, y });
      optimizer.step();
    });
    // Each of them comes first, with colder caches, in half of the rounds.
    const names = round % 2 ? ["rows", "norms"] : ["norms", "rows"];
    return Object.fromEntries(names.map((name) => [name, timed(parts[name]) / step]));
  });
  const percent = (part) => (100 * median(rounds.map((round) => round[part]))).toFixed(1);
  return `${percent("norms")}, ${percent("rows")} %`;
};
console.log("\n| norms, with rows, of a training step | RNN | GRU | LSTM |\n|---|--:|--:|--:|");
for (const [shape, sizes] of Object.entries(shapes)) {
  const [B, T, I, H] = sizes;
  const cells = [RNN, GRU, LSTM].map((Layer) =>
    shares(Layer, sizes, Number(roundsOfAll ?? counts[dtype][shape])),
  );
  console.log(`| ${shape}: B ${B}, T ${T}, I ${I}, H ${H} | ${cells.join(" | ")} |`);
}
