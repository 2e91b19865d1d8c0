// The workbook's chapters in the side bar: found, opened, and marked once they were run to the end.

import { describe, expect, test } from "vitest";
import { workbookRoutes } from "../../../cli/lab/routes.js";
import { Workbook } from "../../../cli/lab/workbook.js";
import { hasBrowser } from "../../support/browser.js";
import { useLab } from "../../support/lab_page.js";

describe.skipIf(!hasBrowser())("the list of chapters", () => {
  const lab = useLab({ routes: (root) => workbookRoutes(new Workbook(root), "ko") });

  test("opens a copy of a chapter, and marks it when each of its cells has run", async () => {
    const page = await lab.goto("/lab");
    const chapters = page.page.locator("#unrolled-chapters .unrolled-Chapter");
    await chapters.first().waitFor();
    const titles = await chapters.locator(".unrolled-Chapter-title").allTextContents();
    expect(titles.length).toBeGreaterThan(9);
    expect(titles[5]).toBe("숫자로 따라가는 LSTM: 순전파");
    expect(await chapters.nth(5).locator(".unrolled-Chapter-minutes").textContent()).toMatch(/^\d+분$/);
    const mark = chapters.nth(0).locator(".unrolled-Chapter-mark");
    expect(await mark.textContent()).toBe("");

    await chapters.nth(0).click();
    await page.ready("ko/00_start_here.ipynb");
    // No answer is there before it was asked for.
    expect(await page.notebook.locator(".jp-OutputArea-output").count()).toBe(0);
    await page.menu("Run", "Run Selected Cell");
    expect(await mark.textContent()).toBe("");
    await page.runAll();
    await expect.poll(() => mark.textContent()).toBe("✓");
    expect(await mark.getAttribute("aria-label")).toBe("끝까지 실행함");
    await page.screenshot("chapters");
    expect((await new Workbook(lab.root).chapters("en"))[0].finished).toBe(true);
  });

  test("says so when a chapter cannot be opened", async () => {
    const page = await lab.goto("/lab/workspaces/failing");
    await page.page.route(/\/unrolled\/api\/workbook\/open/, (route) =>
      route.fulfill({ status: 507, json: { message: "no space left on the disk" } }),
    );
    const errors: Error[] = [];
    page.page.on("pageerror", (error) => errors.push(error));
    await page.page.locator("#unrolled-chapters .unrolled-Chapter").nth(1).click();
    const dialog = page.page.locator(".jp-Dialog");
    await dialog.waitFor();
    expect(await dialog.textContent()).toContain("no space left on the disk");
    expect(errors).toEqual([]);
  });

  test("opens from the launcher as a page of its own too, and keeps its marks", async () => {
    const page = await lab.goto("/lab/workspaces/launcher");
    await page.page.locator(".jp-LauncherCard").getByText("워크북").click();
    const marks = page.page.locator(".jp-MainAreaWidget .unrolled-Chapter-mark");
    await marks.first().waitFor();
    expect((await marks.allTextContents()).join("")).toBe("✓");
    await page.screenshot("launcher_page");
  });
});
