// How much memory a step of training takes over a long sequence, with and without `recomputeSteps`, by what
// it has in array buffers after the step and by the most that the process takes; and a forecast with long
// windows, by what it holds. Each is in a process of its own. `npm run bench:memory`.

import { spawnSync } from "node:child_process";
import { argv, execPath, memoryUsage, resourceUsage } from "node:process";
import { fileURLToPath } from "node:url";
import { forecast } from "../src/index.js";
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

const table = { rows: 50_000, columns: 8, steps: 168 };

/** What a forecast holds once garbage is collected, besides the table. */
function heldByForecast(): number {
  const names = Array.from({ length: table.columns }, (_, k) => `column ${k}`);
  const columns = Object.fromEntries(
    names.map((name, k) => [name, Array.from({ length: table.rows }, (_, row) => Math.sin(row * (k + 1)))]),
  );
  const before = heldBytes();
  const data = forecast(columns, { inputs: names, steps: table.steps });
  const held = heldBytes() - before;
  if (data.training[0].x.length !== table.steps) throw new Error("the windows are not whole");
  return held / bytesPerMB;
}

function heldBytes(): number {
  globalThis.gc!();
  const { heapUsed, external } = memoryUsage();
  return heapUsed + external;
}

function inProcess(...args: string[]): unknown {
  const self = ["--expose-gc", fileURLToPath(import.meta.url)];
  const { stdout, stderr } = spawnSync(execPath, [...self, ...args], { encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

if (argv[2] === "forecast") console.log(heldByForecast());
else if (argv.length > 2) {
  const [, , cell, kind] = argv as [string, string, keyof typeof cells, keyof typeof kinds];
  console.log(JSON.stringify(used(cell, kinds[kind])));
} else {
  const columns = Object.keys(kinds);
  const rows = Object.keys(cells).flatMap((cell): Row[] => {
    const of = Object.fromEntries(columns.map((kind) => [kind, inProcess(cell, kind) as Usage]));
    const values = (key: keyof Usage) => Object.fromEntries(columns.map((kind) => [kind, of[kind][key]]));
    return [
      {
        what: `${cell}, buffers`,
        values: values("buffers"),
        goals: [{ peer: "whole", must: 0.5 }],
        unit: "MB",
      },
      // The process's garbage is in it too.
      { what: `${cell}, at most`, values: values("peak"), goals: [], unit: "MB" },
      { what: `${cell}, time`, values: values("ms"), goals: [] },
    ];
  });
  console.log(`T = ${steps}, B = 1, H = ${units}, float64`);
  const areHalf = printTable(columns, rows);
  const numbers = (8 * table.rows * table.columns) / bytesPerMB;
  console.log("");
  const isSmall = printTable(
    ["forecast", "its numbers"],
    [
      {
        what: `${table.rows} rows, ${table.columns} columns, ${table.steps} steps`,
        values: { forecast: inProcess("forecast") as number, "its numbers": numbers },
        goals: [{ peer: "its numbers", must: 3 }],
        unit: "MB",
      },
    ],
  );
  if (!areHalf || !isSmall) process.exitCode = 1;
}
