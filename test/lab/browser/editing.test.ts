// Writing a notebook: completion, inspection, saving, renaming, and finding it as it was left.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hasBrowser } from "../../support/browser.js";
import { useLab, writeNotebook } from "../../support/lab_page.js";
import { mountSmallDisk } from "../../support/small_disk.js";

interface Saved {
  cells: { source: string | string[] }[];
}

describe.skipIf(!hasBrowser())("a notebook in JupyterLab", () => {
  const lab = useLab();

  test("completes names of the library with Tab", async () => {
    const page = await lab.openCells(
      "completion.ipynb",
      'import { LSTM } from "unrolled";',
      "LSTM.prototype",
    );
    await page.run(0);
    await expect.poll(() => page.prompt(0).textContent()).toBe("[1]:");
    await page.type(1, ".bac");
    await page.page.keyboard.press("Tab");
    const shown = page.page.locator(".jp-Completer").getByText("backward");
    // On a machine that is very busy the first answer comes later than JupyterLab waits for it.
    await shown.waitFor({ timeout: 15_000 }).catch(() => page.page.keyboard.press("Tab"));
    await shown.waitFor();
    await page.screenshot("completion");
    await page.page.keyboard.press("Enter");
    await expect.poll(() => page.code(1)).toBe("LSTM.prototype.backward");
  });

  test("shows a name's type and documentation with Shift+Tab", async () => {
    const page = await lab.openCells(
      "inspection.ipynb",
      'import { gradientFlow } from "unrolled";\ngradientFlow',
    );
    await page.run(0);
    await expect.poll(() => page.prompt(0).textContent()).toBe("[1]:");
    await page.type(0, "");
    await page.page.keyboard.press("Shift+Tab");
    const tooltip = page.page.locator(".jp-Tooltip");
    await expect.poll(() => tooltip.textContent()).toContain("function gradientFlow<");
    await page.screenshot("inspection");
  });

  test("is saved, renamed and loaded again with its outputs", async () => {
    const chart = `({ $schema: "https://vega.github.io/schema/vega-lite/v5.json", data: { values: [{ x: 1 }, { x: 2 }] },
      mark: "point", encoding: { x: { field: "x", type: "quantitative" } } })`;
    const page = await lab.openCells("before.ipynb", 'console.log("한글 output")', chart);
    await page.runAll();
    await page.allRan();
    await page.notebook.locator(".vega-embed canvas").waitFor();
    await page.save();

    await page.menu("File", "Rename Notebook…");
    const name = page.page.locator(".jp-Dialog input");
    await name.fill("나중.ipynb");
    await page.acceptDialog();
    await expect.poll(() => existsSync(join(lab.root, "나중.ipynb"))).toBe(true);
    expect(existsSync(join(lab.root, "before.ipynb"))).toBe(false);

    const again = await lab.open("나중.ipynb");
    await again.notebook.locator(".vega-embed canvas").waitFor();
    await expect.poll(() => again.outputs(0).textContent()).toBe("한글 output\n");
    const saved = JSON.parse(readFileSync(join(lab.root, "나중.ipynb"), "utf8")) as {
      cells: { outputs: { data?: object }[] }[];
    };
    expect(Object.keys(saved.cells[1].outputs[0].data ?? {})).toContain("application/vnd.vegalite.v5+json");
  });

  test("is not saved over what another program has written, unless the user says so", async () => {
    const page = await lab.openCells("both.ipynb", "1");
    const file = join(lab.root, "both.ipynb");
    const source = () => [(JSON.parse(readFileSync(file, "utf8")) as Saved).cells[0].source].flat().join("");
    const dialog = page.page.locator(".jp-Dialog").filter({ hasText: "File Changed" });
    const changeOnBothSides = async (mine: string, theirs: string) => {
      await page.type(0, mine);
      await expect.poll(() => page.code(0)).toContain(mine);
      writeNotebook(file, [theirs]);
      await page.page.keyboard.press("Control+s");
      await dialog.waitFor();
      expect(source()).toBe(theirs);
    };

    await changeOnBothSides(" + 10", "2");
    await page.screenshot("conflict");
    await dialog.getByText("Revert", { exact: true }).click();
    await expect.poll(() => page.code(0)).toBe("2");
    expect(source()).toBe("2");

    await changeOnBothSides(" + 20", "3");
    await dialog.getByText("Overwrite", { exact: true }).click();
    await expect.poll(source).toBe("2 + 20");
  });

  test("says that the disk is full, and is saved once there is space", async ({ skip, onTestFinished }) => {
    const disk = mountSmallDisk(join(lab.root, "small"));
    if (!disk) return skip("no disk can be mounted here");
    onTestFinished(() => {
      disk.remove();
    });
    const page = await lab.openCells("small/full.ipynb", "1");
    const file = join(lab.root, "small", "full.ipynb");
    const before = readFileSync(file, "utf8");
    await page.type(0, " + 10");
    disk.fill();
    await page.page.keyboard.press("Control+s");
    const dialog = page.page.locator(".jp-Dialog").filter({ hasText: "no space left on the disk" });
    await dialog.waitFor();
    expect(readFileSync(file, "utf8")).toBe(before);
    await dialog.locator("button").click();

    disk.free();
    await page.save();
    expect(readFileSync(file, "utf8")).toContain("1 + 10");
  });
});
