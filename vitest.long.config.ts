// The checks that take too long for every change: `npm run ci:long`.

import { defineConfig } from "vitest/config";
import config from "./vitest.config.js";

export default defineConfig({
  test: {
    ...config.test,
    include: [
      "test/kernel/wire/interrupt.test.ts",
      "test/kernel/wire/interrupted_start.test.ts",
      "test/lab/browser/walk.test.ts",
      "test/lab/server/killed.test.ts",
      "test/lab/server/memory.test.ts",
      "test/src/nn/losses.test.ts",
      "test/src/weights/corrupted.test.ts",
    ],
    env: { UNROLLED_LONG: "1" },
  },
});
