// The workbook's notebooks in the page: every cell runs, and every plot is drawn by Vega-Lite, not shown as a
// picture.

import { describe, expect, test } from "vitest";
import { hasBrowser } from "../../support/browser.js";
import { chartsIn, copyNotebook, useLab } from "../../support/lab_page.js";

describe.skipIf(!hasBrowser())("in JupyterLab", () => {
  const lab = useLab();

  test.each([
    "en/02_vanishing_gradients.ipynb",
    "ko/05_lstm_forward.ipynb",
    "en/06_lstm_backward.ipynb",
    "ko/07_update_and_train.ipynb",
  ])("%s runs to its end with every plot drawn", async (path) => {
    const page = await lab.open(copyNotebook(lab.root, path));
    await page.clearOutputs();
    await page.runAll();
    await page.allRan();
    const errors = page.notebook.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']");
    expect(await errors.allTextContents()).toEqual([]);
    const charts = page.notebook.locator(".jp-OutputArea-output .vega-embed :is(canvas, svg.marks)");
    await expect.poll(() => charts.count()).toBe(chartsIn(path));
    expect(page.foreign).toEqual([]);
    await charts.last().scrollIntoViewIfNeeded();
  });
});
