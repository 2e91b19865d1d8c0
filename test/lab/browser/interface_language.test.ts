// JupyterLab's interface in Korean, as far as a learner meets it.

import { describe, expect, test } from "vitest";
import { hasBrowser } from "../../support/browser.js";
import { useLab } from "../../support/lab_page.js";

/** Names, which stay as they are. */
const NAMES =
  /^(HTML|JupyterLab( (Light|Dark( High Contrast)?))?|CodeMirror|CPython|English( - English)?|TypeScript Handbook|a\.ipynb|[\d: ]+)$/;
/** A toolbar is given no translations by JupyterLab. */
const UNREACHABLE = "More commands";

describe.skipIf(!hasBrowser())("the interface in Korean", () => {
  const lab = useLab({ language: "ko" });

  test("has its menus, tools and dialogs in Korean", async () => {
    const page = await lab.openCells("a.ipynb", "1");
    expect(await page.page.evaluate("document.documentElement.lang")).toBe("ko-KR");
    const foreign = (texts: string[]) =>
      texts
        .map((text) => text.trim())
        .filter((text) => text && !/[가-힣]/.test(text) && !NAMES.test(text) && text !== UNREACHABLE);
    const menus = page.page.locator(".lm-MenuBar-itemLabel");
    expect(await menus.allTextContents()).toEqual([
      "파일",
      "편집",
      "보기",
      "실행",
      "커널",
      "탭",
      "설정",
      "도움말",
    ]);
    const left: string[] = [];
    const menu = page.page.locator(".lm-Menu");
    const shown = menu.locator(".lm-Menu-itemLabel:visible");
    for (const one of await menus.all()) {
      await one.click();
      await menu.waitFor();
      left.push(...foreign(await shown.allTextContents()));
      await page.page.keyboard.press("Escape");
    }
    const tools = page.notebook.locator(".jp-NotebookPanel-toolbar [title]");
    left.push(
      ...foreign(await tools.evaluateAll((nodes) => nodes.map((node) => node.getAttribute("title")!))),
    );
    await page.notebook.locator(".jp-CodeCell").click({ button: "right" });
    await menu.waitFor();
    left.push(...foreign(await shown.allTextContents()));
    await page.screenshot("korean_context_menu");
    await page.page.keyboard.press("Escape");
    await page.menu("커널", "커널 다시 시작…");
    const dialog = page.page.locator(".jp-Dialog :is(.jp-Dialog-header, .jp-Dialog-buttonLabel)");
    await dialog.first().waitFor();
    left.push(...foreign(await dialog.allTextContents()));
    await page.screenshot("korean_dialog");
    await page.page.keyboard.press("Escape");
    await page.menu("설정", "설정 편집기");
    const titles = page.page.locator(
      ".jp-PluginList :is(.jp-PluginList-header, .jp-PluginList-entry-label-text)",
    );
    await titles.first().waitFor();
    left.push(...foreign(await titles.allTextContents()));
    await page.screenshot("korean_settings");
    expect(left).toEqual([]);
  });

  test("is English again when the user says so in the settings", async () => {
    const page = await lab.openCells("b.ipynb", "1");
    await page.menu("설정", "언어", "영어 - English");
    await Promise.all([page.page.waitForEvent("load"), page.acceptDialog()]);
    await page.ready("b.ipynb");
    expect(await page.page.locator(".lm-MenuBar-itemLabel").first().textContent()).toBe("File");
  });
});
