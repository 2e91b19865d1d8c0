// The process that compiles can end at any moment, and is ended where it computes what nobody waits for:
// another goes on where it was.

import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { useKernel, useListener } from "../../support/kernel.js";
import { eventually } from "../../support/eventually.js";

const kernel = useKernel();
const listener = useListener(kernel);

// Types that take minutes to compute, on any machine.
const SLOW = `type Zeros<N extends number, A extends 0[] = []> = A["length"] extends N ? A : Zeros<N, [...A, 0]>;
type Copy<A> = A extends [infer H, ...infer R] ? [H, ...Copy<R>] : [];
${Array.from({ length: 200 }, (_, i) => `const slow${i}: Copy<Zeros<${800 + i}>> = 0 as never;`).join("\n")}`;

let kernelPid: string;

beforeAll(async () => {
  kernelPid = (await kernel.evaluate("process.pid"))!;
  await kernel.evaluate("const kept: number = 4; let changed = 1;");
  await kernel.evaluate("changed += kept");
  await kernel.evaluate("/** @module shared */ export const shared: number = 7;");
});

function killLanguage(): void {
  const list = execFileSync("ps", ["-A", "-o", "ppid=,pid="], { encoding: "utf8" });
  const lines = list.split("\n").map((line) => line.trim().split(/ +/));
  for (const [parent, pid] of lines) if (parent === kernelPid) process.kill(Number(pid), "SIGKILL");
}

async function expectAllThere(): Promise<void> {
  expect(await kernel.evaluate('import { shared } from "./shared"; [kept, changed, shared]')).toBe(
    "[ 4, 5, 7 ]",
  );
  const { error } = await kernel.client.execute("const wrong: string = kept");
  expect(error?.evalue).toContain("Type 'number' is not assignable to type 'string'");
  const request = { code: "kep", cursor_pos: 3 };
  const { content } = await kernel.client.request("shell", "complete_request", request);
  expect(content.matches).toEqual(["kept"]);
}

describe.skipIf(process.platform === "win32")("the language process", () => {
  test("ends with the compilation that is interrupted, and comes back", async () => {
    const execution = kernel.client.execute(SLOW);
    // Sent at once, the interrupt could overtake the cell, which comes by another channel.
    await eventually(() => {
      const inputs = listener.received.filter(({ header }) => header.msg_type === "execute_input");
      expect(inputs.at(-1)?.content.code).toBe(SLOW);
    });
    await kernel.client.interrupt();
    expect((await execution).error?.ename).toBe("Interrupted");
    await expectAllThere();
    expect((await kernel.client.execute("slow0")).error?.evalue).toContain("Cannot find name 'slow0'");
  });

  test("comes back after it was killed, with what earlier cells declared", async () => {
    killLanguage();
    await expectAllThere();
    // Once more: what the second one learned is kept too.
    await kernel.evaluate("class Own { private x = 1 }");
    await kernel.evaluate("const later = { kept }, own = new Own();");
    killLanguage();
    expect(await kernel.evaluate("later.kept")).toBe("4");
    // Declared again as it was, a class is the same.
    await kernel.evaluate("class Own { private x = 1 }");
    expect(await kernel.evaluate("const same: Own = own; same")).toBe("Own { x: 1 }");
    await expectAllThere();
  });

  test("fails the cell that kills it, and no other", async () => {
    const execution = kernel.client.execute(SLOW);
    const next = kernel.client.request("shell", "is_complete_request", { code: "1 +" });
    let done = false;
    void execution.then(() => (done = true));
    await eventually(() => {
      if (!done) killLanguage();
      expect(done).toBe(true);
    });
    const { error } = await execution;
    expect(error).toMatchObject({
      ename: "KernelError",
      evalue:
        "The compiler ended while it was working on this (SIGKILL). What earlier cells defined is kept.",
    });
    expect((await next).content.status).toBe("incomplete");
    await expectAllThere();
  });

  // The system gives an orphan another parent, mostly process 1, and a signal to -1 is for every process of
  // the user. A process number that has become free is given to another.
  test.each([
    ["the group that the kernel led", true, ["its group SIGTERM", "its group SIGKILL", "end", ""]],
    ["nobody where the kernel led none", false, ["end", ""]],
  ])("signals %s when it starts after the kernel has gone", async (_, detached, signals) => {
    const folder = mkdtempSync(join(tmpdir(), "orphan-"));
    const log = join(folder, "signals.txt");
    const recorder = join(folder, "recorder.mjs");
    writeFileSync(
      recorder,
      `import { appendFileSync } from "node:fs";
      const kernel = Number(process.env.KERNEL_PID);
      const write = (line) => appendFileSync(process.env.SIGNALS, line + "\\n");
      while (process.ppid === kernel);
      process.kill = (pid, signal) => {
        write(\`\${pid === -kernel ? "its group" : pid} \${signal}\`);
        if (signal === "SIGKILL") process.exit();
        return true;
      };
      process.on("exit", () => write("end"));`,
    );
    const language = new URL("../../../dist/kernel/language/snapshot_file.js", import.meta.url).href;
    const kernelThatDies = `
      import { spawn } from "node:child_process";
      import { languageCommand } from ${JSON.stringify(language)};
      const [command, ...args] = languageCommand();
      const env = { ...process.env, KERNEL_PID: process.pid, SIGNALS: ${JSON.stringify(log)},
        NODE_OPTIONS: ${JSON.stringify(`--import "${recorder}"`)} };
      spawn(command, args, { env, stdio: ["ignore", "ignore", "ignore", "ipc"] });
      process.kill(process.pid, "SIGKILL");`;
    spawn(process.execPath, ["--input-type=module", "-e", kernelThatDies], { detached, stdio: "inherit" });
    await eventually(() => {
      expect(existsSync(log)).toBe(true);
      expect(readFileSync(log, "utf8")).toMatch(/end\n$/);
    });
    expect(readFileSync(log, "utf8").split("\n")).toEqual(signals);
  });
});
