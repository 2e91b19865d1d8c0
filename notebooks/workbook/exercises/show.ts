// A line or two of Markdown below a cell; without asterisks and links where only plain text is shown.

import { display } from "../../../kernel/display/index.js";
import { jupyterDisplay } from "../table.js";

export function showMarkdown(text: string): void {
  const plain = text
    .replaceAll(/\*\*(\S.*?)\*\*/g, "$1")
    .replaceAll(/\[([^[\]]+)\]\(\d\d_\w+\.ipynb#slide-\d+\)/g, "$1");
  const data = { "text/markdown": text, "text/plain": plain };
  display({ [jupyterDisplay]: () => data });
}
