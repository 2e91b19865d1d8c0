// Print…, and "Save and Export Notebook As".

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { hasBrowser } from "../../support/browser.js";
import { copyNotebook, useLab } from "../../support/lab_page.js";

describe.skipIf(!hasBrowser())("a notebook", () => {
  const lab = useLab();

  test("is printed as it is now, with outputs and formulas", async () => {
    const page = await lab.openCells("printed.ipynb", "6 * 7");
    await page.run(0);
    await expect.poll(() => page.outputs(0).textContent()).toBe("42");
    // There is no printer; the frame that is printed stays until the user is back.
    await page.page.keyboard.press("Control+p");
    const printed = page.page.frameLocator("iframe[srcdoc]");
    await expect.poll(() => printed.locator(".outputs").textContent()).toContain("42");
    await page.page.mouse.move(10, 10);
    await page.page.locator("iframe[srcdoc]").waitFor({ state: "detached" });
  });

  test("is downloaded as it is now in each form that the menu has", async () => {
    const page = await lab.openCells("exported.ipynb", "6 * 7");
    await page.run(0);
    await expect.poll(() => page.outputs(0).textContent()).toBe("42");
    for (const [format, name, content] of [
      ["HTML", "exported.html", /<pre>42<\/pre>/],
      ["Markdown", "exported.md", /```\n42\n```/],
      ["Executable Script", "exported.ts", /^6 \* 7\n$/],
    ] as const) {
      const downloading = page.page.waitForEvent("download");
      await page.menu("File", "Save and Export Notebook As", format);
      const download = await downloading;
      expect(download.suggestedFilename()).toBe(name);
      expect(readFileSync(await download.path(), "utf8")).toMatch(content);
    }
    expect(page.page.context().pages()).toHaveLength(1);
  });

  test("is whole in its HTML file, offline, on a screen and on paper", async () => {
    const page = await lab.open(copyNotebook(lab.root, "ko/01_rnn.ipynb"));
    const downloading = page.page.waitForEvent("download");
    await page.menu("File", "Save and Export Notebook As", "HTML");
    const file = join(lab.root, "chapter.html");
    await (await downloading).saveAs(file);
    const context = page.page.context();
    await context.setOffline(true);
    const alone = await context.browser()!.newPage();
    const complaints: string[] = [];
    alone.on("console", (message) => complaints.push(message.text()));
    await alone.goto(pathToFileURL(file).href);
    expect(await alone.title()).toBe("순환 신경망 RNN");
    expect(await alone.locator("img").count()).toBeGreaterThan(4);
    const broken = `[...document.images].filter((one) => one.naturalWidth === 0 || one.alt === "").length`;
    expect(await alone.evaluate(broken)).toBe(0);
    await alone.evaluate("document.fonts.ready.then(() => undefined)");
    expect(await alone.evaluate(`document.fonts.check("16px KaTeX_Main")`)).toBe(true);
    const folded = alone.locator("details > :not(summary)").last();
    expect(await folded.isVisible()).toBe(false);
    await alone.emulateMedia({ media: "print" });
    expect(await folded.isVisible()).toBe(true);
    expect(complaints).toEqual([]);
  });
});
