import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Never the progress of whoever runs the tests.
    env: { UNROLLED_PROGRESS: join(tmpdir(), `unrolled-test-${process.pid}`, "progress.json") },
    // Real kernels start in some tests, on machines that may be busy.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
