// The self-test of notebook 00: green in a kernel, and on a machine that lacks something it says what, and
// what to do.

import { describe, expect, test } from "vitest";
import type { Trials } from "../../../notebooks/workbook/self_test.js";
import { selfTest, parts } from "../../../notebooks/workbook/self_test.js";
import { useKernel } from "../../support/kernel.js";

const good: Trials = {
  kernel: () => true,
  loss: () => true,
  gradients: () => true,
  chart: () => Promise.resolve(true),
};

test.each(["en", "ko"] as const)("the self-test reports that all is well (%s)", async (language) => {
  const table = await selfTest(language, good);
  expect(table.caption).toContain("✓");
  expect(table.rows.map((row) => row.at(-1))).toEqual(parts.map(() => "✓"));
  expect(table.remarks).toEqual([]);
});

test.each(parts)(
  "a failure of %s is marked, with the reason and a remedy in both languages",
  async (part) => {
    for (const language of ["en", "ko"] as const)
      for (const [trial, reason] of [
        [() => false, "✗"],
        [
          () => {
            throw new Error("not there");
          },
          "✗ (not there)",
        ],
      ] as const) {
        const table = await selfTest(language, { ...good, [part]: trial });
        expect(table.caption).toMatch(/^✗ .*3/);
        expect(table.rows[parts.indexOf(part)].at(-1)).toBe(reason);
        expect(table.rows.filter((row) => row.at(-1) === "✓")).toHaveLength(parts.length - 1);
        expect(table.remarks).toHaveLength(1);
      }
  },
);

test("the self-test says outside the kernel that the kernel is missing", async () => {
  const table = await selfTest("en");
  expect(table.rows.map((row) => row.at(-1))).toEqual(["✗", "✓", "✓", "✓"]);
});

describe("the self-test in a kernel", () => {
  const kernel = useKernel();
  test("reports that all is well", async () => {
    const { error, outputs } = await kernel.client.execute(
      'import { workbook } from "unrolled/workbook";\nawait workbook("00", "en").selfTest();',
    );
    expect(error).toBeUndefined();
    expect(JSON.stringify(outputs)).toContain("Everything works: 4 of 4");
  });
});
