// The README's example, as a reader would paste it into a cell.

import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../kernel/package_root.js";
import { readOnnx, readSafetensors } from "../src/weights/index.js";
import { useKernel } from "./support/kernel.js";

const kernel = useKernel();

type Outputs = Awaited<ReturnType<typeof kernel.client.execute>>["outputs"];
const printed = (outputs: Outputs) =>
  outputs.map((output) => (output.output_type === "stream" ? output.text : "")).join("");

test("draws the gradient flow of a model", async () => {
  const readme = readFileSync(join(packageRoot, "README.md"), "utf8");
  const [, code] = /```ts\n(.*?)```/s.exec(readme)!;
  const { error, outputs } = await kernel.client.execute(code);
  expect(error).toBeUndefined();
  const shown = outputs.flatMap((output) => (output.output_type === "execute_result" ? [output.data] : []));
  expect(Object.keys(shown[0])).toEqual(
    expect.arrayContaining(["application/vnd.vegalite.v5+json", "image/png"]),
  );
  // The picture's alt text in the README says the same in round numbers.
  expect(shown[0]["text/plain"]).toContain("1.23e-9 at t = 0, 0.441 at t = 40");
});

test("the Korean README draws it too, in Korean", async () => {
  const readme = readFileSync(join(packageRoot, "README.ko.md"), "utf8");
  const [, code] = /```ts\n(.*?)```/s.exec(readme)!;
  const { error, outputs } = await kernel.client.execute(code);
  expect(error).toBeUndefined();
  const shown = outputs.flatMap((output) => (output.output_type === "execute_result" ? [output.data] : []));
  expect(shown[0]["text/plain"]).toMatch(/은닉 상태/);
});

test("draws the gradient flow of a network of unrolled/nn", async () => {
  const readme = readFileSync(join(packageRoot, "README.md"), "utf8");
  const [section] = /### Networks for work.*?(?=\n### )/s.exec(readme)!;
  const [code, whatIf, stream] = [...section.matchAll(/```ts\n(.*?)```/gs)].map(([, block]) => block);
  const charts: unknown[] = [];
  for (const block of [code, whatIf]) {
    const { error, outputs } = await kernel.client.execute(block);
    expect(error).toBeUndefined();
    const shown = outputs.flatMap((output) => (output.output_type === "execute_result" ? [output.data] : []));
    expect(Object.keys(shown[0])).toContain("application/vnd.vegalite.v5+json");
    expect(shown[0]["text/plain"]).toContain("hidden state, layer 1: ");
    charts.push(shown[0]["text/plain"]);
  }
  expect(charts[1]).not.toBe(charts[0]);
  const streamed = await kernel.client.execute(stream);
  expect(streamed.error).toBeUndefined();
  expect(JSON.stringify(streamed.outputs)).toContain("Float64Array(2)");
});

test("draws what the recurrences of today keep of a gradient", async () => {
  const readme = readFileSync(join(packageRoot, "README.md"), "utf8");
  const [section] = /### Recurrences of today.*?(?=\n### )/s.exec(readme)!;
  const codes = [...section.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);
  expect(codes.map((code) => /new (\w+)\(\{ inputSize/.exec(code)![1])).toEqual([
    "MinGRU",
    "SLSTM",
    "MLSTM",
    "LRU",
    "GRU",
  ]);
  for (const code of codes) {
    const { error, outputs } = await kernel.client.execute(code);
    expect(error).toBeUndefined();
    const shown = outputs.flatMap((output) => (output.output_type === "execute_result" ? [output.data] : []));
    expect(Object.keys(shown[0])).toContain("application/vnd.vegalite.v5+json");
  }
});

test("takes a model from PyTorch and gives it back", async () => {
  const readme = readFileSync(join(packageRoot, "README.md"), "utf8");
  const [, code, whole] = /### Weights from elsewhere.*?```ts\n(.*?)```.*?```ts\n(.*?)```/s.exec(readme)!;
  const vectors = join(packageRoot, "test", "vectors", "weights");
  const folder = mkdtempSync(join(tmpdir(), "readme-"));
  const written = join(folder, "model.safetensors");
  const here = code
    .replace('"model.pt"', JSON.stringify(join(vectors, "lstm.pt")))
    .replace('"model.safetensors"', JSON.stringify(written));
  const { error, outputs } = await kernel.client.execute(here);
  expect(error).toBeUndefined();
  const shown = outputs.flatMap((output) => (output.output_type === "execute_result" ? [output.data] : []));
  expect(shown[0]["text/plain"]).toContain("shape: [ 2 ]");
  const tensors = (path: string) => readSafetensors(readFileSync(path)).tensors;
  expect(tensors(written)).toEqual(tensors(join(vectors, "lstm.safetensors")));
  const inFolder = whole.replace(/"(whole\.safetensors|model\.onnx)"/g, (_, name: string) =>
    JSON.stringify(join(folder, name)),
  );
  const again = await kernel.client.execute(inFolder);
  expect(again.error).toBeUndefined();
  expect(JSON.stringify(again.outputs)).toContain("SequenceNetwork");
  expect(readSafetensors(readFileSync(join(folder, "whole.safetensors"))).metadata.classes).toBe(
    "calm, storm",
  );
  expect(readOnnx(readFileSync(join(folder, "model.onnx"))).map(({ kind }) => kind)).toEqual([
    "lstm",
    "dense",
  ]);
});

test("interacts", async () => {
  const readme = readFileSync(join(packageRoot, "README.md"), "utf8");
  const [, code] = /### Widgets.*?```ts\n(.*?)```/s.exec(readme)!;
  const { error, outputs } = await kernel.client.execute(code);
  expect(error).toBeUndefined();
  const mimes = outputs.map((output) =>
    output.output_type === "display_data" ? Object.keys(output.data) : [],
  );
  expect(mimes[0]).toContain("application/vnd.jupyter.widget-view+json");
  expect(mimes[1]).toContain("application/vnd.vegalite.v5+json");
});

test("trains", async () => {
  const readme = readFileSync(join(packageRoot, "README.md"), "utf8");
  const [, code, watching] = /### Training.*?```ts\n(.*?)```.*?```ts\n(.*?)```/s.exec(readme)!;
  const { error, outputs } = await kernel.client.execute(code);
  expect(error).toBeUndefined();
  const epochs = printed(outputs)
    .trim()
    .split("\n")
    .map((line) =>
      line
        .split(" ")
        .filter((word) => /^[\d.]+$/.test(word))
        .map(Number),
    );
  const [epoch, loss, persistence] = epochs[epochs.length - 1];
  expect(epoch).toBe(epochs.length);
  expect(loss).toBeLessThan(persistence);
  const shown = outputs.flatMap((output) => (output.output_type === "execute_result" ? [output.data] : []));
  expect(shown[0]["text/plain"]).toContain("Line chart with a logarithmic y axis: the loss over");
  const watched = await kernel.client.execute(watching);
  expect(watched.error).toBeUndefined();
  const lines = printed(watched.outputs).trim().split("\n");
  const rows = lines.map((line) => line.split(" ").map(Number));
  expect(rows.map(([update]) => update).slice(0, 3)).toEqual([1, 20, 40]);
  expect(rows.flat().filter((value) => !Number.isFinite(value))).toEqual([]);
});
