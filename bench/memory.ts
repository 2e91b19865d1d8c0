// How much memory a step of training takes over a long sequence, with and without `recomputeSteps`: each in
// a process of its own, by what it has in array buffers after the step and at most in all.
// `npm run bench:memory`.

import { spawnSync } from "node:child_process";
import { argv, execPath, memoryUsage, resourceUsage } from "node:process";
import { fileURLToPath } from "node:url";
import { GRU, Linear, LSTM, SequenceNetwork } from "../src/nn/index.js";
import type { Row } from "./ratios.js";
import { printTable } from "./ratios.js";

const [steps, units] = [10_000, 64];
const cells = { GRU, LSTM };
const kinds = { "100 steps at a time": 100, whole: undefined };
interface Usage {
  buffers: number;
  peak: number;
  ms: number;
}
const bytesPerMB = 1e6;

function used(cell: keyof typeof cells, recomputeSteps: number | undefined): Usage {
  const network = new SequenceNetwork({
    rnn: new cells[cell]({ inputSize: 1, hiddenSize: units, recomputeSteps }),
    head: new Linear({ inputSize: units, outputSize: 1 }),
    loss: "meanSquaredError",
  });
  const x = { shape: [steps, 1, 1], data: Float64Array.from({ length: steps }, (_, t) => Math.sin(t)) };
  const before = { buffers: memoryUsage().arrayBuffers, peak: peakBytes() };
  const start = performance.now();
  network.lossAndGradients({ x, y: [[1]] });
  const ms = performance.now() - start;
  const { arrayBuffers } = memoryUsage();
  return {
    buffers: (arrayBuffers - before.buffers) / bytesPerMB,
    peak: (peakBytes() - before.peak) / bytesPerMB,
    ms,
  };
}

const peakBytes = () => 1024 * resourceUsage().maxRSS;

function inProcess(cell: string, kind: string): Usage {
  const { stdout, stderr } = spawnSync(execPath, [fileURLToPath(import.meta.url), cell, kind], {
    encoding: "utf8",
  });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as Usage;
}

if (argv.length > 2) {
  const [, , cell, kind] = argv as [string, string, keyof typeof cells, keyof typeof kinds];
  console.log(JSON.stringify(used(cell, kinds[kind])));
} else {
  const columns = Object.keys(kinds);
  const rows = Object.keys(cells).flatMap((cell): Row[] => {
    const of = Object.fromEntries(columns.map((kind) => [kind, inProcess(cell, kind)]));
    const values = (key: keyof Usage) =>
      Object.fromEntries(columns.map((kind) => [kind, of[kind][key]])) as Row["values"];
    return [
      {
        what: `${cell}, buffers`,
        values: values("buffers"),
        goals: [{ peer: "whole", must: 0.5 }],
        unit: "MB",
      },
      { what: `${cell}, at most`, values: values("peak"), goals: [{ peer: "whole", must: 0.5 }], unit: "MB" },
      { what: `${cell}, time`, values: values("ms"), goals: [] },
    ];
  });
  console.log(`T = ${steps}, B = 1, H = ${units}, float64`);
  if (!printTable(columns, rows)) process.exitCode = 1;
}
