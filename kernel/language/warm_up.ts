// V8 compiles what runs often into fast machine code; a process that has just started has none, and takes three times
// as long for a cell as one that has seen a hundred. Here it sees them before the user has written any.
import type { LanguageResults } from "../threads.js";
import { Language } from "./language.js";

const ROUNDS = 25;

/** Compiles sample cells, in a session of their own, one at each `next`, until it is done; gives what came out. */
export function* warmUp(): Generator<LanguageResults["compile"] | undefined, void> {
  const language = new Language();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, sample] of SAMPLES.entries()) {
      yield language.compile(`cell[${at}].ts`, sample.replaceAll("ROUND", String(round)));
    }
    const unfinished = "const size = series.";
    language.complete(unfinished, unfinished.length);
    yield undefined;
    language.inspect("mean(series)", 2);
    yield undefined;
  }
}

// What notebooks are made of; a name that is declared anew has another type in each round.
const SAMPLES = [
  "ROUND + 1",
  "const series = Array.from({ length: ROUND }, (_, i) => ({ step: i, name: `s${i % 3}`, value: Math.sin(i / 5) }));",
  `const mean = (rows: { value: number }[]) => rows.reduce((sum, { value }) => sum + value, 0) / rows.length;
const { length } = series.filter(({ value }) => value > mean(series));
console.log("above the mean:", length, series.map((row) => row.value.toFixed(2)).join(" "));`,
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
}
const layer = new Layer<Float64Array>({ size: 8 });
layer.forward(Float64Array.of(1, 2, ROUND)).length`,
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
  "const wrong: string = series.length;",
];
