// Notebooks in other forms: what JupyterLab prints and exports.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageRoot } from "../../../kernel/package_root.js";
import { useServer } from "../../support/lab_server.js";

const server = useServer();

const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><title>drawn</title></svg>';

const display = (data: object, metadata = {}) => ({ output_type: "display_data", data, metadata });
const code = (source: string, ...outputs: object[]) => ({
  cell_type: "code",
  metadata: {},
  execution_count: 1,
  source,
  outputs,
});
const markdown = (source: string, more = {}) => ({ cell_type: "markdown", metadata: {}, source, ...more });

function notebook(cells: object[], metadata: object = {}): string {
  return JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata, cells });
}

const TYPESCRIPT = { language_info: { name: "typescript", file_extension: ".ts" } };

async function html(cells: object[], metadata: object = TYPESCRIPT): Promise<string> {
  server.write("one.ipynb", notebook(cells, metadata));
  const { status, text } = await server.ask("GET /nbconvert/html/one.ipynb");
  expect(status, text).toBe(200);
  return text.slice(text.indexOf("<main>"), text.indexOf("</main>"));
}

test("the menu is told which forms there are", async () => {
  expect((await server.ask("GET /api/nbconvert")).json).toEqual({
    html: { output_mimetype: "text/html" },
    markdown: { output_mimetype: "text/markdown" },
    script: { output_mimetype: "text/plain" },
  });
});

