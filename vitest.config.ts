import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/support/temporary_folder.ts",
    // Real kernels start in some tests, on machines that may be busy.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 40_000 } },
    // A browser, kernels and tests on two cores that others use too: in CI what fails once is tried again, and said so.
    retry: process.env.CI ? 1 : 0,
    // Of the tests that ask to run side by side: each drives a kernel, and CI has two cores.
    maxConcurrency: 2,
  },
});
