// Light and dark, and what of a page's looks is found again after the server was restarted.

import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import { hasBrowser } from "../../support/browser.js";
import { CONTRAST, LEGIBLE } from "../../support/contrast.js";
import type { LabPage } from "../../support/lab_page.js";
import { useLab } from "../../support/lab_page.js";

const CHART = `({ $schema: "https://vega.github.io/schema/vega-lite/v5.json", title: "Title",
  data: { values: [{ x: 1 }, { x: 2 }] }, mark: "point", encoding: { x: { field: "x", type: "quantitative" } } })`;

const FAILING = `function fail(): never {
  throw new TypeError("boom", { cause: new RangeError("too far") });
}
fail();`;

const isLight = (page: LabPage) => page.page.evaluate("document.body.dataset.jpThemeLight");

/** The contrast of a text to what is behind it, from 1 to 21. */
const textContrast = (page: LabPage, selector: string) =>
  page.page.evaluate<number>(`(() => {
    ${CONTRAST}
    const text = document.querySelector(${JSON.stringify(selector)});
    return contrast(rgb(getComputedStyle(text).color), behind(text));
  })()`);

/** The colour of a chart's corner, and whether it is opaque. */
const paper = (page: LabPage) =>
  page.page.evaluate(
    `[...document.querySelector(".vega-embed canvas").getContext("2d").getImageData(0, 0, 1, 1).data]`,
  );

describe.skipIf(!hasBrowser())("the theme", () => {
  const lab = useLab();

  const expectLegible = async (page: LabPage) => {
    for (const text of [".cm-line", ".jp-RenderedText pre", ".jp-InputPrompt", ".lm-MenuBar-itemLabel"])
      await expect.poll(() => textContrast(page, text), { message: text }).toBeGreaterThan(LEGIBLE);
    // For which charts choose their colours.
    await expect.poll(() => paper(page)).toEqual([255, 255, 255, 255]);
  };

  test("follows the system's and changes with it", async () => {
    const page = await lab.openCells("system.ipynb");
    for (const [colorScheme, light] of [
      ["dark", "false"],
      ["light", "true"],
    ] as const) {
      await page.page.emulateMedia({ colorScheme });
      await expect.poll(() => isLight(page)).toBe(light);
    }
  });

  test("is chosen in the menu; texts and charts, also those drawn before, can be read in both", async () => {
    const page = await lab.openCells("themes.ipynb", 'console.log("printed")', CHART);
    await page.runAll();
    await page.allRan();
    await page.notebook.locator(".vega-embed canvas").waitFor();
    await expectLegible(page);
    for (const [theme, light] of [
      ["Dark", "false"],
      ["Light", "true"],
    ]) {
      await page.menu("Settings", "Theme", `JupyterLab ${theme}`);
      await expect.poll(() => isLight(page)).toBe(light);
      await expectLegible(page);
      await page.screenshot(`theme_${theme}_before`);
      await page.clearOutputs();
      await page.runAll();
      await page.allRan();
      await page.notebook.locator(".vega-embed canvas").waitFor();
      await expectLegible(page);
      await page.screenshot(`theme_${theme}`);
    }
  });
});

const DRAWING = `import { workbook } from "unrolled/workbook";
workbook("05", "en").drawing("lstmForward");`;

const SLIDER = `import { interact } from "unrolled/widgets";
interact({ n: [1, 9] }, ({ n }) => n);`;

/** How bright a picture's corner is on the screen, from 0 to 1, and how much something in it stands out. */
async function look(page: LabPage, picture: Locator): Promise<{ paper: number; contrast: number }> {
  const shown = (await picture.screenshot()).toString("base64");
  return page.page.evaluate(`(async () => {
    ${CONTRAST}
    const image = new Image();
    image.src = "data:image/png;base64,${shown}";
    await image.decode();
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const at = (pixel) => data.slice(4 * pixel, 4 * pixel + 3);
    const paper = at(3 * image.width + 3);
    const contrasts = Array.from({ length: data.length / 4 }, (_, pixel) => contrast(at(pixel), paper));
    return { paper: luminance(paper), contrast: contrasts.reduce((a, b) => Math.max(a, b)) };
  })()`);
}

