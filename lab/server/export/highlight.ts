// Code in colours, by the parser that JupyterLab's editor has for it.

import { classHighlighter, highlightCode } from "@lezer/highlight";
import { parser } from "@lezer/javascript";
import { escapeHtml } from "../../../kernel/rendering/escape_html.js";

const typescript = parser.configure({ dialect: "ts" });
const LANGUAGES = new Set(["typescript", "ts", "javascript", "js"]);

/** Code as HTML; without colours in any other language than TypeScript and JavaScript. */
export function highlight(code: string, language: string): string {
  if (!LANGUAGES.has(language.toLowerCase())) return escapeHtml(code);
  let html = "";
  highlightCode(
    code,
    typescript.parse(code),
    classHighlighter,
    (text, classes) => {
      html += classes === "" ? escapeHtml(text) : `<span class="${classes}">${escapeHtml(text)}</span>`;
    },
    () => {
      html += "\n";
    },
  );
  return html;
}
