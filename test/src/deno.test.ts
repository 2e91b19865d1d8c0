// The library in another Jupyter kernel: Deno's shows the chart that ours shows.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startKernel, type StartOptions } from "../../kernel/client.js";
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
const flow = `
import { Dense, LSTM, SequenceClassifier, gradientFlow } from "unrolled";
const layer = new LSTM({ inputSize: 3, hiddenSize: 16, seed: 1 });
const model = new SequenceClassifier({ layer, head: new Dense({ inputSize: 16, outputSize: 2 }) });
const x = Array.from({ length: 40 }, (_, t) => [Math.sin(t), Math.cos(t), t / 40]);
gradientFlow(model, { x, y: [1, 0] }).chart()`;

interface Chart {
  description: string;
  data: { values: { t: number; curve: string; value: number }[] };
}

async function chart(command?: StartOptions["command"]): Promise<Chart> {
  const client = await startKernel({ cwd: packageRoot, command });
  try {
    const { outputs, error } = await client.execute(flow);
    expect(error).toBeUndefined();
    const result = outputs.find((output) => output.output_type === "execute_result");
    return result?.data[MIME] as Chart;
  } finally {
    await client.shutdown();
  }
}

it.skipIf(deno === undefined)("Deno's kernel shows the same gradient flow", async () => {
  const ours = await chart();
  const theirs = await chart((file) => [deno!, "jupyter", "--kernel", "--conn", file]);
  expect(theirs.description).toBe(ours.description);
  const points = ({ data }: Chart) => data.values.map(({ t, curve }) => [t, curve]);
  expect(points(theirs)).toEqual(points(ours));
  // The two have different versions of V8, whose tanh and exp may differ in the last digit.
  for (const [index, { value }] of theirs.data.values.entries()) {
    const expected = ours.data.values[index].value;
    expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-12 * Math.abs(expected));
  }
});
