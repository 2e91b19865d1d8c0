// The fixtures of PyTorch, written anew and held against those that are committed.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { findPython } from "../../support/python.js";
import { expectSameNumbers } from "../../support/same_numbers.js";

const committed = fileURLToPath(new URL("../../vectors/torch/", import.meta.url));
const python = findPython(["torch"], "python3-torch libopenblas0-pthread");

test.skipIf(python === undefined)("PyTorch writes the committed fixtures again", () => {
  const folder = mkdtempSync(join(tmpdir(), "torch-vectors-"));
  const env = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };
  execFileSync(python!, [join(committed, "write.py"), folder], { env });
  const names = (directory: string) => readdirSync(directory).filter((name) => name.endsWith(".json"));
  expect(names(committed)).toEqual(names(folder));
  for (const name of names(folder)) {
    const [before, now] = [committed, folder].map(
      (directory) => JSON.parse(readFileSync(join(directory, name), "utf8")) as unknown,
    );
    expectSameNumbers(now, before, (path) => {
      if (!path.includes(".expected.")) return 0;
      // Of a direction that shrinks, an exponent is the logarithm of what QR leaves of it: the less, the
      // fewer digits.
      return path.includes(".lyapunov.") ? 1e-10 : 1e-14;
    });
  }
});
