// The language process starts from a snapshot; without one, or with a broken one, cells run all the same.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startKernel } from "../../../kernel/protocol/client.js";
import { isAlive } from "../../../files/is_alive.js";
import { buildSnapshot, findSnapshot } from "../../../kernel/language/snapshot_file.js";
import { installPackage } from "../../support/installed_package.js";
import { plainTraceback, resultText } from "../../support/kernel.js";
import { eventually } from "../../support/eventually.js";

// For a build on a machine that is busy with others.
const LONG = 600_000;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "unrolled-snapshot-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What a cell says in a new kernel, and how the language process of that kernel was started. */
async function run(code: string, command?: (connectionFile: string) => string[]) {
  const client = await startKernel({ cwd: folder, command });
  try {
    const execution = await client.execute(code);
    const pid = resultText(await client.execute("process.pid"));
    const lines = execFileSync("ps", ["-A", "-o", "ppid=,args="], { encoding: "utf8" }).split("\n");
    const children = lines.map((line) => line.trim()).filter((line) => line.startsWith(`${pid} `));
    return { result: resultText(execution), error: execution.error, children };
  } finally {
    await client.shutdown();
  }
}

describe.skipIf(process.platform === "win32")("the snapshot of the language process", () => {
  test("is what the process starts from, in any folder", { timeout: LONG }, async () => {
    await buildSnapshot();
    writeFileSync(join(folder, "here.ts"), "export const here: number = 7;");
    const { result, children } = await run(
      'import { here } from "./here.ts"; const bytes: Buffer = Buffer.alloc(here * 2); bytes.length',
    );
    expect(result).toBe("14");
    expect(children).toEqual([expect.stringContaining(`--snapshot-blob ${findSnapshot()}`)]);
  });

  describe("of an installed package", () => {
    let installed: string;
    let snapshots: typeof import("../../../kernel/language/snapshot_file.js");
    let kernelCommand: (connectionFile: string) => string[];

    beforeAll(async () => {
      installed = installPackage(join(folder, "내 폴더 (1)"));
      const load = (file: string) => import(join(installed, "dist", "kernel", file)) as Promise<unknown>;
      snapshots = (await load("language/snapshot_file.js")) as typeof snapshots;
      ({ kernelCommand } = (await load("protocol/kernelspec.js")) as { kernelCommand: typeof kernelCommand });
    }, LONG);

    /** Where this Node's snapshot of this installation is to lie. */
    const place = () => {
      const cache = join(installed, ".cache");
      return join(
        cache,
        readdirSync(cache).find((name) => name.startsWith("language-"))!,
      );
    };

    /**
     * A kernel that runs one cell; then all is killed that Jupyter would kill.
     * @returns the builder that it
     * leaves
     */
    async function liveShortly(): Promise<number> {
      const client = await startKernel({ cwd: folder, command: kernelCommand });
      const pid = Number(resultText(await client.execute("process.pid")));
      const builder = await eventually(() => {
        const lock = readdirSync(place()).find((name) => name.endsWith(".building"))!;
        const pid = Number(readFileSync(join(place(), lock), "utf8"));
        // Just being written it is empty, and 0 stands for this process's own group.
        expect(pid > 1 && isAlive(pid)).toBe(true);
        return pid;
      });
      process.kill(-pid, "SIGKILL");
      await client.shutdown();
      return builder;
    }

    test(
      "is built, by a kernel that lives for one cell, where an earlier build was cut off",
      { timeout: LONG },
      async () => {
        expect(snapshots.findSnapshot()).toBe(undefined);
        process.kill(-(await liveShortly()), "SIGKILL");
        await liveShortly();
        await vi.waitUntil(snapshots.findSnapshot, { timeout: LONG });
        expect(dirname(snapshots.findSnapshot()!)).toBe(place());
        const { result, children } = await run("const a: number = 1; a + 1", kernelCommand);
        expect(result).toBe("2");
        expect(children).toEqual([expect.stringContaining(`--snapshot-blob ${snapshots.findSnapshot()}`)]);
        // The kernel's own lines are hidden here too, where URLs spell the folder otherwise.
        const { error } = await run('throw new Error("seen")', kernelCommand);
        expect(plainTraceback(error).at(-1)).toBe("    at cell[1].ts:1:7");
      },
    );

    test("is built once by many at a time, who leave nothing else behind", { timeout: LONG }, async () => {
      const gone = join(place(), "..", "language-gone");
      mkdirSync(gone);
      const record = { packageRoot: join(folder, "nowhere"), node: process.execPath };
      writeFileSync(join(gone, "installation.json"), JSON.stringify(record));
      rmSync(snapshots.findSnapshot()!);
      const program = join(installed, "dist", "kernel", "language", "build_snapshot.js");
      const builders = Array.from({ length: 3 }, () => spawn(process.execPath, [program], { stdio: "pipe" }));
      expect(await Promise.all(builders.map((builder) => text(builder.stderr)))).toEqual(["", "", ""]);
      const blob = snapshots.findSnapshot();
      expect(readdirSync(place()).sort()).toEqual([basename(blob!), "installation.json"].sort());
      expect(existsSync(gone)).toBe(false);
    });

    test("is not used where it cannot be", async () => {
      writeFileSync(snapshots.findSnapshot()!, "no snapshot");
      const { result, children } = await run("const a: number = 1; a + 1", kernelCommand);
      expect(result).toBe("2");
      expect(children).toEqual([expect.stringContaining("main.js")]);
    });

    test("goes where the user may write, and is done without where it cannot be built", async () => {
      writeFileSync(
        join(installed, "dist", "kernel", "language", "snapshot.cjs"),
        'throw new Error("not today")',
      );
      rmSync(join(installed, ".cache"), { recursive: true });
      // No folder can be made in the place of a file, not even by the administrator.
      const file = join(installed, ".cache");
      writeFileSync(file, "");
      const build = async (cache: string, TMPDIR: string) => {
        const program = join(installed, "dist", "kernel", "language", "build_snapshot.js");
        const env = { ...process.env, HOME: cache, XDG_CACHE_HOME: cache, TMPDIR };
        const child = spawn(process.execPath, [program], { env, stdio: ["ignore", "ignore", "pipe"] });
        const [warning] = await Promise.all([text(child.stderr), once(child, "exit")]);
        expect(child.exitCode).toBe(0);
        return warning;
      };
      const failures = (place: string) =>
        readdirSync(place, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".failed"));
      const [cache, temporary] = ["cache", "tmp"].map((name) => join(folder, name));
      mkdirSync(temporary);

      expect(await build(cache, temporary)).toContain("not today");
      expect(failures(cache)).toHaveLength(1);
      expect(await build(file, temporary)).toContain("not today");
      expect(failures(temporary)).toHaveLength(1);
      const [own] = readdirSync(temporary);
      expect(statSync(join(temporary, own)).mode & 0o777).toBe(0o700);
      // Where others can write, they could have put a program of theirs.
      for (const name of failures(temporary)) rmSync(join(temporary, name));
      chmodSync(join(temporary, own), 0o777);
      expect(await build(file, temporary)).toContain("ENOTDIR");
      expect(failures(temporary)).toEqual([]);
    });
  });
});
