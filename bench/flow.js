// `npm run bench:flow`: what the norms of gradient flow cost compared with the training step (forward,
// backpropagation through time, Adam) that they are taken of, in float32 or, with that argument, float64.
// They take turns in every round; what counts is their ratio, its median over the rounds: the norms alone,
// and with the rows that gradientFlow makes of them. Then what shows more than a mean, all of the step just
// made, whose network keeps what they need: "kept" is how much longer the step takes for that. A second
// argument is the number of rounds.

import { engineFor } from "../dist/src/engine/engine_for.js";
import {
  adamRule,
  gateHistograms,
  gateSaturation,
  gradientFlow,
  gradientQuantiles,
  inputGradients,
  Optimizer,
  unitGradients,
} from "../dist/src/index.js";
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
const more = ["quantiles", "units", "histograms", "saturation", "inputs"];
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
  const [network, plain] = [true, false].map((observe) => {
    const network = new SequenceNetwork({
      rnn: new Layer({ inputSize: I, hiddenSize: H, dtype }),
      head: new Linear({ inputSize: H, outputSize: K, dtype }),
      outputs,
      loss: outputs === "every" ? "crossEntropy" : "meanSquaredError",
      observe,
    });
    return Object.assign(network, { optimizer: new Optimizer(adamRule(), network.parameters) });
  });
  const x = { shape: [T, B, I], data: Float64Array.from({ length: T * B * I }, (_, k) => Math.sin(k * k)) };
  const size = outputs === "every" ? [T, B] : [B];
  const target = (_, k) => (K === 1 ? Math.cos(k) : k % K);
  const y = { shape: size, data: Float64Array.from({ length: size.reduce((a, b) => a * b, 1) }, target) };
  const batch = { x, y };
  const parts = {
    rows: () => gradientFlow(network),
    norms: () => {
      for (const { recurrence, input, h0 } of network.lastPass.pass.lanes) recurrence.flow(input, { h0 });
    },
    quantiles: () => gradientQuantiles(network),
    units: () => unitGradients(network),
    histograms: () => gateHistograms(network),
    saturation: () => gateSaturation(network),
    inputs: () => inputGradients(network),
  };
  const stepOf = (of) =>
    timed(() => {
      of.lossAndGradients(batch);
      of.optimizer.step();
    });
  const rounds = Array.from({ length: count }, (_, round) => {
    const [step, observed] =
      round % 2 ? [plain, network].map(stepOf) : [network, plain].map(stepOf).reverse();
    // Each of them comes first, with colder caches, in half of the rounds.
    const names = round % 2 ? ["rows", "norms"] : ["norms", "rows"];
    const shares = Object.fromEntries([...names, ...more].map((name) => [name, timed(parts[name]) / step]));
    return { kept: observed / step - 1, ...shares };
  });
  const share = (of) => median(rounds.map(of));
  const percent = (value) => (100 * value).toFixed(1);
  const all = share((round) => more.reduce((sum, name) => sum + round[name], round.kept + round.rows));
  return {
    flow: `${["norms", "rows"].map((name) => percent(share((round) => round[name]))).join(", ")} %`,
    more: `${["kept", ...more].map((name) => percent(share((round) => round[name]))).join(" + ")}, all ${percent(all)} %`,
  };
};
const measured = Object.entries(shapes).map(([shape, sizes]) => {
  const [B, T, I, H] = sizes;
  const count = Number(roundsOfAll ?? counts[dtype][shape]);
  const cells = [RNN, GRU, LSTM].map((Layer) => shares(Layer, sizes, count));
  return { name: `${shape}: B ${B}, T ${T}, I ${I}, H ${H}`, cells };
});
for (const [key, title] of [
  ["flow", "norms, with rows"],
  ["more", `kept + ${more.join(" + ")}, all with rows`],
]) {
  console.log(`\n| ${title}, of a training step | RNN | GRU | LSTM |\n|---|--:|--:|--:|`);
  for (const { name, cells } of measured) {
    console.log(`| ${name} | ${cells.map((cell) => cell[key]).join(" | ")} |`);
  }
}
