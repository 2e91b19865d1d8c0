import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/support/temporary_folder.ts",
    // Real kernels and browsers start in some tests, on machines that may be busy. Tests wait for events; the
    // limits are for those that never come.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 300_000 } },
    // A browser, kernels and tests on two cores that others use too: in CI what fails once is tried again,
    // and said so.
    retry: process.env.CI ? 1 : 0,
    // How many of the tests that ask to run side by side do so: each drives a kernel, and CI has two cores.
    maxConcurrency: 2,
  },
});
