// Widgets of `unrolled/widgets` in the page: what is moved there reaches the kernel, and its answer the page.

import { describe, expect, test } from "vitest";
import { hasBrowser } from "../../support/browser.js";
import { useLab } from "../../support/lab_page.js";

describe.skipIf(!hasBrowser())("a slider in JupyterLab", () => {
  const lab = useLab();

  test("changes the chart that interact draws", async () => {
    const page = await lab.openCells(
      "slider.ipynb",
      `import { interact } from "unrolled/widgets";
interact({ n: [1, 9] }, ({ n }) => ({
  $schema: "https://vega.github.io/schema/vega-lite/v5.json",
  title: \`\${n} bars\`,
  data: { values: Array.from({ length: n }, (_, x) => ({ x })) },
  mark: "bar",
  encoding: { x: { field: "x", type: "ordinal" }, y: { field: "x", type: "quantitative" } },
}));`,
    );
    await page.run(0);
    const chart = page.notebook.locator(".vega-embed canvas");
    await chart.waitFor();
    const slider = page.notebook.locator(".widget-slider .noUi-handle");
    // Without its styles a slider works, but has no size.
    await expect
      .poll(async () => (await page.notebook.locator(".widget-slider .noUi-base").boundingBox())?.width)
      .toBeGreaterThan(100);
    const readout = page.notebook.locator(".widget-readout");
    await expect.poll(() => readout.textContent()).toMatch(/^\d$/);
    const before = Number(await readout.textContent());
    const width = async () => (await chart.boundingBox())?.width ?? 0;
    await expect.poll(width).toBeGreaterThan(0);
    const narrow = await width();
    // Each finds the handle anew and gives it the focus, which the page may have taken meanwhile.
    for (let press = 0; press < 3; press++) await slider.press("ArrowRight");
    await expect.poll(() => readout.textContent()).toBe(String(before + 3));
    await expect.poll(width).toBeGreaterThan(narrow + 30);
    await expect.poll(() => chart.count()).toBe(1);
    expect(page.foreign).toEqual([]);
  });
});
