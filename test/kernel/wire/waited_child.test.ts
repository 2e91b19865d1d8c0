import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test, vi } from "vitest";
import { isAlive } from "../../../files/is_alive.js";
import { withDescendants } from "../../../kernel/wire/child_processes.js";
import { WaitedChild } from "../../../kernel/wire/waited_child.js";
import { WAITS } from "../../../kernel/threads.js";
import { eventually } from "../../support/eventually.js";

test.skipIf(process.platform === "win32")(
  "an interrupt does not kill a process that has got the number of a child that has ended",
  async () => {
    const shell = spawn("sh", ["-c", "trap : INT; sleep 1000; echo woken; read line"]);
    onTestFinished(() => void shell.kill("SIGKILL"));
    const exited = once(shell, "exit");
    const [sleeper] = await eventually(async () => {
      const [, ...below] = await withDescendants([shell.pid!]);
      expect(below).toHaveLength(1);
      return below;
    });
    const kill = vi.spyOn(process, "kill");
    const waited = new WaitedChild();
    waited.connect(new Int32Array(new SharedArrayBuffer(4)).fill(WAITS));
    waited.begin([]);
    const woken = once(shell.stdout, "data");
    expect(await waited.end()).toBe(true);
    await woken;
    expect(isAlive(sleeper)).toBe(false);

    vi.spyOn(performance, "now").mockReturnValue(performance.now() + 1_000_000);
    expect(await waited.end()).toBe(true);
    await exited;
    const killed = kill.mock.calls.filter(([, signal]) => signal === "SIGKILL").map(([pid]) => pid);
    expect(killed).toEqual([shell.pid]);
  },
);