describe("a notebook as HTML", () => {
  test.each([
    ["$W_h$이", "W_h"],
    ["a $x_1$ and $y_1$ b", "y_1"],
    ["$$\n\\begin{aligned}\na &= b \\\\\n&= c\n\\end{aligned}\n$$", "\\end{aligned}"],
    ["$$\\frac{1}\n{2}$$", "\\frac{1}\n{2}"],
    ["<details><summary>s</summary>\n\n$$\nz_1\n$$\n\n</details>", "z_1"],
    ["- item $a_b$\n- other", "a_b"],
  ])("typesets the formula in %j", async (source, tex) => {
    const text = await html([markdown(source)]);
    expect(text).toContain('<math xmlns="http://www.w3.org/1998/Math/MathML"');
    expect(text).toContain(`${tex.replaceAll("&", "&amp;")}</annotation>`);
    expect(text).not.toContain("<em>");
    expect(text.replaceAll(/<annotation[^]*?<\/annotation>/g, "")).not.toContain("$");
  });

  test.each(["costs \\$5", "costs $5", "$ $", "$$$$", "`$x$`"])(
    "leaves what is no formula in %j",
    async (source) => {
      expect(await html([markdown(source)])).not.toContain("<math");
    },
  );

  test("shows a formula with a mistake as it was written", async () => {
    expect(await html([markdown("$\\frac{$"), markdown("after")])).toMatch(/katex-error[^]*after/);
  });

  test("has code in colours, and as text", async () => {
    const text = await html([code('const x: number = "<b>"; // why')]);
    expect(text).toContain('<span class="tok-keyword">const</span>');
    expect(text).toContain("&lt;b&gt;");
    expect(await html([code("<b>")], {})).toContain("<pre><code>&lt;b&gt;</code></pre>");
  });

  test("has each output in a form that stands still", async () => {
    const text = await html([
      code(
        "x",
        { output_type: "stream", name: "stdout", text: "1 < 2\n" },
        display(
          { "application/vnd.vegalite.v5+json": {}, "image/png": PNG, "text/plain": "p" },
          {
            "image/png": { width: 400, height: 300, alt: 'a "chart"' },
          },
        ),
        display({ "image/svg+xml": SVG, "text/plain": "A drawing" }),
        display({ "text/html": "<table><tr><td>cell</td></tr></table>", "text/plain": "plain" }),
        display({ "text/markdown": "**✓ right** $h_1$", "text/plain": "plain" }),
        display({ "text/plain": "\u001b[31m42\u001b[0m" }),
        { output_type: "error", ename: "E", evalue: "v", traceback: ["\u001b[31mTypeError\u001b[0m: boom"] },
      ),
    ]);
    expect(text).toContain("<pre>1 &lt; 2\n</pre>");
    expect(text).toContain(`<img src="data:image/png;base64,${PNG}" alt="a &quot;chart&quot;" width="400">`);
    const svg = Buffer.from(SVG).toString("base64");
    expect(text).toContain(`<img src="data:image/svg+xml;base64,${svg}" alt="A drawing">`);
    expect(text).toContain("<td>cell</td>");
    expect(text).toContain("<strong>✓ right</strong>");
    expect(text).toContain("<pre>42</pre>");
    expect(text).toContain('<div class="error"><pre>TypeError: boom</pre></div>');
  });

  test("holds the pictures that were pasted into a text", async () => {
    const attachments = { "a.png": { "image/png": PNG } };
    const text = await html([markdown("![a](attachment:a.png) ![b](attachment:b.png)", { attachments })]);
    expect(text).toContain(`src="data:image/png;base64,${PNG}"`);
    expect(text).toContain('src="attachment:b.png"');
  });

  test("has title and language of the notebook, and for want of a title the file's name", async () => {
    server.write("a.ipynb", notebook([], { title: "<순전파>", unrolled: { language: "ko" } }));
    const { text } = await server.ask("GET /nbconvert/html/a.ipynb");
    expect(text).toContain('<html lang="ko">');
    expect(text).toContain("<title>&lt;순전파&gt;</title>");
    server.write("b.ipynb", notebook([]));
    expect((await server.ask("GET /nbconvert/html/b.ipynb")).text).toMatch(/<html>[^]*<title>b<\/title>/);
  });

  test.each(readdirSync(join(packageRoot, "notebooks", "ko")).filter((name) => name.endsWith(".ipynb")))(
    "typesets every formula of %s, and asks no other place for anything",
    async (name) => {
      server.write(name, readFileSync(join(packageRoot, "notebooks", "ko", name)));
      const { text } = await server.ask(`GET /nbconvert/html/${name}`);
      expect(text).not.toContain("katex-error");
      expect(text).not.toMatch(/(?:src="|url\()(?!data:)/);
      const prose = text.replaceAll(/<(style|pre|code|annotation)[^]*?<\/\1>/g, "");
      expect(prose).not.toContain("$$");
    },
  );
});

describe("a notebook from elsewhere", () => {
  test("runs no script, neither shown from here nor opened from a disk", async () => {
    server.write("evil.ipynb", notebook([markdown("<script>alert(1)</script>")]));
    const { headers, text } = await server.ask("GET /nbconvert/html/evil.ipynb");
    const [, inFile] = /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(text)!;
    for (const policy of [inFile, String(headers["content-security-policy"])]) {
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("form-action 'none'");
      expect(policy).not.toContain("script-src");
    }
    expect(headers["content-security-policy"]).toMatch(/^sandbox;/);
    // Nothing of the notebook's comes before the policy.
    expect(text.indexOf("alert")).toBeGreaterThan(text.indexOf(inFile));
  });

  test("cannot leave the places where its words are put", async () => {
    const evil = '"><script>alert(1)</script>';
    server.write(
      "words.ipynb",
      notebook(
        [
          code(
            evil,
            display({ "image/png": evil, "text/plain": evil }, { "image/png": { alt: evil, width: evil } }),
          ),
          markdown("![x](attachment:a)", {
            attachments: { a: { [`image/png${evil}`]: evil, "image/png": evil } },
          }),
          { cell_type: "raw", metadata: {}, source: evil },
        ],
        { title: evil, unrolled: { language: evil }, language_info: { name: evil, file_extension: evil } },
      ),
    );
    const { text } = await server.ask("GET /nbconvert/html/words.ipynb");
    expect(text).not.toContain("<script>");
    const script = await server.ask("GET /nbconvert/script/words.ipynb?download=true");
    expect(script.headers["content-disposition"]).toBe("attachment; filename*=UTF-8''words.txt");
  });

  test.each([
    ["quotes", ">".repeat(20_000)],
    ["braces", `$${"{".repeat(20_000)}$`],
    ["lists", Array.from({ length: 300 }, (_, level) => `${"  ".repeat(level)}- a`).join("\n")],
  ])("is shown as it was written where %s are nested too deeply", async (_, source) => {
    const text = await html([markdown(source), markdown("*after*")]);
    expect(text).toContain("<em>after</em>");
    expect(text).not.toContain("<li>");
  });
});

describe("a notebook as text", () => {
  const cells = [
    markdown("# Title\n\n$x$"),
    code("const a = 1;", { output_type: "stream", name: "stdout", text: "a ```b\n" }),
    code(
      "a",
      display({ "text/markdown": "**✓**" }),
      display({ "image/png": PNG, "text/plain": "a [chart]" }),
    ),
    code(""),
  ];

  test("has code, outputs and pictures in Markdown", async () => {
    server.write("text.ipynb", notebook(cells, TYPESCRIPT));
    const { text, headers } = await server.ask("GET /nbconvert/markdown/text.ipynb");
    expect(headers["content-type"]).toBe("text/markdown; charset=utf-8");
    expect(text.split("\n\n")).toEqual([
      "# Title",
      "$x$",
      "```typescript\nconst a = 1;\n```",
      "````\na ```b\n````",
      "```typescript\na\n```",
      "**✓**",
      `![a  chart ](data:image/png;base64,${PNG})\n`,
    ]);
  });

  test("is a script of its code, named for the language", async () => {
    server.write("폴더/한글.ipynb", notebook(cells, TYPESCRIPT));
    const path = encodeURI("폴더/한글.ipynb");
    const { text, headers } = await server.ask(`GET /nbconvert/script/${path}?download=true`);
    expect(text).toBe("const a = 1;\n\na\n");
    const name = encodeURIComponent("한글.ts");
    expect(headers["content-disposition"]).toBe(`attachment; filename*=UTF-8''${name}`);
  });
});

test.each([
  ["pdf/one.ipynb", 404, 'format is "pdf", but must be one of html, markdown, script'],
  ["constructor/one.ipynb", 404, 'format is "constructor", but must be one of html, markdown, script'],
  ["html/none.ipynb", 404, "no such file or directory"],
  ["html/text.txt", 400, "text.txt: not a notebook"],
  ["html/old.ipynb", 400, "old.ipynb: nbformat is 3.0, but must be from 4.0 to 4.5"],
])("GET /nbconvert/%s is refused with a reason", async (path, status, message) => {
  server.write("text.txt", "no notebook");
  server.write("old.ipynb", '{"nbformat": 3, "nbformat_minor": 0}');
  const answer = await server.ask(`GET /nbconvert/${path}`);
  expect(answer.status).toBe(status);
  expect(answer.json.message).toContain(message);
});

test("nothing is shown to who has no token", async () => {
  const { status } = await server.ask("GET /nbconvert/html/one.ipynb", { headers: { Authorization: "" } });
  expect(status).toBe(403);
});
