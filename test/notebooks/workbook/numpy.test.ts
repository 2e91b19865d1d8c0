// The NumPy twin of notebook 08: it runs, it makes the golden vectors, and what the notebook shows of it is
// it.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readSource } from "../../../notebooks/tooling/generate.js";
import { agreement } from "../../../notebooks/workbook/agreement.js";
import { golden } from "../../../notebooks/workbook/golden_vectors.js";
import type { GoldenVector } from "../../../notebooks/workbook/golden_vectors.js";
import type { LstmBackward, LstmForward } from "../../../notebooks/workbook/lstm_implementation.js";
import { Dense, LSTM, SequenceClassifier, SGD } from "../../../src/index.js";
import { findPython } from "../../support/python.js";

const path = (name: string) => fileURLToPath(new URL(`../../../notebooks/${name}`, import.meta.url));
const twin = path("numpy/lstm.py");
const python = findPython(["numpy"], "python3-numpy");

interface Output extends LstmForward, LstmBackward {
  losses: number[];
}
function run(...args: string[]): Output {
  const { status, stdout, stderr } = spawnSync(python!, [twin, ...args], {
    encoding: "utf8",
    env: { ...process.env, PYTHONIOENCODING: "utf-8" },
  });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return JSON.parse(stdout) as Output;
}
function runOn({ parameters, sample }: GoldenVector): Output {
  const directory = mkdtempSync(join(tmpdir(), "unrolled-numpy-"));
  try {
    const file = join(directory, "case.json");
    writeFileSync(file, JSON.stringify({ parameters, sample, updates: 50, eta: 0.1 }));
    return run(file);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
function largestError(output: object, exact: object): number {
  const rows = agreement(output, exact);
  expect(rows.length).toBeGreaterThan(3);
  return Math.max(...rows.map(({ error }) => error));
}
/** The losses of the library's own LSTM, whose gradients share no code with the twin. */
function libraryLosses({ parameters, sample }: GoldenVector): number[] {
  const { Why, by, ...gates } = parameters;
  const layer = new LSTM({ inputSize: gates.f.Wx[0].length, hiddenSize: gates.f.b.length });
  layer.setParameters(gates);
  const head = new Dense({ inputSize: gates.f.b.length, outputSize: by.length });
  head.setParameters({ W: Why, b: by });
  const model = new SequenceClassifier({ layer, head });
  const optimizer = new SGD(model, { lr: 0.1 });
  return Array.from({ length: 51 }, () => {
    const { loss, gradients } = model.lossAndGradients(sample);
    optimizer.step(gradients);
    return loss;
  });
}

describe.skipIf(python === undefined)("the NumPy twin", () => {
  test("computes the slides without an argument: states, loss, every gradient and 200 updates", () => {
    const { truth, losses } = golden("deck");
    const output = run();
    expect(largestError(output, { ...truth.forward, ...truth.backward })).toBeLessThan(1e-12);
    expect(Object.keys(losses)).toHaveLength(9);
    for (const [step, loss] of Object.entries(losses)) {
      expect(output.losses[Number(step)]).toBeCloseTo(loss, 12);
    }
  });

  test.each([
    ["deck", golden("deck")],
    ["asymmetric", golden("asymmetric")],
  ])("computes the %s vector, and trains on it as the library does", (_, vector) => {
    const { forward, backward } = vector.truth;
    const output = runOn(vector);
    expect(largestError(output, { ...forward, ...backward })).toBeLessThan(1e-12);
    const losses = libraryLosses(vector);
    expect(losses[50]).toBeLessThan(0.9 * losses[0]);
    output.losses.forEach((loss, step) => {
      expect(loss).toBeCloseTo(losses[step], 11);
    });
  });
});

describe.each(["en", "ko"] as const)("what notebook 08 shows of it in %s", (language) => {
  const file = "08_lstm_from_scratch.md";
  const { cells } = readSource(readFileSync(path(`source/${file}`), "utf8"), file);
  const shown = cells.flatMap((cell) =>
    cell.kind === "prose"
      ? [...cell.text[language].matchAll(/```python\n(.*?)```/gs)].map(([, code]) => code.trim())
      : [],
  );
  const source = readFileSync(twin, "utf8");

  test("stands in the file, line by line", () => {
    expect(shown.length).toBeGreaterThanOrEqual(6);
    for (const code of shown) expect(source).toContain(`\n${code}\n`);
  });

  test("is every function that computes something", () => {
    const names = (text: string) => [...text.matchAll(/^def (\w+)/gm)].map(([, name]) => name);
    const aside = ["arrays", "slide_35", "main"];
    expect(names(shown.join("\n\n"))).toEqual(names(source).filter((name) => !aside.includes(name)));
  });
});
