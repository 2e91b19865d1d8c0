// The kernel next to its peers: stock tslab, Deno's kernel and ipykernel. Times on a shared machine are
// noise, so all kernels do each thing in turn, round by round, and what counts is the ratio of the medians
// within one run. `npm run bench:kernel`; needs ipykernel (Debian: python3-ipykernel) besides what npm
// installs.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Dealer } from "zeromq";
import type { KernelClient } from "../kernel/protocol/client.js";
import { startKernel } from "../kernel/protocol/client.js";
import { endpoint, reserveConnection, writeConnectionFile } from "../kernel/protocol/connection.js";
import { kernelCommand } from "../kernel/protocol/kernelspec.js";
import { MessageCodec } from "../kernel/protocol/messages.js";
import { packageRoot } from "../kernel/package_root.js";
import type { Goal, Row } from "./ratios.js";
import { median, printTable } from "./ratios.js";

const python = ["python3", "/usr/bin/python3"].find(
  (command) => spawnSync(command, ["-c", "import ipykernel"], { stdio: "ignore" }).status === 0,
);
if (python === undefined) throw new Error("no Python has ipykernel: apt-get install python3-ipykernel");
const tslab = createRequire(import.meta.url).resolve("tslab/bin/tslab");
const denoPackage = dirname(
  createRequire(join(packageRoot, "bench", "package.json")).resolve("deno/package.json"),
);
// Its Node script puts the program itself next to it, which is what is started from then on.
spawnSync(process.execPath, [join(denoPackage, "bin.cjs"), "--version"]);

const commands = {
  unrolled: kernelCommand,
  tslab: (file: string) => [process.execPath, tslab, "kernel", "--config-path", file],
  deno: (file: string) => [join(denoPackage, "deno"), "jupyter", "--kernel", "--conn", file],
  ipykernel: (file: string) => [python, "-m", "ipykernel_launcher", "-f", file],
};
type Name = keyof typeof commands;
const names = Object.keys(commands) as Name[];
type Cells = Partial<Record<Name, string>>;

const folder = mkdtempSync(join(tmpdir(), "unrolled-bench-"));
const rows: Row[] = [];

/** The same cell for every kernel but Python's. */
const cells = (typescript: string, ipython?: string): Cells => ({
  unrolled: typescript,
  tslab: typescript,
  deno: typescript,
  ...(ipython === undefined ? {} : { ipykernel: ipython }),
});

/** Milliseconds that each kernel took in each round. */
async function inTurn(
  rounds: number,
  who: Name[],
  measure: (name: Name, round: number) => Promise<number>,
): Promise<Partial<Record<Name, number[]>>> {
  const times: Partial<Record<Name, number[]>> = {};
  for (let round = 0; round < rounds; round++) {
    for (const name of who) (times[name] ??= []).push(await measure(name, round));
  }
  return times;
}

function report(what: string, times: Partial<Record<Name, number[]>>, goals: Goal[]): void {
  const values = Object.fromEntries(names.map((name) => [name, times[name] && median(times[name])]));
  rows.push({ what, values, goals });
  console.error(what, values);
}

/**
 * From the start of the process to its first kernel_info_reply, and to the reply to `1+1` asked at the same
 * time.
 */
async function start(name: Name): Promise<{ info: number; cell: number }> {
  const connection = await reserveConnection();
  const file = join(folder, `${name}.json`);
  writeConnectionFile(file, connection);
  const codec = new MessageCodec(connection.key);
  const shell = new Dealer({ linger: 0, reconnectInterval: 5 });
  shell.connect(endpoint(connection, "shell"));
  const [command, ...args] = commands[name](file);
  const begin = performance.now();
  const child = spawn(command, args, {
    cwd: folder,
    stdio: "ignore",
    env: { ...process.env, UNROLLED_HISTORY: "off" },
  });
  const exited = once(child, "exit");
  const code = { code: "1+1", silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
  await shell.send(codec.encode(codec.create("kernel_info_request", {})));
  await shell.send(codec.encode(codec.create("execute_request", { ...code, stop_on_error: true })));
  const after: Record<string, number> = {};
  while (after.execute_reply === undefined) {
    const { header } = codec.decode(await shell.receive());
    after[header.msg_type] = performance.now() - begin;
  }
  child.kill("SIGKILL");
  await exited;
  shell.close();
  return { info: after.kernel_info_reply, cell: after.execute_reply };
}

async function measureStart(): Promise<void> {
  const infos: Partial<Record<Name, number[]>> = {};
  const first = await inTurn(9, names, async (name) => {
    const { info, cell } = await start(name);
    (infos[name] ??= []).push(info);
    return cell;
  });
  report("spawn → kernel_info_reply", infos, [{ peer: "ipykernel", must: 0.3 }]);
  report("spawn → first `1+1`", first, [
    { peer: "tslab", must: 0.5 },
    { peer: "ipykernel", must: 1 },
  ]);
}

const NEVER = 60_000;

/** Milliseconds until `body` is done; what takes a minute is given up. */
async function timed<T>(body: () => Promise<T>): Promise<{ time: number; value?: T }> {
  const begin = performance.now();
  let timer: NodeJS.Timeout;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, NEVER, undefined)));
  const value = await Promise.race([body(), late]);
  clearTimeout(timer!);
  return { time: value === undefined ? Infinity : performance.now() - begin, value };
}

async function execute(client: KernelClient, code: string): Promise<number> {
  const { time, value } = await timed(() => client.execute(code));
  if (value && value.status !== "ok") throw new Error(`${code}\n${value.error?.traceback.join("\n")}`);
  return time;
}

