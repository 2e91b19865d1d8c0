// The lines of a cell around the place that an error means, marked as compilers mark them.

const LINES_AROUND = 2;
// A minified line would fill the screen.
const LONGEST_LINE = 200;

/** Lines `line - 2` to `line + 1` of `source`, with a caret under `column`; both count from 1. */
export function codeFrame(source: string, line: number, column: number): string {
  const lines = source.split("\n");
  const first = Math.max(1, line - LINES_AROUND);
  const last = Math.min(lines.length, line + 1);
  const width = String(last).length;
  const frame: string[] = [];
  for (let number = first; number <= last; number++) {
    const text = lines[number - 1];
    const mark = number === line ? ">" : " ";
    const cut = text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text;
    frame.push(`${mark} ${String(number).padStart(width)} | ${cut}`.trimEnd());
    if (number !== line || column > LONGEST_LINE) continue;
    // Tabs stay tabs, so that the caret stands where they end.
    const indent = text.slice(0, column - 1).replace(/[^\t]/g, " ");
    frame.push(`  ${" ".repeat(width)} | ${indent}^`);
  }
  return frame.join("\n");
}
