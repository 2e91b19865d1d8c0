// `npm run bench:library`: a training step (forward, backpropagation through time, Adam) and inference of an LSTM in float32,
// beside PyTorch with one thread, TensorFlow.js and ONNX Runtime Web. The contenders take turns in every round, each in a
// process of its own; what counts is the ratio to PyTorch in the same round, its median over the rounds.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const rounds = 5;
/** Steps of a round, for a median; the slowest take part in the first round only. */
const steps = { a: 2000, b: 15, c: 9, d: 3 };
const reference = "PyTorch";

if (!existsSync(here("node_modules"))) {
  const { status } = spawnSync("npm ci --ignore-scripts", { cwd: here("."), stdio: "inherit", shell: true });
  if (status !== 0) process.exit(1);
}

const python = ["/usr/bin/python3", "python3"].find(
  (name) => spawnSync(name, ["-c", "import torch"], { stdio: "ignore" }).status === 0,
);
if (python === undefined) {
  console.error('no Python has torch: install with "apt-get install python3-torch libopenblas0-pthread"');
  process.exit(1);
}

/** A contender's process; `ask` sends a line and waits for the number that answers it. */
function start(command, args) {
  const child = spawn(command, args, {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(line) {
      child.stdin.write(`${line}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${args.at(-1)} ended at "${line}"`);
      return Number(value);
    },
    end: () => child.stdin.end(),
  };
}

const folder = mkdtempSync(join(tmpdir(), "unrolled-bench-"));
const node = (file, ...more) => start(process.execPath, [here(`contenders/${file}`), ...more]);
const contenders = {
  [reference]: start(python, [here("contenders/pytorch.py")]),
  Unrolled: node("unrolled.js"),
  "TensorFlow.js, wasm": node("tensorflow.js"),
  "ONNX Runtime Web": node("onnxruntime.js", folder),
};

/** Milliseconds by contender, one a round. */
async function compare(command, shape, names) {
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (const name of names)
    await contenders[name].ask(`${command} ${shape} ${isSlow(name) ? 1 : steps[shape]}`);
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      if (isSlow(name) && round > 0) continue;
      times[name].push(await contenders[name].ask(`${command} ${shape} ${isSlow(name) ? 1 : steps[shape]}`));
    }
  }
  return times;
}

const isSlow = (name) => name.startsWith("TensorFlow");
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const significant = (value) => Number(value.toPrecision(value < 100 ? 2 : 3)).toString();

const rows = [];
for (const [command, names] of [
  ["train", [reference, "Unrolled", "TensorFlow.js, wasm"]],
  ["infer", [reference, "Unrolled", "ONNX Runtime Web"]],
]) {
  for (const shape of Object.keys(steps)) {
    if (command === "infer")
      await contenders[reference].ask(`export ${shape} ${join(folder, `${shape}.onnx`)}`);
    const times = await compare(command, shape, names);
    const cells = names.map((name) => {
      const ratio = median(times[name].map((time, round) => time / times[reference][round]));
      const milliseconds = `${significant(median(times[name]))} ms`;
      return name === reference ? milliseconds : `${milliseconds} (${significant(ratio)})`;
    });
    rows.push([command, shape, ...cells]);
    console.log(rows.at(-1).join(" | "));
  }
}
for (const contender of Object.values(contenders)) contender.end();
rmSync(folder, { recursive: true });
console.log(`${cpus()[0].model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`);
