// The language process starts from a snapshot; without one, or with a broken one, cells run all the same.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startKernel } from "../../kernel/client.js";
import { buildSnapshot, snapshotFile } from "../../kernel/language/snapshot_file.js";
import { resultText } from "../support/kernel.js";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unrolled-snapshot-"));
  // Where Linux, macOS and Windows look for a user's caches.
  vi.stubEnv("XDG_CACHE_HOME", folder);
  vi.stubEnv("HOME", folder);
  vi.stubEnv("LOCALAPPDATA", folder);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** What a cell says in a new kernel, and how the language process of that kernel was started. */
async function run(code: string, meanwhile: () => Promise<void> = () => Promise.resolve()) {
  const client = await startKernel({ cwd: folder });
  try {
    const execution = await client.execute(code);
    const pid = resultText(await client.execute("process.pid"));
    const lines = execFileSync("ps", ["-A", "-o", "ppid=,args="], { encoding: "utf8" }).split("\n");
    const children = lines.map((line) => line.trim()).filter((line) => line.startsWith(`${pid} `));
    await meanwhile();
    return { result: resultText(execution), error: execution.error, children };
  } finally {
    await client.shutdown();
  }
}

describe.skipIf(process.platform === "win32")("the snapshot of the language process", () => {
  test("is what it starts from, in whatever folder", async () => {
    await buildSnapshot();
    writeFileSync(join(folder, "here.ts"), "export const here: number = 7;");
    const { result, children } = await run(
      'import { here } from "./here.ts"; const bytes: Buffer = Buffer.alloc(here * 2); bytes.length',
    );
    expect(result).toBe("14");
    expect(children).toEqual([expect.stringContaining(`--snapshot-blob ${snapshotFile()}`)]);
  });

  test("is built by the first kernel that finds none, which runs its cells without", async () => {
    expect(existsSync(snapshotFile())).toBe(false);
    const { result, children } = await run("const a: number = 1; a + 1", () =>
      vi.waitFor(() => expect(existsSync(snapshotFile())).toBe(true), { timeout: 50_000 }),
    );
    expect(result).toBe("2");
    expect(children).toContainEqual(expect.stringContaining("main.js"));
  });

  test("is passed over where it cannot be used", async () => {
    mkdirSync(dirname(snapshotFile()), { recursive: true });
    writeFileSync(snapshotFile(), "no snapshot");
    const { result, children } = await run("const a: number = 1; a + 1");
    expect(result).toBe("2");
    expect(children).toEqual([expect.stringContaining("main.js")]);
  });
});
