// What may run in the page: all that the user trusts, nothing that comes with a file from elsewhere.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hasBrowser } from "../../support/browser.js";
import type { LabPage } from "../../support/lab_page.js";
import { useLab, writeNotebook } from "../../support/lab_page.js";

describe.skipIf(!hasBrowser())("HTML", () => {
  const lab = useLab();

  /** What the scripts of a page have noted, in whichever frame. */
  const ran = (page: LabPage) => page.page.evaluate<string[]>("[...new Set(window.ran ?? [])].sort()");
  const note = (name: string) => `(top.ran ??= []).push('${name}')`;

  test("in the output of a cell that was run runs its scripts, handlers and frames", async () => {
    writeFileSync(join(lab.root, "beside.js"), note("file"));
    const output = `
      <script>${note("inline")}; made = document.createElement("div");
        made.innerHTML = "<img src=data:, onerror=\\"${note("made")}\\">";
        document.currentScript.after(made);
        loaded = document.createElement("script"); loaded.src = "data:text/javascript,${note("loaded")}";
        document.body.append(loaded);</script>
      <script type="module">${note("module")}</script>
      <script src="/files/beside.js"></script>
      <img src="data:," onerror="if (this.localName === 'img' && event.type === 'error') ${note("handler")}">
      <button onclick="${note("click")}">press</button>
      <iframe srcdoc="<script>${note("frame")}; document.write(\`<img src=data:, onerror=&quot;${note("frame handler")}&quot;>\`)</script>"></iframe>`;
    const page = await lab.openCells(
      "own.ipynb",
      `import { html } from "unrolled/display";\nhtml(${JSON.stringify(output)})`,
    );
    await page.run(0);
    await page.outputs(0).getByText("press").click();
    await expect
      .poll(() => ran(page))
      .toEqual(["click", "file", "frame", "frame handler", "handler", "inline", "loaded", "made", "module"]);
  });

  const attacks: Record<string, string> = {
    script: `<script>${note("script")}</script>`,
    src: `<script src="/files/evil.js"></script>`,
    handler: `<img src="data:," onerror="${note("handler")}">`,
    svg: `<svg onload="${note("svg")}"><script>${note("svg")}</script></svg>`,
    srcdoc: `<iframe srcdoc="<script>${note("srcdoc")}</script>"></iframe>`,
    url: `<iframe src="javascript:${note("url")}"></iframe><a href="javascript:${note("url")}">click</a>`,
    frame: `<iframe src="/unrolled/trusted-frame" trustedHtml="<script>${note("frame")}</script>"></iframe>`,
    file: `<iframe src="/files/evil.html"></iframe><object data="/files/evil.html"></object>`,
    form: `<form action="javascript:${note("form")}"><button>send</button></form>`,
    post: `<form action="/api/shutdown" method="post"><button>send</button></form>`,
    style: `<style onload="${note("style")}"></style><link rel="stylesheet" href="/files/none.css" onerror="${note("style")}">`,
    refresh: `<meta http-equiv="refresh" content="0;url=javascript:${note("refresh")}">`,
    details: `<details open ontoggle="${note("details")}">x</details>`,
    math: `$\\href{javascript:${note("math")}}{click}$`,
  };

  test("in a notebook from elsewhere runs nothing, whatever it claims, until the user trusts it", async () => {
    writeFileSync(join(lab.root, "evil.js"), note("evil.js"));
    writeFileSync(join(lab.root, "evil.html"), `<script>${note("evil.html")}</script>`);
    const outputs = Object.entries(attacks).flatMap(([, html]) =>
      [
        { "text/html": html },
        { "text/markdown": html },
        { "image/svg+xml": `<svg xmlns="http://www.w3.org/2000/svg">${html}</svg>` },
        { "application/javascript": note("javascript") },
      ].map((data) => ({ output_type: "display_data", data, metadata: {} })),
    );
    const file = join(lab.root, "foreign.ipynb");
    writeNotebook(file, ["1"]);
    const notebook = JSON.parse(readFileSync(file, "utf8"));
    Object.assign(notebook.cells[0], { outputs, metadata: { trusted: true } });
    notebook.cells.push(
      ...Object.entries(attacks).map(([name, source]) => ({
        id: name,
        cell_type: "markdown",
        metadata: { trusted: true },
        source,
      })),
    );
    writeFileSync(file, JSON.stringify(notebook));

    const page = await lab.open("foreign.ipynb");
    await page.notebook.locator(".jp-OutputArea-output").first().waitFor({ state: "attached" });
    await expect
      .poll(() => page.notebook.locator(".jp-MarkdownCell .jp-RenderedMarkdown").count())
      .toBeGreaterThan(10);
    await page.page.evaluate(`{
      const links = document.querySelectorAll(".jp-NotebookPanel a");
      for (const link of links) if (link.textContent === "click") link.click();
      void 0;
    }`);
    // What was shown has had its time to run: a script of ours has.
    await page.run(0);
    await expect.poll(() => page.prompt(0).textContent()).toBe("[1]:");
    expect(await ran(page)).toEqual([]);
    expect(page.page.url()).toContain("foreign.ipynb");
  });

  test("that gets past JupyterLab's sanitizer still runs nothing in the page", async () => {
    writeFileSync(join(lab.root, "evil.js"), note("evil.js"));
    writeFileSync(join(lab.root, "control.js"), note("control"));
    const page = await lab.openCells("wall.ipynb", "1");
    await page.page.evaluate(`{
      const host = document.createElement("div");
      document.body.append(host);
      host.innerHTML = ${JSON.stringify(Object.values(attacks).join(""))};
      for (const target of host.querySelectorAll("a, button")) target.click();
      const control = document.createElement("script");
      control.src = "/files/control.js";
      document.body.append(control);
      void 0;
    }`);
    await expect.poll(() => ran(page)).toEqual(["control"]);
  });

  test("in a file runs its scripts once the user trusts it", async () => {
    writeFileSync(join(lab.root, "app.js"), note("file"));
    writeFileSync(
      join(lab.root, "page.html"),
      `<!doctype html><h1>Page</h1><script src="app.js"></script><script>${note("inline")}</script>
       <img src="data:," onerror="${note("handler")}">`,
    );
    const page = await lab.openCells("first.ipynb", "1");
    await page.openFile("page.html");
    await page.page.frameLocator(".jp-HTMLViewer iframe").getByText("Page").waitFor();
    expect(await ran(page)).toEqual([]);
    await page.page.getByText("Trust HTML").click();
    await expect.poll(() => ran(page)).toEqual(["file", "handler", "inline"]);
    await page.page.frameLocator(".jp-HTMLViewer iframe").getByText("Page").waitFor();
    await page.screenshot("trusted_html");
  });
});
