// A module's threads change its time and nothing else.

import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { packageRoot } from "../../../kernel/package_root.js";
import { gradientFlow } from "../../../src/index.js";
import { GRU, Linear, LSTM, SequenceNetwork } from "../../../src/nn/index.js";
import { numberTensor, relativeError } from "../engine/numbers.js";

const [T, B, I, H] = [24, 8, 12, 160];
const x = numberTensor([T, B, I], 1);
const y = Array.from({ length: B }, (_, b) => b % 3);
const lengths = Array.from({ length: B }, (_, b) => T - b);

function network(threads?: number) {
  const rnn = new LSTM({
    ...{ inputSize: I, hiddenSize: H, numLayers: 2, bidirectional: true, dropout: 0.3 },
    ...{ dtype: "float32", threads },
  });
  return new SequenceNetwork({
    rnn,
    head: new Linear({ inputSize: 2 * H, outputSize: 3, dtype: "float32" }),
  });
}

test("two threads predict what one does, and their gradients are the same to float32's precision", () => {
  const [one, two, again] = [network(1), network(2), network(2)];
  expect(two.predict({ x, lengths })).toEqual(one.predict({ x, lengths }));
  const losses = [one, two, again].map((model) => model.lossAndGradients({ x, y, lengths }));
  expect(losses).toEqual([losses[0], losses[0], losses[0]]);
  expect(relativeError(again.gradients, two.gradients)).toBe(0);
  expect(relativeError(two.gradients, one.gradients)).toBeGreaterThan(0);
  expect(relativeError(two.gradients, one.gradients)).toBeLessThan(1e-6);
  const [ofOne, ofTwo] = [one, two].map((model) => gradientFlow(model));
  expect(ofTwo).toHaveLength(ofOne.length);
  ofTwo.forEach((row, k) => {
    expect(relativeError(numbersOf(row), numbersOf(ofOne[k]))).toBeLessThan(1e-5);
  });
});

const numbersOf = (row: object) =>
  Object.values(row).filter((value): value is number => typeof value === "number");

test("threads are not part of what a module is", () => {
  expect(network(2).rnn.options).toEqual(network(1).rnn.options);
});

test.each([0, -1, 1.5, Infinity])("threads: %s is refused", (threads) => {
  expect(() => new GRU({ inputSize: 1, hiddenSize: 1, threads })).toThrow(
    `GRU: threads is ${threads}, but must be`,
  );
});

test("a program ends although its threads wait", () => {
  const program = `
    import { LSTM } from "./dist/src/nn/index.js";
    const layer = new LSTM({ inputSize: ${I}, hiddenSize: ${H}, dtype: "float32", threads: 3 });
    const x = { shape: [${T}, ${B}, ${I}], data: new Float32Array(${T * B * I}).fill(0.5) };
    console.log(layer.forward(x).output.data.length);`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    cwd: packageRoot,
    encoding: "utf8",
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: `${T * B * H}\n`, stderr: "" });
});
