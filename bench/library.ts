// An LSTM in float32 next to PyTorch with one thread, TensorFlow.js and ONNX Runtime Web: a training step
// (forward, backpropagation through time, Adam) and inference. Times on a shared machine are noise, so all
// contenders do each thing in turn, round by round, each in a process of its own, and what counts is the
// ratio of the medians within one run. `npm run bench:library`; needs PyTorch (Debian: python3-torch,
// libopenblas0-pthread) besides what npm installs.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
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
};
type Shape = keyof typeof shapes;

const python = ["python3", "/usr/bin/python3"].find(
  (command) => spawnSync(command, ["-c", "import torch"], { stdio: "ignore" }).status === 0,
);
if (python === undefined) {
  throw new Error("no Python has torch: apt-get install python3-torch libopenblas0-pthread");
}

const folder = mkdtempSync(join(tmpdir(), "unrolled-bench-"));
const contender = (file: string) => join(packageRoot, "bench", "contenders", file);
const commands = {
  Unrolled: [process.execPath, contender("unrolled.js")],
  "its engine": [process.execPath, contender("engine.js")],
  PyTorch: [python, contender("pytorch.py")],
  "TensorFlow.js": [process.execPath, contender("tensorflow.js")],
  "ONNX Runtime Web": [process.execPath, contender("onnxruntime.js"), folder],
};
type Name = keyof typeof commands;
const columns = Object.keys(commands) as Name[];

/** Training steps of TensorFlow.js take seconds: it does each thing once to warm up, and once. */
const once = new Set<Name>(["TensorFlow.js"]);

const goals: Record<string, Partial<Record<Shape, Goal[]>>> = {
  train: {
    a: [{ must: 5 }],
    b: [{ peer: "PyTorch", must: 0.65 }],
    c: [{ peer: "PyTorch", must: 1.1 }],
    d: [{ peer: "PyTorch", must: 1.7 }],
  },
  infer: {},
};
for (const shape of ["b", "c", "d"] as const) {
  // fifteen times as fast
  goals.train[shape]!.push({ peer: "TensorFlow.js", must: 0.066 });
  goals.infer[shape] = [{ peer: "ONNX Runtime Web", must: 1 }];
}

/** A contender's process, and what sends it a line and waits for the number that answers it. */
function start([command, ...args]: string[]) {
  const child = spawn(command, args, {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(line: string): Promise<number> {
      child.stdin.write(`${line}\n`);
      const next = await lines.next();
      if (next.done) throw new Error(`${args[0]} ended at "${line}"`);
      return Number(next.value);
    },
    end: () => child.stdin.end(),
  };
}

const running = new Map(columns.map((name) => [name, start(commands[name])]));
const ask = (name: Name, line: string) => running.get(name)!.ask(line);

/** The median of each contender's milliseconds a step. */
async function inTurn(command: "train" | "infer", shape: Shape, names: Name[]) {
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      if (once.has(name) && round > 0) continue;
      const took = await ask(name, `${command} ${shape} ${once.has(name) ? 0 : turn}`);
      if (round >= 0) times.get(name)!.push(took); // the round before the first warms up
    }
  }
  return new Map(names.map((name) => [name, median(times.get(name)!)]));
}

const rows: Row[] = [];
try {
  for (const [command, verb, names] of [
    ["train", "training step", ["Unrolled", "its engine", "PyTorch", "TensorFlow.js"]],
    ["infer", "inference", ["Unrolled", "its engine", "PyTorch", "ONNX Runtime Web"]],
  ] as const) {
    for (const shape of Object.keys(shapes) as Shape[]) {
      if (command === "infer") await ask("PyTorch", `export ${shape} ${join(folder, `${shape}.onnx`)}`);
      const times = await inTurn(command, shape, [...names]);
      const unit = shape === "a" ? { scale: 1000, unit: "µs" } : { scale: 1, unit: "ms" };
      rows.push({
        what: `${verb} ${shapes[shape]}`,
        values: Object.fromEntries([...times].map(([name, time]) => [name, time * unit.scale])),
        goals: goals[command][shape] ?? [],
        unit: unit.unit,
      });
    }
  }
} finally {
  for (const { end } of running.values()) end();
  rmSync(folder, { recursive: true });
}
console.log(`${cpus()[0].model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}\n`);
if (!printTable(columns, rows)) process.exitCode = 1;
