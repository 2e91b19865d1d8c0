// Links and pictures by relative paths: in notebooks, in outputs, in the preview of a Markdown file.

import { once } from "node:events";
import { writeFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import { workbookRoutes } from "../../../cli/lab/routes.js";
import { Workbook } from "../../../cli/lab/workbook.js";
import { hasBrowser } from "../../support/browser.js";
import type { LabPage } from "../../support/lab_page.js";
import { addMarkdown, useLab, writeNotebook } from "../../support/lab_page.js";

/** One pixel. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);

describe.skipIf(!hasBrowser())("a relative path", () => {
  const lab = useLab({ routes: (root) => workbookRoutes(new Workbook(root), "en") });

  const expectLoaded = async (picture: Locator) => {
    const width = () =>
      picture.evaluate((node) => (node as unknown as { naturalWidth: number }).naturalWidth);
    await expect.poll(width).toBe(1);
  };
  const paths = (page: LabPage) =>
    page.page.evaluate("[...jupyterapp.shell.widgets('main')].map(({ context }) => context?.path)");

  test.each([
    ["en", "Start here", "01 The recurrent network", "glossary"],
    ["ko", "여기서 시작하세요", "01 순환 신경망 RNN", "용어집"],
  ] as const)(
    "in a chapter (%s) opens a chapter or a text in a tab",
    async (language, start, chapter, text) => {
      await new Workbook(lab.root).provide(language);
      const page = await lab.open(`${language}/00_start_here.ipynb`);
      const first = page.notebook;
      await first.getByRole("link", { name: chapter }).first().click();
      await page.ready(`${language}/01_rnn.ipynb`);
      await tab(page, start).click();
      await first.getByRole("link", { name: text }).first().click();
      await expect.poll(() => paths(page)).toContain(`${language}/glossary.md`);
      await page.page.locator(".jp-MarkdownViewer table").first().waitFor();
      await page.screenshot(`links_${language}`);
      expect(page.page.context().pages()).toHaveLength(1);
    },
  );

  test("works for pictures and links in Markdown and in outputs of HTML and Markdown", async () => {
    writeFileSync(join(lab.root, "그림 1.png"), PNG);
    writeNotebook(join(lab.root, "other.ipynb"), ["1"]);
    writeNotebook(join(lab.root, "pictures.ipynb"), [
      'import { html, markdown } from "unrolled/display";',
      `html('<img src="그림 1.png"><a href="other.ipynb">other</a>')`,
      `markdown("![](<그림 1.png>) [other](./other.ipynb)")`,
    ]);
    addMarkdown(join(lab.root, "pictures.ipynb"), "![](<그림 1.png>) [other](other.ipynb)");
    const page = await lab.open("pictures.ipynb");
    await page.runAll();
    await page.allRan();
    const pictures = page.notebook;
    for (const place of [pictures.locator(".jp-MarkdownCell"), page.outputs(1), page.outputs(2)]) {
      await expectLoaded(place.locator("img"));
      await place.getByRole("link", { name: "other" }).click();
      await page.ready("other.ipynb");
      await tab(page, "pictures.ipynb").click();
    }
    expect(page.page.context().pages()).toHaveLength(1);
  });

  test("is not needed for a picture: one of another host is shown, which learns neither address nor cookie", async () => {
    const asked: IncomingHttpHeaders[] = [];
    const host = createServer((request, response) => {
      asked.push(request.headers);
      response.setHeader("Content-Type", "image/png");
      response.end(PNG);
    }).listen(0, "127.0.0.1");
    await once(host, "listening");
    const picture = `http://localhost:${(host.address() as AddressInfo).port}/a.png`;
    writeNotebook(join(lab.root, "foreign.ipynb"), [
      `import { html } from "unrolled/display";\nhtml('<img src="${picture}?output">')`,
    ]);
    addMarkdown(join(lab.root, "foreign.ipynb"), `![](${picture}?markdown)`);
    const page = await lab.open("foreign.ipynb");
    await page.run(0);
    await expectLoaded(page.notebook.locator(".jp-MarkdownCell img"));
    await expectLoaded(page.outputs(0).locator("img"));
    expect(asked.map(({ referer, cookie }) => referer ?? cookie)).toEqual([undefined, undefined]);
    host.close();
  });

  test("works for pictures and links in the preview of a Markdown file", async () => {
    writeFileSync(join(lab.root, "beside.png"), PNG);
    writeNotebook(join(lab.root, "linked.ipynb"), ["1"]);
    writeFileSync(join(lab.root, "text.md"), "# Text\n\n![](beside.png)\n\n[linked](linked.ipynb)\n");
    const page = await lab.openCells("first.ipynb");
    await page.openFile("text.md", "Markdown Preview");
    const preview = page.page.locator(".jp-MarkdownViewer");
    await expectLoaded(preview.locator("img"));
    await page.screenshot("markdown_preview");
    await preview.getByRole("link", { name: "linked" }).click();
    await page.ready("linked.ipynb");
  });
});

const tab = (page: LabPage, name: string) =>
  page.page.locator("#jp-main-dock-panel .lm-TabBar-tabLabel").getByText(name, { exact: true });
