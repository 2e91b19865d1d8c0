// A folder that is served, a folder and a notebook in it, all with Korean names and spaces.

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hasBrowser } from "../../support/browser.js";
import { addMarkdown, useLab, writeNotebook } from "../../support/lab_page.js";

describe.skipIf(!hasBrowser())("a notebook with a Korean name in JupyterLab", () => {
  const lab = useLab({ rootName: "순환 신경망 강의" });

  test("is opened by a click, run in its folder, saved and renamed", async () => {
    const folder = join(lab.root, "순환 신경망");
    mkdirSync(folder);
    writeNotebook(join(folder, "첫 노트북.ipynb"), ["process.cwd()"]);
    const page = await lab.goto("/lab/workspaces/korean");
    const entry = (name: string) => page.page.locator(".jp-DirListing-itemText").getByText(name);
    await entry("순환 신경망").dblclick();
    await entry("첫 노트북.ipynb").dblclick();
    await page.ready("순환 신경망/첫 노트북.ipynb");

    await page.run(0);
    await expect.poll(() => page.outputs(0).textContent()).toContain("/순환 신경망 강의/순환 신경망");
    await page.save();
    const outputs = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8")).cells[0].outputs;
    expect(JSON.stringify(outputs("첫 노트북.ipynb"))).toContain("순환 신경망 강의");

    await page.menu("File", "Rename Notebook…");
    await page.page.locator(".jp-Dialog input").fill("둘째 노트북.ipynb");
    await page.acceptDialog();
    await page.ready("순환 신경망/둘째 노트북.ipynb");
    expect(existsSync(join(folder, "첫 노트북.ipynb"))).toBe(false);
    await page.type(0, "; 1 + 1");
    await page.run(0);
    await expect.poll(() => page.outputs(0).allTextContents()).toEqual(["2"]);
    await page.save();
    expect(JSON.stringify(outputs("둘째 노트북.ipynb"))).toContain('"2"');

    const again = await lab.open("순환 신경망/둘째 노트북.ipynb");
    await expect.poll(() => again.outputs(0).allTextContents()).toEqual(["2"]);
    expect(await again.code(0)).toBe("process.cwd(); 1 + 1");
  });

  test("breaks a line between words, and a text without spaces where the line ends", async () => {
    writeNotebook(join(lab.root, "breaks.ipynb"), ["1"]);
    addMarkdown(
      join(lab.root, "breaks.ipynb"),
      "순전파에서는 역전파에서보다 시그모이드를 먼저\n\n循环神经网络循环神经网络循环神经网络",
    );
    const page = await lab.open("breaks.ipynb");
    const paragraphs = page.notebook.locator(".jp-MarkdownCell .jp-RenderedMarkdown p");
    await expect.poll(() => paragraphs.count()).toBe(2);
    const broken = await paragraphs.first().evaluate((node) => {
      const paragraph = node as unknown as HTMLParagraph;
      paragraph.style.width = "9em";
      const [text] = paragraph.childNodes;
      return [...text.data.matchAll(/\S+/g)].filter(({ 0: word, index }) => {
        const range = paragraph.ownerDocument.createRange();
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        return range.getClientRects().length > 1;
      }).length;
    });
    expect(broken).toBe(0);
    const overflow = await paragraphs.last().evaluate((node) => {
      const paragraph = node as unknown as HTMLParagraph;
      paragraph.style.width = "9em";
      return paragraph.scrollWidth - paragraph.clientWidth;
    });
    expect(overflow).toBe(0);
  });
});

/** What the test needs of the browser's element. */
interface HTMLParagraph {
  style: { width: string };
  childNodes: { data: string }[];
  ownerDocument: {
    createRange(): {
      setStart(node: unknown, offset: number): void;
      setEnd(node: unknown, offset: number): void;
      getClientRects(): { length: number };
    };
  };
  scrollWidth: number;
  clientWidth: number;
}
