// A line or two of Markdown below a cell; without the asterisks where only plain text is shown.

import { display } from "../../../kernel/display/index.js";
import { jupyterDisplay } from "../table.js";

export function showMarkdown(text: string): void {
  const data = { "text/markdown": text, "text/plain": text.replaceAll(/\*\*(\S.*?)\*\*/g, "$1") };
  display({ [jupyterDisplay]: () => data });
}
