// V8 compiles what runs often into fast machine code; a process that has just started has none, and takes
// three times as long for a cell as one that has seen a hundred. Here it sees them before the user has
// written any.

import type { LanguageResults } from "../threads.js";
import { Compiler } from "./compiler.js";

const ROUNDS = 28;
// What is short needs few rounds.
const SHORT_EVERY = 7;

/**
 * Compiles sample cells, in a session of their own, one at each `next`, until it is done; gives what came
 * out.
 */
export function* warmUp(): Generator<LanguageResults["compile"] | void, void> {
  const compiler = new Compiler();
  for (let round = 0; round < ROUNDS; round++) {
    const samples = round % SHORT_EVERY === 0 ? [...SHORT_SAMPLES, ...LONG_SAMPLES] : LONG_SAMPLES;
    for (const [at, sample] of samples.entries()) {
      yield compiler.compile(`cell[${at}].ts`, sample.replaceAll("ROUND", String(round)));
    }
    yield* compiler.prepare();
    const unfinished = "const size = series.";
    compiler.complete(unfinished, unfinished.length);
    yield undefined;
    if (round % SHORT_EVERY !== 0) continue;
    compiler.inspect("mean(series)", 2);
    yield undefined;
  }
}

// What notebooks are made of; a name that is declared again has another type in each round.
const SHORT_SAMPLES = [
  "ROUND + 1",
  "const series = Array.from({ length: ROUND }, (_, i) => ({ step: i, name: `s${i % 3}`, value: Math.sin(i / 5) }));",
  `const mean = (rows: { value: number }[]) => rows.reduce((sum, { value }) => sum + value, 0) / rows.length;
const { length } = series.filter(({ value }) => value > mean(series));
console.log("above the mean:", length, series.map((row) => row.value.toFixed(2)).join(" "));`,
  "const wrong: string = series.length;",
];
const LONG_SAMPLES = [
  `interface Shape { readonly size: number; names?: string[] }
class Layer<T extends ArrayLike<number>> {
  readonly weights: Float64Array;
  #calls = ROUND;
  constructor(readonly shape: Shape, public readonly input?: T) {
    this.weights = new Float64Array(shape.size).fill(0.1);
  }
  get calls(): number {
    return this.#calls;
  }
  forward(input: T, scale: number = 1): Float64Array {
    this.#calls++;
    const output = new Float64Array(this.shape.size);
    for (let i = 0; i < output.length; i++) {
      output[i] = Math.tanh(scale * input[i % input.length] + this.weights[i]);
    }
    return output;
  }
  backward(gradient: Float64Array, { rate = 0.1, decay = 0 }: { rate?: number; decay?: number } = {}): number {
    let norm = 0;
    for (const [i, slope] of gradient.entries()) {
      this.weights[i] -= rate * (slope + decay * this.weights[i]);
      norm += slope ** 2;
    }
    return Math.sqrt(norm);
  }
  static stack(sizes: readonly number[]): Layer<Float64Array>[] {
    const layers: Layer<Float64Array>[] = [];
    while (layers.length < sizes.length) {
      const size = sizes[layers.length];
      if (size <= 0) throw new RangeError("a layer without units");
      layers.push(new Layer<Float64Array>({ size, names: ["layer " + layers.length] }));
    }
    return layers;
  }
}
function softmax(logits: Float64Array, temperature = ROUND + 1): Float64Array {
  const largest = logits.reduce((most, value) => Math.max(most, value), -Infinity);
  const powers = logits.map((value) => Math.exp((value - largest) / temperature));
  let sum = 0;
  for (let i = 0; i < powers.length; i++) sum += powers[i];
  return powers.map((power) => power / sum);
}
function train(layers: Layer<Float64Array>[], input: Float64Array, epochs: number): { epoch: number; loss: number }[] {
  const losses: { epoch: number; loss: number }[] = [];
  for (let epoch = 1; epoch <= epochs; epoch++) {
    let state = input;
    for (const layer of layers) state = layer.forward(state);
    const loss = layers.reduce((total, layer) => total + layer.backward(state, { decay: 1e-4 }), 0);
    if (epoch % 10 === 0 || Number.isNaN(loss)) losses.push({ epoch, loss });
  }
  return losses;
}
const layer = new Layer<Float64Array>({ size: 8 });
const losses = train([layer, ...Layer.stack([3, 2])], softmax(Float64Array.of(1, 2, ROUND)), 5);
losses.map(({ epoch, loss }) => epoch + ": " + loss.toFixed(3)).join(" ")`,
  `type Row = { [key: string]: number | string };
async function load(path: string): Promise<Row[]> {
  try {
    const { readFile } = await import("node:fs/promises");
    return JSON.parse(await readFile(path, "utf8")) as Row[];
  } catch (error) {
    return [{ message: error instanceof Error ? error.message : String(error) }];
  }
}
const grouped = new Map<string, number[]>();
for (const { name, value } of series) {
  const values = grouped.get(name);
  if (values) values.push(value);
  else grouped.set(name, [value]);
}
let rows = await load("missing.json");
[...grouped].map(([name, values]) => ({ name, count: values.length, ...rows[0] }))`,
];
