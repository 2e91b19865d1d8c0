// The library in another Jupyter kernel: Deno's shows the chart that ours shows.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { StartOptions } from "../../kernel/protocol/client.js";
import { startKernel } from "../../kernel/protocol/client.js";
import { packageRoot } from "../../kernel/package_root.js";

const deno = findDeno();

function findDeno(): string | undefined {
  const folder = join(packageRoot, "bench", "node_modules", "deno");
  // Its Node script puts the program itself beside it.
  if (existsSync(folder)) spawnSync(process.execPath, [join(folder, "bin.cjs"), "--version"]);
  const program = join(folder, process.platform === "win32" ? "deno.exe" : "deno");
  if (existsSync(program)) return program;
  const missing = 'Deno is not there: install with "npm ci --prefix bench"';
  if (process.env.CI) throw new Error(missing);
  console.warn(`skipped: ${missing}`);
  return undefined;
}

const MIME = "application/vnd.vegalite.v5+json";
const flows = {
  "the slides' model": {
    // The two have different versions of V8, whose tanh and exp may differ in the last digit.
    tolerance: 1e-12,
    code: `
import { Dense, LSTM, SequenceClassifier, gradientFlow } from "unrolled";
const layer = new LSTM({ inputSize: 3, hiddenSize: 16, seed: 1 });
const model = new SequenceClassifier({ layer, head: new Dense({ inputSize: 16, outputSize: 2 }) });
const x = Array.from({ length: 40 }, (_, t) => [Math.sin(t), Math.cos(t), t / 40]);
gradientFlow(model, { x, y: [1, 0] }).chart()`,
  },
  "a network in float32, on WebAssembly": {
    tolerance: 1e-4,
    code: `
import { gradientFlow } from "unrolled";
import { Linear, LSTM, SequenceNetwork } from "unrolled/nn";
const rnn = new LSTM({ inputSize: 3, hiddenSize: 16, dtype: "float32", seed: 1 });
const head = new Linear({ inputSize: 16, outputSize: 2, dtype: "float32", seed: 1 });
const x = Array.from({ length: 40 }, (_, t) => [Math.sin(t), Math.cos(t), t / 40]);
gradientFlow(new SequenceNetwork({ rnn, head }), { x, y: 1 }).chart()`,
  },
};

interface Chart {
  description: string;
  data: { values: { t: number; curve: string; value: number }[] };
}

async function chart(code: string, command?: StartOptions["command"]): Promise<Chart> {
  const client = await startKernel({ cwd: packageRoot, command });
  try {
    // Deno's kernel sometimes is idle before its result comes: what comes so late is lost, and the cell runs
    // again.
    for (let run = 0; run < 4; run++) {
      const { outputs, error } = await client.execute(code);
      expect(error).toBeUndefined();
      const result = outputs.find((output) => output.output_type === "execute_result");
      if (result) return result.data[MIME] as Chart;
    }
    throw new Error("no result in four runs");
  } finally {
    await client.shutdown();
  }
}

const cases = Object.entries(flows);
test.skipIf(deno === undefined).each(cases)(
  "Deno's kernel shows the gradient flow of %s",
  async (_, flow) => {
    const ours = await chart(flow.code);
    const theirs = await chart(flow.code, (file) => [deno!, "jupyter", "--kernel", "--conn", file]);
    expect(theirs.description).toBe(ours.description);
    const points = ({ data }: Chart) => data.values.map(({ t, curve }) => [t, curve]);
    expect(points(theirs)).toEqual(points(ours));
    for (const [index, { value }] of theirs.data.values.entries()) {
      const expected = ours.data.values[index].value;
      expect(Math.abs(value - expected)).toBeLessThanOrEqual(flow.tolerance * Math.abs(expected));
    }
  },
);
