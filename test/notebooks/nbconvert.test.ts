// The committed notebooks under a stranger: Debian's Jupyter, with the kernel installed as a user would
// install it. The English ones only: `npm run notebooks` executes both languages, and their code is the same.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installKernelspec } from "../../kernel/protocol/kernelspec.js";
import { packageRoot } from "../../kernel/package_root.js";
import { compareNotebooks } from "../../notebooks/tooling/compare.js";
import { parseNotebook } from "../../kernel/protocol/nbformat.js";
import { findPython } from "../support/python.js";

const python = findPython(["nbconvert", "nbclient"], "python3-nbconvert python3-nbclient jupyter-client");
const notebooks = readdirSync(join(packageRoot, "notebooks", "en"))
  .filter((name) => name.endsWith(".ipynb"))
  .map((name) => join("en", name));

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "unrolled-nbconvert-"));
  await installKernelspec({ prefix: folder });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe.skipIf(python === undefined)("jupyter nbconvert --execute", () => {
  // As many at a time as vitest's maxConcurrency says.
  test.concurrent.each(notebooks)("gives the committed outputs of %s", async (name) => {
    const came = `${basename(name, ".ipynb")}-came.ipynb`;
    const committed = join(packageRoot, "notebooks", name);
    const args = ["-m", "nbconvert", "--to", "notebook", "--execute", committed];
    const child = spawn(python!, [...args, "--output-dir", folder, "--output", came], {
      env: {
        ...process.env,
        JUPYTER_PATH: join(folder, "share", "jupyter"),
        UNROLLED_PROGRESS: join(folder, `${came}-progress.json`),
        PYDEVD_DISABLE_FILE_VALIDATION: "1",
      },
    });
    let report = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (report += String(text)));
    const [status] = (await once(child, "close")) as [number];
    expect(status, report).toBe(0);
    const read = (file: string) => parseNotebook(readFileSync(file, "utf8"), file);
    const differences = compareNotebooks(read(committed), read(join(folder, came)));
    // nbclient notes in each cell's metadata when it ran.
    expect(differences.filter(({ what }) => what !== "metadata")).toEqual([]);
  });
});
