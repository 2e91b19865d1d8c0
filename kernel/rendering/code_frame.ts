// The lines of a cell around the place that an error means, marked as compilers mark them.

const LINES_AROUND = 2;
// A minified line would fill the screen.
const LONGEST_LINE_CHARACTERS = 200;

// Twice as wide as a letter in fonts for code: Chinese, Japanese and Korean, full-width forms, emoji. A
// package that knows each character would take longer to load than a cell to run.
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3ffff}\p{Emoji_Presentation}]/u;
const COMBINING = /[\p{M}\u200d]/u;
const IDEOGRAPHIC_SPACE = "\u3000";

/**
 * Lines `line - 2` to `line + 1` of `source`, with carets under `length` units from `column` on; they count
 * from 1.
 */
export function codeFrame(source: string, line: number, column: number, length = 1): string {
  const lines = source.split("\n");
  const first = Math.max(1, line - LINES_AROUND);
  const last = Math.min(lines.length, line + 1);
  const width = String(last).length;
  const frame: string[] = [];
  for (let number = first; number <= last; number++) {
    const text = lines[number - 1];
    const mark = number === line ? ">" : " ";
    const cut = text.length > LONGEST_LINE_CHARACTERS ? `${text.slice(0, LONGEST_LINE_CHARACTERS)}…` : text;
    frame.push(`${mark} ${String(number).padStart(width)} | ${cut}`.trimEnd());
    if (number !== line || column > LONGEST_LINE_CHARACTERS) continue;
    const carets = "^".repeat(Math.max(1, Math.min(length, cut.length - column + 1)));
    frame.push(`  ${" ".repeat(width)} | ${blank(text.slice(0, column - 1))}${carets}`);
  }
  return frame.join("\n");
}

/** As wide as `text`. Tabs stay tabs, so that what follows stands where they end. */
function blank(text: string): string {
  return [...text]
    .map((character) => {
      if (character === "\t") return character;
      if (COMBINING.test(character)) return "";
      return WIDE.test(character) ? IDEOGRAPHIC_SPACE : " ";
    })
    .join("");
}
