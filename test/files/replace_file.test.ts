// Files are replaced by complete ones or stay as they were.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { temporaryName } from "../../files/left_overs.js";
import { replaceFile, replaceFileSync } from "../../files/replace_file.js";
import { packageRoot } from "../../kernel/package_root.js";
import { mountSmallDisk } from "../support/small_disk.js";

const built = JSON.stringify(join(packageRoot, "dist", "files", "replace_file.js"));
const isPosix = process.platform !== "win32";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unrolled-replace-"));
  file = join(folder, "a.ipynb");
});

/** An asynchronous function for either of the two. */
const both = [
  ["replaceFile", replaceFile],
  [
    "replaceFileSync",
    async (...args: Parameters<typeof replaceFileSync>) => {
      await Promise.resolve();
      replaceFileSync(...args);
    },
  ],
] as const;

describe.each(both)("%s", (name, replace) => {
  test("creates and replaces a file, and leaves nothing next to it", async () => {
    await replace(file, "한");
    await replace(file, new TextEncoder().encode("글"));
    expect(readFileSync(file, "utf8")).toBe("글");
    expect(readdirSync(folder)).toEqual(["a.ipynb"]);
  });

  test.runIf(isPosix)("keeps the permissions, and replaces what a link leads to", async () => {
    writeFileSync(file, "old");
    chmodSync(file, 0o640);
    symlinkSync("a.ipynb", join(folder, "link"));
    await replace(join(folder, "link"), "new");
    expect(readFileSync(file, "utf8")).toBe("new");
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(["a.ipynb", "link"]);
  });

  test("replaces a file with the longest name there is", async () => {
    const longest = join(folder, "가".repeat(85));
    await replace(longest, "x");
    expect(readFileSync(longest, "utf8")).toBe("x");
  });

  test("throws for a folder that is not there, and for one in the file's place", async () => {
    await expect(replace(join(folder, "none", "a"), "x")).rejects.toThrow("ENOENT");
    mkdirSync(file);
    await expect(replace(file, "x")).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(["a.ipynb"]);
  });

  test("keeps the old file if the disk takes a part of the new one only", async ({
    skip,
    onTestFinished,
  }) => {
    const small = mountSmallDisk(join(folder, "small"));
    if (!small) return skip("no disk can be mounted here");
    onTestFinished(() => {
      small.remove();
    });
    const onSmall = join(folder, "small", "a.ipynb");
    await replace(onSmall, "old");
    small.fill(8192);
    const before = readdirSync(join(folder, "small"));
    await expect(replace(onSmall, "x".repeat(100_000))).rejects.toThrow("ENOSPC");
    expect(readFileSync(onSmall, "utf8")).toBe("old");
    expect(readdirSync(join(folder, "small"))).toEqual(before);
  });

  // The shell's limit on the size of files works like a quota: it takes what still fits and then refuses.
  test.runIf(isPosix)("keeps the old file if a limit cuts the new one off", async () => {
    await replace(file, "old");
    const script = `import * as files from ${built};
try { await files.${name}(process.argv[1], "x".repeat(1_000_000)); } catch (error) { console.log(error.code); }`;
    const limited = 'ulimit -f 100; exec "$0" --input-type=module -e "$1" "$2"';
    const { stdout, stderr } = spawnSync("sh", ["-c", limited, process.execPath, script, file]);
    expect([String(stdout), String(stderr)]).toEqual(["EFBIG\n", ""]);
    expect(readFileSync(file, "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["a.ipynb"]);
  });
});

test.runIf(isPosix)("a file gets the permissions that are asked for", async () => {
  await replaceFile(file, "x", { mode: 0o600 });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  chmodSync(file, 0o644);
  await replaceFile(file, "x", { mode: 0o600 });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("one file is written in the order of the calls, also after one that failed", async () => {
  const contents = Array.from({ length: 20 }, (_, n) => String(n).repeat(n % 2 ? 1 : 500_000));
  await Promise.all(contents.map((content) => replaceFile(file, content)));
  expect(readFileSync(file, "utf8")).toBe("19");
  const none = join(folder, "none", "a");
  const results = await Promise.allSettled([replaceFile(none, "x"), replaceFile(none, "y")]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});

describe("what a killed writer has left", () => {
  /** Writes for ever; killed after its first file. */
  const kill = async () => {
    const script = `import { replaceFile } from ${built};
for (;;) { await replaceFile(process.argv[1], "x".repeat(5_000_000)); process.stdout.write("."); }`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script, file]);
    await once(child.stdout, "data");
    const isWriting = () => readdirSync(folder).length > 1;
    await expect.poll(isWriting, { interval: 1 }).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    return child.pid!;
  };

  test("is hidden, and is removed by the next writer in that folder", async () => {
    const pid = await kill();
    // It may have come to the end of its file before the signal came.
    writeFileSync(join(folder, temporaryName().replace(String(process.pid), String(pid))), "half");
    expect(readdirSync(folder).filter((name) => !name.startsWith("."))).toEqual(["a.ipynb"]);
    await replaceFile(file, "new");
    expect(readdirSync(folder)).toEqual(["a.ipynb"]);
    expect(readFileSync(file, "utf8")).toBe("new");
  });

  test("stays while its writer may be alive, here or elsewhere", async () => {
    const elsewhere = ".unrolled-00000000-1-0123456789abcdef.tmp";
    const here = temporaryName();
    const others = [".unrolled-notes.tmp", "b.tmp"];
    for (const name of [elsewhere, here, ...others]) writeFileSync(join(folder, name), "");
    await replaceFile(file, "x");
    expect(readdirSync(folder).sort()).toEqual([elsewhere, here, ...others, "a.ipynb"].sort());
  });

  test("is removed after a day, whoever wrote it", async () => {
    const name = ".unrolled-00000000-1-0123456789abcdef.tmp";
    writeFileSync(join(folder, name), "");
    const yesterday = Date.now() / 1000 - 90_000;
    utimesSync(join(folder, name), yesterday, yesterday);
    await replaceFile(file, "x");
    expect(readdirSync(folder)).toEqual(["a.ipynb"]);
  });
});