async function measureCells(clients: Record<Name, KernelClient>): Promise<void> {
  const run = (name: Name, code: Cells) => execute(clients[name], code[name]!);
  await inTurn(20, names, (name, round) => run(name, cells(`${round} + 1`, `${round} + 1`)));

  const trivial = await inTurn(100, names, (name, round) => run(name, cells(`${round} + 1`, `${round} + 1`)));
  report("trivial cell", trivial, [
    { peer: "ipykernel", must: 1, aim: 0.7 },
    { peer: "tslab", must: 1 },
  ]);

  const long = (round: number) => cells(longCell(round));
  const typescript: Name[] = ["unrolled", "tslab", "deno"];
  const longTimes = await inTurn(15, typescript, (name, round) => run(name, long(round)));
  report("57-line cell", longTimes, [{ peer: "tslab", must: 0.4, aim: 0.3 }]);

  // tslab takes seconds for these; three rounds show it.
  const hot = { peer: "deno", must: 2.5, aim: 1.5 };
  for (const [what, before, code] of [
    ["`for (1e7) s += i` at top level", "", "let s = 0; for (let i = 0; i < 1e7; i++) s += i; s"],
    [
      "reading an earlier cell's array 1e6 times",
      "const xs = new Float64Array(1000).map((_, i) => i)",
      "let sum = 0; for (let i = 0; i < 1e6; i++) sum += xs[i % 1000]; sum",
    ],
    [
      "writing an earlier cell's `let` 1e6 times",
      "let count = 0; function bump() { for (let i = 0; i < 1e6; i++) count++; return count }",
      "bump()",
    ],
    [
      "a function calling another of its cell 1e7 times",
      "",
      "function twice(x: number) { return 2 * x } function all() { let s = 0; for (let i = 0; i < 1e7; i++) s += twice(i); return s } all()",
    ],
  ]) {
    for (const name of typescript) await run(name, cells(before));
    const times = await inTurn(5, typescript, (name) => run(name, cells(code)));
    report(what, times, [hot]);
  }

  const complete = async (name: Name, round: number) => {
    const code = `const y${round} = Math.`;
    const question = { code, cursor_pos: code.length };
    return (await timed(() => clients[name].request("shell", "complete_request", question))).time;
  };
  report("completion", await inTurn(20, typescript, complete), [{ peer: "tslab", must: 1 }]);

  const busy = clients.unrolled.execute("const until = Date.now() + 3000; while (Date.now() < until);");
  const whileBusy = await inTurn(30, ["unrolled"], (name, round) => complete(name, 100 + round));
  await busy;
  report("completion while a cell runs (nobody else answers)", whileBusy, []);

  const lines = cells("for (let i = 0; i < 10000; i++) console.log(i)", "for i in range(10000): print(i)");
  // tslab never gets idle after as many, and is of no more use then.
  const printers: Name[] = ["unrolled", "deno", "ipykernel"];
  const printed = await inTurn(7, printers, (name) => run(name, lines));
  report("10 000 lines to idle", printed, [{ peer: "ipykernel", must: 1.5 }]);
}

/** In a kernel of its own: what stays of cells that each declare something. */
async function measureGrowth(): Promise<void> {
  const client = await startKernel({ cwd: folder });
  const times: number[] = [];
  const memory: number[] = [];
  for (let cell = 0; cell < 1000; cell++) {
    times.push(await execute(client, `const value${cell} = { at: ${cell} }; value${cell}.at + 1`));
    if (cell % 10 === 9) memory.push(await residentMemory(client));
  }
  await client.shutdown();
  const early = times.slice(10, 60);
  rows.push({
    what: "trivial cell that declares, cells 250–300 beside 10–60",
    values: { unrolled: median(times.slice(250, 300)), early: median(early) },
    goals: [{ peer: "early", must: 1.3 }],
  });
  rows.push({
    what: "resident memory after 1000 cells, beside that after 200",
    values: { unrolled: median(memory.slice(-10)), early: median(memory.slice(15, 25)) },
    goals: [{ peer: "early", must: 1.15 }],
    unit: "MB",
  });
}

async function residentMemory(client: KernelClient): Promise<number> {
  const { outputs } = await client.execute("process.memoryUsage.rss() / 2 ** 20");
  const [result] = outputs;
  if (result?.output_type !== "execute_result") throw new Error("process.memoryUsage gave no result");
  return Number(result.data["text/plain"]);
}

/** A class with types and typed arrays, as a user of a notebook writes it. */
function longCell(round: number): string {
  const methods = Array.from(
    { length: 7 },
    (_, at) => `
  layer${at}(input: Float64Array, scale: number = ${at + round}): Float64Array {
    const output = new Float64Array(this.size);
    for (let i = 0; i < output.length; i++) {
      output[i] = Math.tanh(scale * input[i % input.length]);
    }
    return output;
  }`,
  );
  return `interface Options {
  size: number;
  names?: readonly string[];
}
class Network {
  readonly size: number;
  constructor({ size }: Options) {
    this.size = size;
  }${methods.join("")}
}
const network = new Network({ size: 8 });
network.layer0(Float64Array.of(1, 2, 3)).length`;
}

try {
  await measureStart();
  const clients = {} as Record<Name, KernelClient>;
  for (const name of names) clients[name] = await startKernel({ cwd: folder, command: commands[name] });
  // Between a kernel's start and the first cell a user reads; ours uses the time.
  await sleep(4000);
  await measureCells(clients);
  for (const name of names) await clients[name].shutdown();
  await measureGrowth();
  console.log(
    `${cpus()[0].model}, ${availableParallelism()} cores, Node ${process.version}; medians of one run:\n`,
  );
  const columns = [...names, "early"];
  const reached = printTable(columns, rows);
  process.exitCode = reached ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