describe.skipIf(!hasBrowser())("pictures", () => {
  const lab = useLab();

  test("are light on dark where the theme is, also those drawn before; drawings are described", async () => {
    const page = await lab.openCells("pictures.ipynb", CHART, DRAWING, SLIDER);
    await page.runAll();
    await page.allRan();
    const chart = page.notebook.locator(".vega-embed canvas");
    const drawing = page.notebook.locator(".jp-RenderedSVG img");
    await page.notebook.locator(".widget-slider .noUi-base").waitFor();
    expect(await drawing.getAttribute("alt")).toMatch(/^.{40}/);
    for (const theme of ["Dark", "Light"]) {
      await page.menu("Settings", "Theme", `JupyterLab ${theme}`);
      await expect.poll(() => isLight(page)).toBe(String(theme === "Light"));
      for (const picture of [chart, drawing]) {
        await expect
          .poll(async () => (await look(page, picture)).paper)
          .toSatisfy((paper: number) => (theme === "Light" ? paper > 0.9 : paper < 0.1));
        expect((await look(page, picture)).contrast).toBeGreaterThan(LEGIBLE);
      }
      for (const text of [".widget-label", ".widget-readout"])
        await expect.poll(() => textContrast(page, text), { message: text }).toBeGreaterThan(LEGIBLE);
      await page.screenshot(`pictures_${theme}`);
    }
  });
});

describe.skipIf(!hasBrowser())("a traceback", () => {
  const lab = useLab();

  test("has the errors' names and the marks in red, the places in cyan", async () => {
    const page = await lab.openCells("tracebacks.ipynb", FAILING, "const n: number = 'text';");
    const painted = (cell: number, colour: string) =>
      page.outputs(cell).locator(`.ansi-${colour}-fg`).allTextContents();
    await page.run(0);
    // What follows an error in the queue is not run.
    await expect.poll(() => page.prompt(0).textContent()).toBe("[1]:");
    await page.run(1);
    await expect.poll(() => painted(0, "red")).toEqual(["TypeError", ">", "^", "RangeError", ">", "^"]);
    await expect.poll(() => painted(1, "red")).toEqual(["error", ">", "^"]);
    const place = expect.stringMatching(/^cell\[1\]\.ts:\d:\d+$/) as string;
    expect(await painted(0, "cyan-intense")).toEqual([place, place, place, place]);
    expect(await painted(1, "cyan-intense")).toEqual(["cell[2].ts:1:7"]);
    for (const theme of ["Dark", "Light"]) {
      await page.menu("Settings", "Theme", `JupyterLab ${theme}`);
      await expect.poll(() => isLight(page)).toBe(String(theme === "Light"));
      await page.screenshot(`traceback_${theme}`);
    }
  });
});

describe.skipIf(!hasBrowser())("a restart of the server", () => {
  const lab = useLab();

  test("leaves settings and layout as they were", async () => {
    await (await lab.openCells("one.ipynb", "1")).page.close();
    const before = await lab.openCells("two.ipynb", "2");
    const { pathname } = new URL(before.page.url());
    const workspace = pathname.split("/")[3];
    await before.page.locator(".jp-DirListing-itemText").getByText("one.ipynb").dblclick();
    await before.ready("one.ipynb");
    await before.page.locator(".jp-SideBar [data-id=table-of-contents]").click();
    await before.menu("Settings", "Theme", "JupyterLab Dark");
    await expect.poll(() => isLight(before)).toBe("false");
    // The page saves its settings and its layout a moment after they have changed.
    const saved = (path: string) => () =>
      before.page.evaluate<string>(`fetch("/lab/api/${path}").then((response) => response.text())`);
    const layout = saved(`workspaces/${workspace}`);
    await expect
      .poll(saved("settings/@jupyterlab/apputils-extension:themes"))
      .toContain('\\"JupyterLab Dark\\"');
    await expect.poll(layout).toContain('"current":"notebook:one.ipynb"');
    await expect.poll(layout).toContain('"current":"@jupyterlab/toc:plugin"');
    await before.page.close();
    await lab.restart();

    const after = await lab.goto(`/lab/workspaces/${workspace}`);
    await after.ready("one.ipynb");
    await expect.poll(() => isLight(after)).toBe("false");
    const tabs = after.page.locator("#jp-main-dock-panel .lm-TabBar-tabLabel");
    // In either order: a notebook that JupyterLab has not yet opened when it lays out its tabs goes to their
    // end.
    await expect
      .poll(async () => (await tabs.allTextContents()).toSorted())
      .toEqual(["one.ipynb", "two.ipynb"]);
    await after.page.locator("#table-of-contents").waitFor();
  });
});
