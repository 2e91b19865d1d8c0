// The kernel under real Jupyter clients: the suite that Jupyter offers to kernel authors, and nbconvert.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installKernelspec } from "../../../kernel/protocol/kernelspec.js";
import { findPython } from "../../support/python.js";

let prefix: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  prefix = mkdtempSync(join(tmpdir(), "unrolled-jupyter-"));
  await installKernelspec({ prefix });
  env = {
    ...process.env,
    JUPYTER_PATH: join(prefix, "share", "jupyter"),
    PYDEVD_DISABLE_FILE_VALIDATION: "1",
  };
});

afterAll(() => {
  rmSync(prefix, { recursive: true });
});

function run(python: string, args: string[]) {
  const { status, stdout, stderr } = spawnSync(python, args, { env, encoding: "utf8", cwd: prefix });
  return { status, text: stdout + stderr };
}

const suitePython = findPython(["jupyter_kernel_test"], "python3-jupyter-kernel-test");

describe.skipIf(suitePython === undefined)("jupyter_kernel_test", () => {
  test("passes every test it has, none skipped", () => {
    const { status, text } = run(suitePython!, [join(import.meta.dirname, "jupyter_kernel_tests.py"), "-v"]);
    expect(status, text).toBe(0);
    expect(text).toMatch(/Ran 12 tests/);
    expect(text).not.toMatch(/skipped/);
  });
});

const clientPython = findPython(["jupyter_client", "zmq"], "jupyter-client");

describe.skipIf(clientPython === undefined)("jupyter_client", () => {
  test("asks and is asked, opens comms, interrupts and is welcomed, over ports and sockets", () => {
    const { status, text } = run(clientPython!, [join(import.meta.dirname, "jupyter_client_tests.py")]);
    expect(status, text).toBe(0);
    expect(text).toMatch(/Ran 11 tests/);
  });
});

const consolePython = findPython(["jupyter_console"], "python3-jupyter-console");

describe.skipIf(consolePython === undefined)("jupyter console", () => {
  test("shows results, asks what a cell asks, and shows errors", () => {
    const args = ["-m", "jupyter_console", "--simple-prompt", "--kernel", "unrolled"];
    const input = [
      "const gain: number = 20",
      "gain + 1",
      'prompt("name? ")',
      "Ada",
      'throw new RangeError("too far")',
    ];
    const { stdout: shown, stderr: errors } = spawnSync(consolePython!, args, {
      env: { ...env, HOME: prefix },
      encoding: "utf8",
      cwd: prefix,
      input: `${input.join("\n")}\n`,
    });
    expect(shown, errors).toContain("Out[2]: 21");
    expect(shown).toContain("name? Out[3]: 'Ada'");
    const plain = stripVTControlCharacters(errors);
    expect(plain).not.toBe(errors);
    expect(plain).toContain("RangeError: too far");
    expect(plain).toContain("at cell[4].ts:1:7");
  });
});

const nbconvertPython = findPython(
  ["nbconvert", "nbclient"],
  "python3-nbconvert python3-nbclient jupyter-client",
);

describe.skipIf(nbconvertPython === undefined)("jupyter nbconvert --execute", () => {
  const notebook = (source: string) => ({
    cells: [{ cell_type: "code", id: "only", metadata: {}, execution_count: null, outputs: [], source }],
    metadata: {
      kernelspec: { name: "unrolled", display_name: "TypeScript (Unrolled)", language: "typescript" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  });

  function convert(source: string) {
    const input = join(prefix, "input.ipynb");
    writeFileSync(input, JSON.stringify(notebook(source)));
    const args = ["-m", "nbconvert", "--to", "notebook", "--execute", input, "--output", "output.ipynb"];
    return run(nbconvertPython!, args);
  }

  test("writes the results of a notebook", () => {
    const { status, text } = convert("const x: number = 6;\nx * 7");
    expect(status, text).toBe(0);
    const output = JSON.parse(readFileSync(join(prefix, "output.ipynb"), "utf8")) as ReturnType<
      typeof notebook
    >;
    expect(output.cells[0].outputs).toEqual([
      { output_type: "execute_result", data: { "text/plain": ["42"] }, metadata: {}, execution_count: 1 },
    ]);
  });

  test("fails on a cell that throws, with the error's name and message", () => {
    const { status, text } = convert('throw new RangeError("no such gate")');
    expect(status).not.toBe(0);
    expect(text).toContain("RangeError: no such gate");
  });
});
