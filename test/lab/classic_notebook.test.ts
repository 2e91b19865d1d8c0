// The notebooks in the classic Jupyter Notebook, which draws no Vega-Lite: plots are shown as the kernel's
// PNGs.

import { copyFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../kernel/package_root.js";
import { hasBrowser, launchBrowser, openPage, screenshot } from "../support/browser.js";
import type { RunningServer } from "../support/notebook_server.js";
import { startNotebookServer } from "../support/notebook_server.js";
import { findPython } from "../support/python.js";

const python = findPython(["notebook"], "jupyter-notebook");

describe.skipIf(python === undefined || !hasBrowser())("the classic notebook", () => {
  let server: RunningServer;
  let browser: Browser;
  beforeAll(async () => {
    server = await startNotebookServer(python!);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  test("runs all cells without an error and shows plots as PNG", async () => {
    const name = "02_vanishing_gradients.ipynb";
    copyFileSync(join(packageRoot, "notebooks", "en", name), join(server.root, name));
    const { page } = await openPage(browser, server.url);
    await page.goto(`${server.url}notebooks/${name}`);
    // Scripts of the page's own are text: the tests' types know no browser.
    await page.waitForFunction("window.Jupyter?.notebook?.kernel?.is_connected()");
    await page.evaluate("Jupyter.notebook.clear_all_output()");
    expect(await page.locator(".output_area").count()).toBe(0);
    await page.evaluate("Jupyter.notebook.execute_all_cells()");
    // The prompt of a cell that waits or runs is a star.
    const unfinished = page.locator(".code_cell .input_prompt").filter({ hasNotText: /\d/ });
    const errors = () => page.locator(".output_error").allTextContents();
    // Behind an error nothing more is run.
    await expect.poll(async () => (await errors()).length > 0 || (await unfinished.count()) === 0).toBe(true);
    expect(await errors()).toEqual([]);
    const plots = page.locator(".output_png img");
    expect(await plots.count()).toBeGreaterThan(1);
    await plots.first().scrollIntoViewIfNeeded();
    const width = "document.querySelector('.output_png img').naturalWidth";
    await expect.poll(() => page.evaluate(width)).toBeGreaterThan(100);
    await screenshot(page, "classic_notebook");
    await page.close();
  });
});
