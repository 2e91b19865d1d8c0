// The workbook as its reader has it: chapters in the side bar with what is solved, a place that is found
// again, verdicts that are heard and saved.

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { workbookRoutes } from "../../../cli/lab/routes.js";
import { Workbook } from "../../../cli/lab/workbook.js";
import { hasBrowser } from "../../support/browser.js";
import type { LabPage } from "../../support/lab_page.js";
import { useLab, writeNotebook } from "../../support/lab_page.js";

const PATH = "ko/05_lstm_forward.ipynb";
const TITLE = "숫자로 따라가는 LSTM: 순전파";
/** Of a cell: where a click makes it active, and does nothing else. */
const MARGIN = { x: 40, y: 5 };

describe.skipIf(!hasBrowser())("the list of chapters", () => {
  const lab = useLab({ language: "ko", routes: (root) => workbookRoutes(new Workbook(root), "ko") });

  // Kernels have the environment of the server, which is this one.
  beforeAll(() => {
    vi.stubEnv("UNROLLED_PROGRESS", join(lab.root, ".progress.json"));
    rmSync(join(lab.root, ".progress.json"), { force: true });
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  const chapters = (page: LabPage) => page.page.locator("#unrolled-chapters .unrolled-Chapter");
  const currentTab = (page: LabPage) =>
    page.page.locator("#jp-main-dock-panel .lm-TabBar-tab.jp-mod-current .lm-TabBar-tabLabel");
  const activeCell = (page: LabPage) =>
    page.page.evaluate<number>("jupyterapp.shell.currentWidget.content.activeCellIndex");
  const cells = (page: LabPage) => page.notebook.locator(".jp-Cell");
  const idOf = (page: LabPage, cell: number) =>
    page.page.evaluate<string>(`jupyterapp.shell.currentWidget.content.widgets[${cell}].model.id`);
  /** The first cell of which anything is to be seen. */
  const firstInView = (page: LabPage) =>
    page.page.evaluate<number>(`(() => {
      const { outerNode, widgets } = jupyterapp.shell.currentWidget.content;
      const { top } = outerNode.getBoundingClientRect();
      return widgets.findIndex(({ node }) => node.getBoundingClientRect().bottom > top + 1);
    })()`);
  const workspace = (page: LabPage) =>
    page.page.evaluate<string>("fetch('/lab/api/workspaces/reader').then((response) => response.text())");
  const workspaceHolds = (page: LabPage, text: string) => expect.poll(() => workspace(page)).toContain(text);

  test("opens a copy of a chapter, and finds it and the place in it again", async () => {
    const page = await lab.goto("/lab/workspaces/reader");
    await chapters(page).first().waitFor();
    const titles = await chapters(page).locator(".unrolled-Chapter-title").allTextContents();
    expect(titles.length).toBeGreaterThan(9);
    expect(titles[5]).toBe(TITLE);
    expect(await chapters(page).nth(5).locator(".unrolled-Chapter-minutes").textContent()).toMatch(/^\d+분$/);
    await chapters(page).nth(5).click();
    await page.ready(PATH);
    // No answer is there before it was asked for.
    expect(await page.notebook.locator(".jp-OutputArea-output").count()).toBe(0);
    await expect.poll(() => chapters(page).nth(5).getAttribute("aria-current")).toBe("true");
    expect(await chapters(page).nth(4).getAttribute("aria-current")).toBe(null);
    await expect.poll(() => currentTab(page).textContent()).toBe(TITLE);
    await page.screenshot("chapters");

    // Reads on, and then back a little.
    await cells(page).nth(30).click({ position: MARGIN });
    expect(await activeCell(page)).toBe(30);
    await workspaceHolds(page, `"active":"${await idOf(page, 30)}"`);
    const before = await firstInView(page);
    await page.page.mouse.wheel(0, -1500);
    await expect.poll(() => firstInView(page)).toBeLessThan(before);
    const isKept = async () =>
      (await workspace(page)).includes(`"first":"${await idOf(page, await firstInView(page))}"`);
    await expect.poll(isKept).toBe(true);
    const first = await firstInView(page);
    await workspaceHolds(page, '"current":"unrolled-chapters"');
    await page.page.close();

    const again = await lab.goto("/lab/workspaces/reader");
    await again.ready(PATH);
    await expect.poll(() => activeCell(again)).toBe(30);
    await expect.poll(() => firstInView(again)).toBe(first);
    expect(await chapters(again).first().isVisible()).toBe(true);
    await again.screenshot("second_visit");
  });

  test("counts an exercise when it is solved, after its verdict was announced and saved", async () => {
    writeNotebook(join(lab.root, "exercise.ipynb"), [
      'import { workbook } from "unrolled/workbook";\nconst book = workbook("05", "ko");',
      'book.check("05-1", [0.5, 0.5]);',
      'book.check("05-1", [0.6457, 0.7685]);',
    ]);
    const page = await lab.open("exercise.ipynb");
    await page.page.locator('.jp-SideBar [data-id="unrolled-chapters"]').waitFor();
    if (!(await chapters(page).first().isVisible()))
      await page.page.locator('.jp-SideBar [data-id="unrolled-chapters"]').click();
    const solved = chapters(page).nth(5).locator(".unrolled-Chapter-solved");
    const total = page.page.locator("#unrolled-chapters .unrolled-Chapters-total");
    expect(await solved.textContent()).toMatch(/^0\/\d+$/);
    expect(await total.textContent()).toMatch(/^문제 \d+개 중 0개 해결$/);

    const announced = () => page.page.getByRole("status").filter({ hasText: "05-1" }).textContent();
    const saved = () => readFileSync(join(lab.root, "exercise.ipynb"), "utf8");
    await page.run(0);
    await page.run(1);
    await expect.poll(announced).toContain("✗");
    await expect.poll(saved).toContain("✗");
    expect(await solved.textContent()).toMatch(/^0\//);
    await page.run(2);
    await expect.poll(announced).toContain("✓");
    await expect.poll(saved).toContain("✓");
    await expect.poll(() => solved.textContent()).toMatch(/^1\/\d+$/);
    await expect.poll(() => total.textContent()).toMatch(/^문제 \d+개 중 1개 해결$/);
    await page.screenshot("solved");
  });

  test("says so when a chapter cannot be opened", async () => {
    const page = await lab.goto("/lab/workspaces/failing");
    await page.page.route(/\/unrolled\/api\/workbook\/open/, (route) =>
      route.fulfill({ status: 507, json: { message: "no space left on the disk" } }),
    );
    const errors: Error[] = [];
    page.page.on("pageerror", (error) => errors.push(error));
    await chapters(page).nth(1).click();
    const dialog = page.page.locator(".jp-Dialog");
    await dialog.waitFor();
    expect(await dialog.textContent()).toContain("no space left on the disk");
    expect(errors).toEqual([]);
  });

  test("opens from the launcher as a page of its own too", async () => {
    const page = await lab.goto("/lab/workspaces/launcher");
    await page.page.locator(".jp-LauncherCard").getByText("워크북").click();
    const titles = page.page.locator(".jp-MainAreaWidget .unrolled-Chapter-title");
    await titles.first().waitFor();
    expect(await titles.nth(5).textContent()).toBe(TITLE);
    await page.screenshot("launcher_page");
  });

  test("has the glossary in the Help menu", async () => {
    const page = await lab.goto("/lab/workspaces/glossary");
    await chapters(page).nth(5).click();
    await page.ready(PATH);
    await page.menu("도움말", "용어집");
    await page.page.locator(".jp-MarkdownViewer table").first().waitFor();
    await expect.poll(() => currentTab(page).textContent()).toBe("기호와 용어");
  });

  test("makes way on a narrow window, and comes when it is asked for", async () => {
    const page = await lab.goto("/lab/workspaces/narrow");
    await chapters(page).first().waitFor();
    await page.page.setViewportSize({ width: 390, height: 844 });
    await chapters(page).first().waitFor({ state: "hidden" });
    await page.page.locator('.jp-SideBar [data-id="unrolled-chapters"]').click();
    await chapters(page).nth(5).click();
    await page.ready(PATH);
    await chapters(page).first().waitFor({ state: "hidden" });
    const width = () =>
      page.notebook.evaluate((node) => (node as unknown as { clientWidth: number }).clientWidth);
    await expect.poll(width).toBeGreaterThan(300);
    await page.screenshot("narrow");
  });
});
