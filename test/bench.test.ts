// The benchmarks of the library run on it as it was built last.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../kernel/package_root.js";

test.each(["unrolled.js", "engine.js"])("%s answers with the time of a step", (contender) => {
  const { stdout, stderr } = spawnSync(process.execPath, [join(packageRoot, "bench/contenders", contender)], {
    input: "train a 1\ninfer a 1\ntrain b 0\n",
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  const times = stdout.trim().split("\n").map(Number);
  expect(times).toHaveLength(3);
  for (const time of times) expect(time).toBeGreaterThan(0);
});

test("what gradient flow costs is a share of a training step", () => {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(packageRoot, "bench/flow.js"), "float32", "1"],
    {
      encoding: "utf8",
    },
  );
  expect(stderr).toBe("");
  // On a busy machine a share may be 0.0.
  expect(stdout.match(/[\d.]+, [\d.]+ %/g)).toHaveLength(5 * 3);
  expect(stdout.match(/[\d.]+( \+ [\d.]+){4}, all [\d.]+ %/g)).toHaveLength(5 * 3);
});
