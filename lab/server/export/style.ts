// How an exported notebook looks, on a screen and on paper.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** @param hasFormulas then with KaTeX's own style, its fonts in it */
export const styleFor = (hasFormulas: boolean) => (hasFormulas ? `${katexStyle()}\n${STYLE}` : STYLE);

function katexStyle(): string {
  const file = (name: string) => fileURLToPath(import.meta.resolve(`katex/dist/${name}`));
  const style = readFileSync(file("katex.min.css"), "utf8");
  // Every browser of today reads the first of the three formats.
  return style.replaceAll(
    /url\((fonts\/[\w-]+\.woff2)\) format\("woff2"\)(?:,url\([^)]*\) format\("\w+"\))*/g,
    (_, name: string) =>
      `url(data:font/woff2;base64,${readFileSync(file(name)).toString("base64")}) format("woff2")`,
  );
}

const STYLE = `
:root { color-scheme: light; font: 16px/1.55 system-ui, sans-serif; }
body { margin: 0; color: #1f2328; background: #fff; overflow-wrap: break-word; }
:lang(ko) { word-break: keep-all; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
pre, code { font: 0.875em/1.45 ui-monospace, monospace; }
pre { margin: 0.5em 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.code > pre, .markdown pre { padding: 0.6em 0.8em; background: #f6f8fa; border-radius: 4px; }
.outputs { margin: 0 0 1rem; padding: 0 0.8em; overflow-x: auto; }
.error { border-left: 3px solid #cf222e; }
img { max-width: 100%; }
.katex-display { overflow: auto hidden; }
table { display: block; overflow-x: auto; border-collapse: collapse; margin: 0.5em 0; font-size: 0.9em; }
th, td { padding: 0.25em 0.7em; border-bottom: 1px solid #d1d9e0; text-align: start; }
blockquote { margin: 0.5em 0; padding-left: 1em; border-left: 3px solid #d1d9e0; }
.tok-comment { color: #59636e; }
.tok-keyword { color: #a40e26; }
.tok-string, .tok-string2 { color: #0a3069; }
.tok-number, .tok-bool { color: #0550ae; }
.tok-typeName, .tok-className { color: #6639ba; }
@page { margin: 15mm; }
@media print {
  :root { font-size: 11pt; }
  main { max-width: none; padding: 0; }
  h1, h2, h3, summary { break-after: avoid; }
  img, tr { break-inside: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
}`;
