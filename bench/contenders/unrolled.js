// The library as its users have it: an LSTM with a linear head, trained by Adam. Its argument: "one" thread,
// or as many as it takes by itself.

import { Optimizer, adamRule } from "../../dist/src/index.js";
import { LSTM, Linear, SequenceNetwork } from "../../dist/src/nn/index.js";
import { answer, uniform } from "./answer.js";

const threads = process.argv[2] === "one" ? 1 : undefined;

function make({ B, T, I, H, classes }) {
  const everyStep = classes > 0;
  const network = new SequenceNetwork({
    rnn: new LSTM({ inputSize: I, hiddenSize: H, dtype: "float32", threads }),
    head: new Linear({ inputSize: H, outputSize: classes || 1, dtype: "float32" }),
    outputs: everyStep ? "every" : "last",
    loss: everyStep ? "crossEntropy" : "meanSquaredError",
  });
  const optimizer = new Optimizer(adamRule({ lr: 1e-3 }), network.parameters);
  const x = { shape: [T, B, I], data: uniform(T * B * I) };
  const y = everyStep
    ? Array.from({ length: T }, () => Array.from({ length: B }, () => Math.floor(Math.random() * classes)))
    : Array.from({ length: B }, () => [Math.random()]);
  return {
    train() {
      network.lossAndGradients({ x, y });
      optimizer.step();
    },
    infer() {
      network.predict({ x });
    },
  };
}

await answer(make);
