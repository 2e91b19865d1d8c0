// Formulas in the page: drawn by the MathJax and with the fonts that come along, also where there is no
// network.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hasBrowser } from "../../support/browser.js";
import { useLab, writeNotebook } from "../../support/lab_page.js";

/** Fonts of MathJax that are loaded: without them a formula is a heap of misplaced letters. */
const LOADED_FONTS = `[...document.fonts]
  .filter(({ family, status }) => family.includes("MJX") && status === "loaded").length`;

describe.skipIf(!hasBrowser())("formulas in JupyterLab", () => {
  const lab = useLab();

  test("are typeset in Markdown and in a kernel's output, without a request to another server", async () => {
    const file = join(lab.root, "formulas.ipynb");
    writeNotebook(file, ['import { latex } from "unrolled/display";\nlatex("$\\\\sqrt{c_t}$");']);
    const notebook = JSON.parse(readFileSync(file, "utf8"));
    const source = "A fraction: $\\frac{a}{b}$";
    notebook.cells.unshift({ id: "text", cell_type: "markdown", metadata: {}, source });
    writeFileSync(file, JSON.stringify(notebook));

    const page = await lab.open("formulas.ipynb");
    const markdown = page.notebook.locator(".jp-MarkdownOutput");
    const [above, below] = ["mjx-num", "mjx-den"].map((part) => markdown.locator(`mjx-mfrac ${part}`));
    await above.waitFor();
    expect(await markdown.textContent()).not.toContain("$");
    await page.run(0);
    await page.outputs(0).locator("mjx-msqrt").waitFor();
    expect(await page.outputs(0).textContent()).not.toContain("$");
    await expect.poll(() => page.page.evaluate(LOADED_FONTS)).toBeGreaterThan(0);
    const [numerator, denominator] = [await above.boundingBox(), await below.boundingBox()];
    expect(numerator!.y).toBeLessThan(denominator!.y);
    await page.screenshot("formulas");
    expect(page.foreign).toEqual([]);
  });
});
