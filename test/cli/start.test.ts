// `unrolled start`, with a Jupyter that writes down how it was called, and without any.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packageRoot } from "../../kernel/package_root.js";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unrolled-start-"));
  path = join(folder, "bin");
  mkdirSync(path);
  // Only what is put here is on the PATH.
  symlinkSync(process.execPath, join(path, "node"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function start(...args: string[]) {
  return spawnSync(process.execPath, [join(packageRoot, "dist", "cli", "unrolled.js"), "start", ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { HOME: folder, PATH: path, TMPDIR: folder, OUT: join(folder, "called") },
  });
}

/** A `jupyter` that knows the given subcommands. */
function installJupyter(...commands: string[]): void {
  const file = join(path, "jupyter");
  writeFileSync(
    file,
    `#!${process.execPath}
const [command, ...args] = process.argv.slice(2);
if (!${JSON.stringify(commands)}.includes(command)) process.exit(1);
if (args[0] === "--version") process.exit(0);
const { readFileSync, writeFileSync } = require("node:fs");
const spec = readFileSync(process.env.JUPYTER_PATH + "/kernels/unrolled/kernel.json", "utf8");
writeFileSync(process.env.OUT, JSON.stringify({ command, args, spec, prefix: process.env.JUPYTER_PATH }));
process.exit(7);
`,
  );
  chmodSync(file, 0o755);
}

const called = () =>
  JSON.parse(readFileSync(join(folder, "called"), "utf8")) as Record<
    "command" | "spec" | "prefix",
    string
  > & { args: string[] };

describe("unrolled start", () => {
  it("opens the first notebook in JupyterLab, with the kernel registered for that run", () => {
    installJupyter("lab", "notebook");
    expect(start("--language", "ko").status).toBe(7);
    const { command, args, spec, prefix } = called();
    expect(command).toBe("lab");
    expect(args[0]).toBe(`--notebook-dir=${join(packageRoot, "notebooks")}`);
    expect(args[1]).toMatch(/notebooks\/ko\/0\d_\w+\.ipynb$/);
    expect(existsSync(args[1])).toBe(true);
    expect(spec).toContain("unrolled.js");
    expect(existsSync(prefix)).toBe(false);
  });

  it("takes the classic notebook where there is no JupyterLab", () => {
    installJupyter("notebook");
    start();
    expect(called().command).toBe("notebook");
  });

  it(
    "runs all notebooks where there is no Jupyter, and says where the results are",
    { timeout: 300_000 },
    () => {
      const { status, stdout, stderr } = start("--language", "en");
      expect(status, stderr).toBe(0);
      expect(stdout).toContain("The results are in results/en");
      const results = join(folder, "results", "en");
      expect(readdirSync(results)).toEqual(
        readdirSync(join(packageRoot, "notebooks", "en")).filter((name) => name.endsWith(".ipynb")),
      );
      for (const name of readdirSync(results))
        expect(readFileSync(join(results, name), "utf8")).toContain('"image/png"');
    },
  );

  it("refuses a language it does not have", () => {
    const { status, stderr } = start("--language", "fr");
    expect(status).toBe(1);
    expect(stderr).toBe('unrolled: start: --language is "fr", expected "en" or "ko"\n');
  });
});
