// A notebook as one HTML file that stands alone, for printing and for handing on: with outputs, formulas and
// pictures, and without a script. What it contains may come from anywhere; the policy in its head lets none
// of it run, wherever the file is opened.

import { isObject } from "../../../kernel/objects.js";
import type { Notebook, NotebookCell } from "../../../kernel/protocol/nbformat.js";
import { EXPORT_CONTENT } from "../policies.js";
import { escapeHtml } from "../../../kernel/rendering/escape_html.js";
import { factsOf } from "./facts.js";
import { highlight } from "./highlight.js";
import { markdownToHtml } from "./markdown.js";
import type { Shown } from "./outputs.js";
import { dataUrl, shown } from "./outputs.js";
import { styleFor } from "./style.js";

/** @param name the file's, for want of a title */
export function notebookToHtml(notebook: Notebook, name: string): string {
  const { title, language, codeLanguage } = factsOf(notebook, name);
  const body = notebook.cells.map((cell) => cellToHtml(cell, codeLanguage)).join("\n");
  return `<!doctype html>
<html${language && ` lang="${escapeHtml(language)}"`}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${EXPORT_CONTENT}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${styleFor(body.includes('class="katex'))}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

function cellToHtml(cell: NotebookCell, language: string): string {
  const { cell_type: type, source, outputs = [] } = cell;
  if (type === "markdown")
    return `<section class="markdown">${markdownToHtml(source, attachments(cell))}</section>`;
  if (type === "raw") return `<section class="raw"><pre>${escapeHtml(source)}</pre></section>`;
  const shownOutputs = outputs.map((output) => {
    const one = shown(output);
    const isError = output.output_type === "error";
    return one ? `<div${isError ? ' class="error"' : ""}>${outputToHtml(one)}</div>` : "";
  });
  const code = source === "" ? "" : `<pre><code>${highlight(source, language)}</code></pre>`;
  const below = shownOutputs.length > 0 ? `<div class="outputs">${shownOutputs.join("\n")}</div>` : "";
  return `<section class="code">${code}${below}</section>`;
}

function outputToHtml(output: Shown): string {
  if (output.kind === "picture") {
    const width = output.width === undefined ? "" : ` width="${output.width}"`;
    return `<img src="${escapeHtml(output.url)}" alt="${escapeHtml(output.alt)}"${width}>`;
  }
  if (output.kind === "markdown") return markdownToHtml(output.text);
  return output.kind === "html" ? output.text : `<pre>${escapeHtml(output.text)}</pre>`;
}

/** Pictures that were pasted into a text. */
function attachments(cell: NotebookCell): Map<string, string> {
  const { attachments } = cell as { attachments?: unknown };
  const pictures = Object.entries(isObject(attachments) ? attachments : {}).flatMap(([name, bundle]) =>
    Object.entries(isObject(bundle) ? bundle : {})
      .filter(([type, content]) => /^image\/[\w.+-]+$/.test(type) && typeof content === "string")
      .map(([type, content]) => [`attachment:${name}`, dataUrl(type, content as string)] as const),
  );
  return new Map(pictures);
}
