// Markdown as JupyterLab shows it, formulas and all, as HTML that needs no script.

import katex from "katex";
import { Marked, Tokenizer } from "marked";
import type { TokenizerAndRendererExtension, Tokens } from "marked";
import { escapeHtml } from "../../../kernel/rendering/escape_html.js";
import { highlight } from "./highlight.js";

/** Formulas are found before Markdown takes their underscores and backslashes for its own. */
const formula = (level: "block" | "inline"): TokenizerAndRendererExtension => ({
  name: `${level} formula`,
  level,
  start: level === "inline" ? (text) => found(text.indexOf("$")) : undefined,
  tokenizer(text) {
    const mark = /^\$\$?/.exec(text)?.[0];
    if (mark === undefined || (level === "block" && mark === "$")) return undefined;
    const end = endOf(text, mark);
    const tex = text.slice(mark.length, end);
    if (end < 0 || tex.trim() === "" || /\n[ \t]*\n/.test(tex)) return undefined;
    const raw = text.slice(0, end + mark.length);
    // In the middle of a paragraph it is no block.
    if (level === "block" && !/^[ \t]*(?:\n|$)/.test(text.slice(raw.length))) return undefined;
    return { type: `${level} formula`, raw, tex, isDisplayed: mark === "$$" };
  },
  renderer: ({ tex, isDisplayed }) => typeset(String(tex).trim(), Boolean(isDisplayed)),
});

const found = (index: number) => (index < 0 ? undefined : index);

/** Where the mark stands again, with no backslash before it. */
function endOf(text: string, mark: string): number {
  for (let at = text.indexOf(mark, mark.length); at >= 0; at = text.indexOf(mark, at + 1))
    if (text[at - 1] !== "\\") return at;
  return -1;
}

function typeset(tex: string, displayMode: boolean): string {
  try {
    return katex.renderToString(tex, { displayMode, throwOnError: false, strict: "ignore" });
  } catch {
    // Nested too deeply, say.
    return `<code>${escapeHtml(tex)}</code>`;
  }
}

/** Far more than anyone reads, and as many as are parsed fast: each level reads all below it again. */
const MOST_LEVELS = 20;

class ShallowTokenizer extends Tokenizer {
  #level = 0;

  override list(text: string): Tokens.List | undefined {
    if (this.#level === MOST_LEVELS) throw new RangeError("lists are nested too deeply");
    this.#level++;
    const list = super.list(text);
    this.#level--;
    return list;
  }
}

/**
 * A text that is nested too deeply is shown as it was written.
 * @param pictures addresses of the pictures that came with the text, by the names it calls them by
 */
export function markdownToHtml(text: string, pictures: ReadonlyMap<string, string> = new Map()): string {
  const marked = new Marked({
    extensions: [formula("block"), formula("inline")],
    renderer: { code: ({ text, lang = "" }) => `<pre><code>${highlight(text, lang)}</code></pre>\n` },
    walkTokens(token) {
      if (token.type === "image") token.href = pictures.get(String(token.href)) ?? (token.href as string);
    },
  });
  try {
    return marked.parse(text, { async: false, tokenizer: new ShallowTokenizer() });
  } catch {
    return `<pre>${escapeHtml(text)}</pre>`;
  }
}
