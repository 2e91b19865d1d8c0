// The fixtures of PyTorch, written anew and held against those that are committed.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { findPython } from "../../support/python.js";

const committed = fileURLToPath(new URL("../../vectors/torch/", import.meta.url));
const python = findPython(["torch"], "python3-torch libopenblas0-pthread");

type Json = null | string | number | boolean | Json[] | { [key: string]: Json };

/** Every number with its path, in the order of the file; other values stand for themselves. */
function leaves(value: Json, path = ""): [path: string, leaf: Json][] {
  if (value === null || typeof value !== "object") return [[path, value]];
  return Object.entries(value).flatMap(([key, branch]) => leaves(branch, `${path}.${key}`));
}

test.skipIf(python === undefined)("PyTorch writes the committed fixtures again", () => {
  const folder = mkdtempSync(join(tmpdir(), "torch-vectors-"));
  const env = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };
  execFileSync(python!, [join(committed, "write.py"), folder], { env });
  const names = (directory: string) => readdirSync(directory).filter((name) => name.endsWith(".json"));
  expect(names(committed)).toEqual(names(folder));
  for (const name of names(folder)) {
    const read = (directory: string) =>
      leaves(JSON.parse(readFileSync(join(directory, name), "utf8")) as Json);
    const [before, now] = [read(committed), read(folder)];
    expect(before.map(([path]) => path)).toEqual(now.map(([path]) => path));
    before.forEach(([path, value], index) => {
      const again = now[index][1];
      // The order of a sum, and with it the last bits, may differ from one machine's BLAS to another's.
      if (path.includes(".expected.") && typeof value === "number" && typeof again === "number") {
        // Of a direction that shrinks, an exponent is the logarithm of what QR leaves of it: the less, the fewer digits.
        const tolerance = path.includes(".lyapunov.") ? 1e-10 : 1e-14;
        expect(Math.abs(value - again), path).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(again)));
      } else expect(value, path).toBe(again);
    });
  }
});
