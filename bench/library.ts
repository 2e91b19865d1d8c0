// An LSTM in float32 next to PyTorch, TensorFlow.js and ONNX Runtime Web: a training step (forward,
// backpropagation through time, Adam) and inference, on one thread and on all cores. Times on a shared
// machine are noise, so all contenders do each thing in turn, round by round, each in a process of its own,
// and what counts is the ratio of the medians within one run. PyTorch has the setting of OpenBLAS that suits
// it best. `npm run bench:library`; needs PyTorch (Debian: python3-torch, libopenblas0-pthread) besides what
// npm installs.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { packageRoot } from "../kernel/package_root.js";
import type { Goal, Row } from "./ratios.js";
import { median, printTable } from "./ratios.js";

const rounds = 7;
/** Milliseconds that each contender has in a round. */
const turn = 1000;
const shapes = {
  a: "a: B 1, T 2, I 2, H 2",
  b: "b: B 32, T 100, I 2, H 64",
  c: "c: B 32, T 64, I 64, H 128, 64 classes at each step",
  d: "d: B 64, T 100, I 128, H 256",
  e: "e: B 32, T 50, I 256, H 512",
};
type Shape = keyof typeof shapes;

const python = ["python3", "/usr/bin/python3"].find(
  (command) => spawnSync(command, ["-c", "import torch"], { stdio: "ignore" }).status === 0,
);
if (python === undefined) {
  throw new Error("no Python has torch: apt-get install python3-torch libopenblas0-pthread");
}

const folder = mkdtempSync(join(tmpdir(), "unrolled-bench-"));
const contenders = {
  Unrolled: ["unrolled.js"],
  "its engine": ["engine.js"],
  PyTorch: ["pytorch.py"],
  "TensorFlow.js": ["tensorflow.js"],
  "ONNX Runtime Web": ["onnxruntime.js", folder],
};
type Name = keyof typeof contenders;

/** Training steps of TensorFlow.js take seconds: it does each thing once to warm up, and once. */
const once = new Set<Name>(["TensorFlow.js"]);

type Goals = Partial<Record<Shape, Goal[]>>;

interface Comparison {
  /** one each, or as many as each takes by itself */
  threads: "one" | "all";
  shapes: Shape[];
  train: { names: Name[]; goals: Goals };
  infer: { names: Name[]; goals: Goals };
}

const toPyTorch = (b: number, c: number, d: number): Goals => ({
  b: [{ peer: "PyTorch", must: b }],
  c: [{ peer: "PyTorch", must: c }],
  d: [{ peer: "PyTorch", must: d }],
});
const toOnnx: Goals = Object.fromEntries(
  ["b", "c", "d", "e"].map((shape) => [shape, [{ peer: "ONNX Runtime Web", must: 0.9 }]]),
);

const comparisons: Comparison[] = [
  {
    threads: "one",
    shapes: ["a", "b", "c", "d", "e"],
    train: {
      names: ["Unrolled", "its engine", "PyTorch", "TensorFlow.js"],
      goals: { a: [{ must: 5 }], ...toPyTorch(0.5, 0.95, 1.35) },
    },
    infer: { names: ["Unrolled", "its engine", "PyTorch", "ONNX Runtime Web"], goals: toOnnx },
  },
  {
    threads: "all",
    shapes: ["b", "c", "d", "e"],
    train: { names: ["Unrolled", "PyTorch"], goals: toPyTorch(0.45, 0.85, 1.2) },
    infer: { names: ["Unrolled", "PyTorch"], goals: {} },
  },
];

type Threads = Comparison["threads"];
type Environment = Record<string, string>;

/** A contender's process, and what sends it a line and waits for the number that answers it. */
function start(name: Name, threads: Threads, environment: Environment = {}) {
  const [file, ...args] = contenders[name];
  const command = file.endsWith(".py") ? python! : process.execPath;
  const path = join(packageRoot, "bench", "contenders", file);
  const child = spawn(command, [path, threads, ...args], {
    stdio: ["pipe", "pipe", "inherit"],
    env: {
      ...process.env,
      ...(threads === "one" && { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" }),
      ...environment,
    },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(line: string): Promise<number> {
      child.stdin.write(`${line}\n`);
      const next = await lines.next();
      if (next.done) throw new Error(`${file} ended at "${line}"`);
      return Number(next.value);
    },
    end: () => child.stdin.end(),
  };
}

/** What OpenBLAS may be told: what it makes of the processor's name is not always the best. */
const openBlasSettings: Environment[] = [
  {},
  { OPENBLAS_CORETYPE: "HASWELL" },
  { OPENBLAS_CORETYPE: "SKYLAKEX" },
  { OPENBLAS_L2_SIZE: "512" },
];

/** The setting with which PyTorch trains shape d fastest. */
async function fastestOpenBlas(threads: Threads): Promise<Environment> {
  const times: number[] = [];
  for (const setting of openBlasSettings) {
    const pyTorch = start("PyTorch", threads, setting);
    try {
      const took = [];
      for (let round = 0; round < 3; round++) took.push(await pyTorch.ask(`train d ${turn}`));
      times.push(Math.min(...took));
    } catch {
      times.push(Infinity); // a processor without those instructions
    } finally {
      pyTorch.end();
    }
  }
  const fastest = openBlasSettings[times.indexOf(Math.min(...times))];
  const said = Object.entries(fastest).map((entry) => entry.join("="));
  console.log(`\nOpenBLAS: ${said.length > 0 ? said.join(" ") : "as it chooses itself"}`);
  return fastest;
}

async function compare({ threads, shapes: compared, ...what }: Comparison): Promise<boolean> {
  const columns = [...new Set([...what.train.names, ...what.infer.names])];
  const openBlas = await fastestOpenBlas(threads);
  const running = new Map(
    columns.map((name) => [name, start(name, threads, name === "PyTorch" ? openBlas : {})]),
  );
  const ask = (name: Name, line: string) => running.get(name)!.ask(line);

  /** The median of each contender's milliseconds a step. */
  async function inTurn(command: "train" | "infer", shape: Shape) {
    const { names } = what[command];
    const times = new Map<Name, number[]>(names.map((name) => [name, []]));
    for (let round = -1; round < rounds; round++) {
      for (const name of names) {
        if (once.has(name) && round > 0) continue;
        const took = await ask(name, `${command} ${shape} ${once.has(name) ? 0 : turn}`);
        if (round >= 0) times.get(name)!.push(took); // the round before the first warms up
      }
    }
    return [...times].map(([name, took]): [Name, number] => [name, median(took)]);
  }

  const rows: Row[] = [];
  try {
    for (const [command, verb] of [
      ["train", "training step"],
      ["infer", "inference"],
    ] as const) {
      for (const shape of compared) {
        if (command === "infer") await ask("PyTorch", `export ${shape} ${join(folder, `${shape}.onnx`)}`);
        const times = await inTurn(command, shape);
        const unit = shape === "a" ? { scale: 1000, unit: "µs" } : { scale: 1, unit: "ms" };
        rows.push({
          what: `${verb} ${shapes[shape]}`,
          values: Object.fromEntries(times.map(([name, time]) => [name, time * unit.scale])),
          goals: what[command].goals[shape] ?? [],
          unit: unit.unit,
        });
      }
    }
  } finally {
    for (const { end } of running.values()) end();
  }
  console.log(`\n${threads === "one" ? "One thread" : `All ${availableParallelism()} cores`}\n`);
  return printTable(columns, rows);
}

console.log(`${cpus()[0].model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`);
try {
  for (const comparison of comparisons) if (!(await compare(comparison))) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
