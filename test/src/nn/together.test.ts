// Networks with what is around them: tasks and fit, checkpoints, files of weights.

import { expect, test } from "vitest";
import { adamRule, addingProblem, characters, fit } from "../../../src/index.js";
import { Embedding, GRU, Linear, LSTM, SequenceNetwork } from "../../../src/nn/index.js";
import { readSafetensors, writeSafetensors } from "../../../src/weights/safetensors.js";

test("fit trains an LSTM on the adding problem, below what guessing costs", async () => {
  const task = addingProblem({ steps: 10 });
  const network = new SequenceNetwork({
    rnn: new LSTM({ inputSize: task.inputSize, hiddenSize: 16, dtype: "float32", seed: 1 }),
    head: new Linear({ inputSize: 16, outputSize: task.outputSize, dtype: "float32", seed: 2 }),
    loss: "meanSquaredError",
  });
  const draw = (random: Parameters<typeof task.draw>[0], B: number) => task.draw(random, B);
  const training = fit(network, draw, { optimizer: adamRule({ lr: 0.01 }), updates: 600, batchSize: 32 });
  const rows = await training.finish();
  const last = rows.slice(-50).reduce((sum, { loss }) => sum + loss, 0) / 50;
  expect(last).toBeLessThan(task.baseline / 5);
});

const text = "the quick brown fox jumps over the lazy dog. ".repeat(4);

function characterNetwork(size: number) {
  return new SequenceNetwork({
    embedding: new Embedding({ numEmbeddings: size, embeddingDim: 6, seed: 1 }),
    rnn: new GRU({ inputSize: 6, hiddenSize: 12, numLayers: 2, dropout: 0.2, seed: 2 }),
    head: new Linear({ inputSize: 12, outputSize: size, seed: 3 }),
    outputs: "every",
  });
}

test("training resumed from a checkpoint goes on bit for bit, dropout too", async () => {
  const data = characters(text, { steps: 12 });
  const options = { optimizer: adamRule({ lr: 0.01 }), batchSize: 8, seed: 4 };
  const [whole, half, rest] = [1, 2, 3].map(() => characterNetwork(data.size));
  const rows = await fit(whole, data.draw, { ...options, updates: 12 }).finish();
  expect(rows.at(-1)!.loss).toBeLessThan(rows[0].loss);
  const first = fit(half, data.draw, { ...options, updates: 5 });
  await first.finish();
  const from = JSON.parse(JSON.stringify(first.checkpoint())) as ReturnType<typeof first.checkpoint>;
  await fit(rest, data.draw, { ...options, updates: 12, from }).finish();
  expect(rest.values).toEqual(whole.values);
  expect(rest.state).toEqual(whole.state);
  expect(rest.state.dropoutDraws).toBe(12);
});

test("a network's weights come back from safetensors as they were", () => {
  const data = characters(text, { steps: 12 });
  const [from, to] = [characterNetwork(data.size), characterNetwork(data.size)];
  for (const { data: weights } of from.parameters) for (let k = 0; k < weights.length; k++) weights[k] *= 1.5;
  const x = [[1, 2, 3, 4]];
  expect(to.predict({ x })).not.toEqual(from.predict({ x }));
  to.loadStateDict(readSafetensors(writeSafetensors(from.stateDict())).tensors);
  expect(to.predict({ x })).toEqual(from.predict({ x }));
});
