// All of the workbook as a learner meets it at first: from an empty home, each chapter is run, looked at in
// light and dark on a wide, a middling and a narrow page, and its links are followed.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { workbookRoutes } from "../../../cli/lab/routes.js";
import type { Locale } from "../../../cli/lab/workbook.js";
import { Workbook } from "../../../cli/lab/workbook.js";
import { packageRoot } from "../../../kernel/package_root.js";
import { hasBrowser } from "../../support/browser.js";
import { CONTRAST } from "../../support/contrast.js";
import type { LabPage } from "../../support/lab_page.js";
import { chartsIn, useLab } from "../../support/lab_page.js";

const WIDTHS = [1280, 800, 390];
const CHAPTERS = readdirSync(join(packageRoot, "notebooks", "en")).filter((name) => name.endsWith(".ipynb"));

const LOCALES: Locale[] = ["en", "ko"];

describe.skipIf(!process.env.UNROLLED_LONG || !hasBrowser()).each(LOCALES)("a walk (%s)", (language) => {
  const lab = useLab({ language, routes: (root) => workbookRoutes(new Workbook(root), language) });
  let page: LabPage;

  // Kernels have the environment of the server, which is this one.
  beforeAll(() => {
    vi.stubEnv("UNROLLED_PROGRESS", join(lab.root, ".progress.json"));
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  test.each(CHAPTERS)("%s", async (name) => {
    const path = `${language}/${name}`;
    page = await lab.goto(`/lab/workspaces/${name.slice(0, 2)}`);
    await page.page.setViewportSize({ width: 1280, height: 900 });
    const chapter = page.page.locator("#unrolled-chapters .unrolled-Chapter").nth(CHAPTERS.indexOf(name));
    await chapter.click();
    await page.ready(path);
    expect(await page.notebook.locator(".jp-OutputArea-output").count()).toBe(0);
    await command("notebook:run-all-cells");
    await page.allRan();
    const errors = page.notebook.locator(
      ".jp-RenderedText:is([data-mime-type='application/vnd.jupyter.stderr'], [data-mime-type='application/vnd.jupyter.error'])",
    );
    expect(await errors.allTextContents()).toEqual([]);
    const charts = page.notebook.locator(".jp-OutputArea-output .vega-embed :is(canvas, svg.marks)");
    await expect.poll(() => charts.count()).toBe(chartsIn(path));
    expect(await page.notebook.locator(".jp-OutputArea-output img:not([alt]), img[alt='']").count()).toBe(0);

    const faults: string[] = [];
    for (const theme of ["Light", "Dark"]) {
      await command("apputils:change-theme", { theme: `JupyterLab ${theme}` });
      await expect
        .poll(() => page.page.evaluate("document.body.dataset.jpThemeLight"))
        .toBe(String(theme === "Light"));
      for (const width of WIDTHS) {
        await page.page.setViewportSize({ width, height: 900 });
        const place = `${theme} ${width}`;
        for (const part of [0, 1, 2]) {
          await page.page.evaluate(`(async () => {
            const { outerNode } = jupyterapp.shell.currentWidget.content;
            outerNode.scrollTop = ${part / 3} * outerNode.scrollHeight;
            await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
          })()`);
          await page.screenshot(`walk_${language}_${name.slice(0, 2)}_${theme}_${width}_${part}`);
        }
        const found = await page.page.evaluate<string[]>(FAULTS);
        faults.push(...found.map((fault) => `${place}: ${fault}`));
      }
    }
    await command("apputils:change-theme", { theme: "JupyterLab Light" });
    await page.page.setViewportSize({ width: 1280, height: 900 });
    expect.soft(faults, path).toEqual([]);
    await followLinks(path);
    expect(page.foreign).toEqual([]);
    await page.save();
  });

  const command = (id: string, args: object = {}) =>
    page.page.evaluate(
      `jupyterapp.commands.execute(${JSON.stringify(id)}, ${JSON.stringify(args)}).then(() => undefined)`,
    );
  const currentPath = () => page.page.evaluate<string>("jupyterapp.shell.currentWidget?.context?.path");

  /** Opens each document that the one in front links to; the part of it that is meant is there. */
  async function followLinks(from: string): Promise<void> {
    const front = ".jp-NotebookPanel:not(.lm-mod-hidden)";
    // Headings have links to themselves.
    const selector = `${front} .jp-RenderedHTMLCommon a[href]:not(.jp-InternalAnchorLink)`;
    const links = page.page.locator(selector);
    const hrefs = await page.page.evaluate<string[]>(
      `[...document.querySelectorAll("${selector}")].map((link) => link.href)`,
    );
    const opened = new Set([from]);
    for (const [at, href] of hrefs.entries()) {
      const { origin, pathname, hash } = new URL(href);
      if (origin !== new URL(lab.server.url).origin) {
        expect(href, from).toMatch(/^https:/);
        continue;
      }
      // Within the document the address is the page's.
      const path = pathname.startsWith("/files/")
        ? decodeURIComponent(pathname.slice("/files/".length))
        : from;
      const text = readFileSync(join(lab.root, path), "utf8");
      const id = decodeURIComponent(hash.slice(1));
      if (id) expect(text, `${from}: ${href}`).toMatch(new RegExp(`id=\\\\?"${id}\\\\?"`));
      if (opened.has(path)) continue;
      opened.add(path);
      await links.nth(at).click();
      await expect.poll(currentPath, { message: `${from}: ${href}` }).toBe(path);
      await page.openFile(from);
      await expect.poll(currentPath).toBe(from);
    }
  }
});

/** What sticks out of the page, and texts that cannot be told from what is behind them. */
const FAULTS = `(() => {
  ${CONTRAST}
  const { outerNode } = jupyterapp.shell.currentWidget.content;
  const faults = new Set();
  const { right } = outerNode.getBoundingClientRect();
  const isCut = (node) => {
    for (let parent = node.parentElement; parent !== outerNode; parent = parent.parentElement)
      if (getComputedStyle(parent).overflowX !== "visible") return true;
    return false;
  };
  for (const node of outerNode.querySelectorAll(".jp-Cell *")) {
    const box = node.getBoundingClientRect();
    if (box.width > 0 && box.right > right + 1 && !isCut(node))
      faults.add("sticks out by " + Math.round(box.right - right) + " px: " + node.localName + "." + node.className + " " + node.textContent.trim().slice(0, 30));
  }
  const texts = document.createTreeWalker(outerNode, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data, parentElement: node } = texts.currentNode;
    if (data.trim() === "" || !node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (node.closest("svg, style, script, mjx-assistive-mml")) continue;
    const seen = contrast(rgb(getComputedStyle(node).color), behind(node));
    if (seen < 3) faults.add("contrast " + seen.toFixed(1) + ": " + node.localName + "." + node.className + " " + getComputedStyle(node).color + " " + data.trim().slice(0, 30));
  }
  return [...faults].slice(0, 12);
})()`;
