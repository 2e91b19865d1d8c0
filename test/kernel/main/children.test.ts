// Child processes of a cell that are given the kernel's own streams print in the cell.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { KernelClient } from "../../../kernel/protocol/client.js";
import { startKernel } from "../../../kernel/protocol/client.js";
import { isAlive } from "../../../files/is_alive.js";
import { resultText, useKernel } from "../../support/kernel.js";
import { eventually } from "../../support/eventually.js";

const kernel = useKernel();

const both = "console.log('가 out'); console.error('err')";
const SHOWN = [
  { output_type: "stream", name: "stdout", text: "가 out\n" },
  { output_type: "stream", name: "stderr", text: "err\n" },
];

async function outputs(code: string): Promise<unknown[]> {
  const execution = await kernel.client.execute(code);
  expect(execution.error?.traceback.join("\n")).toBe(undefined);
  return execution.outputs;
}

beforeAll(async () => {
  writeFileSync(join(kernel.folder, "both.cjs"), `${both}; process.send?.("sent"); process.disconnect?.()`);
  await kernel.evaluate(
    'import { execFileSync, execSync, fork, spawn, spawnSync } from "node:child_process"; import { once } from "node:events"; const node = process.execPath, args = ["both.cjs"];',
  );
});

describe("what a child prints with the kernel's own streams", () => {
  test.each([
    ["spawnSync", 'spawnSync(node, args, { stdio: "inherit" });'],
    ["spawnSync by numbers", "spawnSync(node, args, { stdio: [0, 1, 2] });"],
    ["execFileSync", 'execFileSync(node, args, { stdio: "inherit" });'],
    ["execSync", 'execSync(`"${node}" both.cjs`, { stdio: "inherit" });'],
    ["require", 'require("child_process").execFileSync(node, args, { stdio: "inherit" });'],
    ["spawn", 'await once(spawn(node, args, { stdio: "inherit" }), "exit");'],
    [
      "spawn with streams",
      'await once(spawn(node, args, { stdio: [null, process.stdout, process.stderr] }), "exit");',
    ],
    ["fork", 'await once(fork("both.cjs"), "exit");'],
  ])("is output of the cell: %s", async (_, code) => {
    const byName = (a: unknown, b: unknown) => Number(JSON.stringify(a) < JSON.stringify(b)) * 2 - 1;
    expect((await outputs(`${code} undefined`)).sort(byName)).toEqual(SHOWN);
  });

  test("appears in order among what the cell prints", async () => {
    const code = 'console.log(1); spawnSync(node, ["-p", "2"], { stdio: "inherit" }); console.log(3)';
    expect(await kernel.printed(code)).toBe("1\n2\n3\n");
  });

  test("is shown also when the child fails, and however long it is", async () => {
    const child = 'console.log("x".repeat(3_000_000)); process.exitCode = 3';
    const code = `try { execFileSync(node, ["-e", ${JSON.stringify(child)}], { stdio: "inherit" }) } catch (error) { console.log((error as { status: number }).status) }`;
    expect(await kernel.printed(code)).toBe(`${"x".repeat(3_000_000)}\n3\n`);
  });

  test("is complete without waiting for what the child has left running", async () => {
    const left =
      'require("child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 20_000)"], { stdio: "inherit", detached: true }).unref(); console.log("left")';
    expect(
      await kernel.printed(`execFileSync(node, ["-e", ${JSON.stringify(left)}], { stdio: "inherit" })`),
    ).toBe("left\n");
  }, 10_000);
});

test("other streams of a child, and its channel, stay as they are", async () => {
  const piped = 'execFileSync(node, args, { stdio: ["ignore", "pipe", "ignore"] }).toString()';
  expect(await outputs(piped)).toMatchObject([{ data: { "text/plain": "'가 out\\n'" } }]);
  const code =
    'const child = fork("both.cjs", { silent: true }); const told = await once(child, "message"); child.stdout?.setEncoding("utf8"); [told[0], (await once(child.stdout!, "data"))[0]]';
  expect(await kernel.evaluate(code)).toBe("[ 'sent', '가 out\\n' ]");
  const streams =
    'const shared = spawn(node, args, { stdio: "inherit" }); await once(shared, "close"); [shared.stdout, shared.stderr]';
  expect(await kernel.evaluate(streams)).toBe("[ null, null ]");
});

describe.skipIf(process.platform === "win32")("what cells have started", () => {
  const cell = `import { exec, fork, spawn } from "node:child_process"; import { writeFileSync } from "node:fs"; import { Worker } from "node:worker_threads"; import { once } from "node:events";
    writeFileSync("stays.cjs", "setInterval(() => undefined, 1000)");
    const stubborn = spawn(process.execPath, ["-e", "process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000); console.log('there')"]);
    await once(stubborn.stdout, "data");
    const shell = exec("sleep 10000 & echo $!; wait");
    const [inShell] = await once(shell.stdout!, "data");
    const worker = new Worker('require("worker_threads").parentPort.postMessage(require("child_process").spawn("sleep", ["10000"]).pid)', { eval: true });
    const [inWorker] = await once(worker, "message");
    const own = spawn("sleep", ["10000"], { detached: true, stdio: "ignore" }); own.unref();
    JSON.stringify([own.pid, stubborn.pid, shell.pid, Number(inShell), inWorker, fork("stays.cjs").pid, process.pid])`;

  async function ends(end: (client: KernelClient, pid: number) => Promise<void>): Promise<void> {
    const client = await startKernel({ cwd: kernel.folder });
    const { error, ...execution } = await client.execute(cell);
    expect(error?.traceback.join("\n")).toBe(undefined);
    const pids = JSON.parse(resultText(execution)!.slice(1, -1)) as number[];
    const [own, ...others] = pids;
    try {
      expect(pids.filter((pid) => !isAlive(pid))).toEqual([]);
      await end(client, others.at(-1)!);
      await eventually(() => {
        expect(others.filter(isAlive)).toEqual([]);
      });
      expect(isAlive(own)).toBe(true);
    } finally {
      process.kill(own, "SIGKILL");
    }
  }

  test("ends with the kernel, except detached processes", () => ends((client) => client.shutdown()));

  test("ends when the kernel is killed", () =>
    ends(async (client, pid) => {
      process.kill(pid, "SIGKILL");
      await client.shutdown();
    }));
});
