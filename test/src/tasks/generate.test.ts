// Drawing what comes next: as often as softmax says, the same again with the same seed, and what a network
// has learned to say.

import { describe, expect, test } from "vitest";
import { adamRule, characters, fit, generate } from "../../../src/index.js";
import { Embedding, GRU, Linear, SequenceNetwork } from "../../../src/nn/index.js";

const outputs = "every";

/** A network that says the same logits whatever it reads. */
function constant(logits: readonly number[], embedded = true): SequenceNetwork {
  const K = logits.length;
  const network = new SequenceNetwork({
    ...(embedded && { embedding: new Embedding({ numEmbeddings: K, embeddingDim: 2 }) }),
    rnn: new GRU({ inputSize: embedded ? 2 : K, hiddenSize: 3 }),
    head: new Linear({ inputSize: 3, outputSize: K }),
    outputs,
  });
  const zeros = Array.from({ length: K }, () => [0, 0, 0]);
  network.loadStateDict({ ...network.stateDict(), "head.weight": zeros, "head.bias": [...logits] });
  return network;
}

/** How often each class is drawn, as shares. */
function shares(network: SequenceNetwork, options: Parameters<typeof generate>[2]): number[] {
  const counts = new Array<number>(network.head.outputSize).fill(0);
  for (const index of generate(network, [0], { steps: 20_000, ...options })) counts[index]++;
  return counts.map((count) => count / 20_000);
}

const logits = [0, Math.log(2), Math.log(5)];

describe("classes are drawn as often as softmax(z / temperature) says", () => {
  // Four standard deviations of a share of 20,000 draws are 0.014 at most.
  test.each([
    [1, undefined, [1 / 8, 2 / 8, 5 / 8]],
    [0.5, undefined, [1 / 30, 4 / 30, 25 / 30]],
    [1, 2, [0, 2 / 7, 5 / 7]],
    [1, 1, [0, 0, 1]],
    [0, undefined, [0, 0, 1]],
    [1e9, 99, [1 / 3, 1 / 3, 1 / 3]],
  ])("at temperature %s, of the topK %s", (temperature, topK, expected) => {
    const came = shares(constant(logits), { temperature, ...(topK !== undefined && { topK }) });
    came.forEach((share, k) => {
      expect(Math.abs(share - expected[k])).toBeLessThan(expected[k] % 1 === 0 ? 1e-12 : 0.014);
    });
  });
});

test("the same seed draws the same, another one others", () => {
  const draw = (seed: number) => [...generate(constant(logits), [1, 2], { seed })];
  expect(draw(3)).toHaveLength(100);
  expect(draw(3)).toEqual(draw(3));
  expect(draw(3)).not.toEqual(draw(4));
});

test("a network that has learned a line by heart says it, one-hot or by an embedding", async () => {
  const line = "the quick brown fox jumps over a lazy dog. ";
  for (const oneHot of [false, true]) {
    const data = characters(line.repeat(3), { steps: 40, oneHot });
    const network = new SequenceNetwork({
      ...(!oneHot && { embedding: new Embedding({ numEmbeddings: data.size, embeddingDim: 8 }) }),
      rnn: new GRU({ inputSize: oneHot ? data.size : 8, hiddenSize: 24 }),
      head: new Linear({ inputSize: 24, outputSize: data.size }),
      outputs,
    });
    await fit(network, data.draw, { optimizer: adamRule({ lr: 0.02 }), updates: 300, batchSize: 4 }).finish();
    const drawn = generate(network, data.encode("the quick"), { steps: 34, temperature: 0 });
    expect("the quick" + data.decode([...drawn])).toBe(line);
  }
});

describe("what does not fit is refused before anything is drawn", () => {
  const network = constant(logits);
  test.each<[name: string, call: () => unknown, message: string]>([
    ["no start", () => generate(network, []), "generate: start has no index, but needs at least one"],
    [
      "text",
      () => generate(network, "the" as never),
      "generate: start is a string, but must be an array of indices",
    ],
    [
      "an index beyond",
      () => generate(network, [3]),
      "generate: start contains 3, but must be an integer from 0 to 2",
    ],
    [
      "cold",
      () => generate(network, [0], { temperature: -1 }),
      "generate: temperature is -1, but must be a number of at least 0",
    ],
    [
      "nothing to draw from",
      () => generate(network, [0], { topK: 0 }),
      "generate: topK is 0, but must be a positive integer",
    ],
    [
      "a misspelt option",
      () => generate(network, [0], { topP: 1 } as never),
      'generate: option "topP" is unknown',
    ],
  ])("%s", (_, call, message) => {
    expect(call).toThrow(message);
  });

  test("a network of another loss, and one that reads other things than it says", () => {
    const rnn = () => new GRU({ inputSize: 2, hiddenSize: 3 });
    const head = () => new Linear({ inputSize: 3, outputSize: 3 });
    const forecast = new SequenceNetwork({ rnn: rnn(), head: head(), loss: "meanSquaredError" });
    expect(() => generate(forecast, [0])).toThrow(
      "the network's loss is meanSquaredError, but must be crossEntropy",
    );
    expect(() => generate(new SequenceNetwork({ rnn: rnn(), head: head() }), [0])).toThrow(
      "the network reads 2 features, but must read as many as it has classes, 3",
    );
  });
});
