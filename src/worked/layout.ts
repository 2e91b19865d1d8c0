// Lines that fit the page: estimated widths of LaTeX, and where a long line is broken.

/** Where a line may be broken; LaTeX reads it as a space. */
export const mayBreak = "\n";

// In units of the font's size (em), of which a notebook's page of 1000 pixels has about 50.
const page = 42;
const digit = 0.5;
const columnGap = 1;
const matrixBrackets = 1.8;

/** How many of a row's numbers stand beside each other in a matrix that leaves room for other factors. */
export function columnsThatFit(row: string[]): number {
  const widest = Math.max(...row.map((number) => number.length)) * digit + columnGap;
  return Math.floor((page * 0.6) / widest);
}

/** The width of a piece of LaTeX, in em, roughly and rather too large. */
export function width(tex: string): number {
  const matrices = [...tex.matchAll(/\\begin\{pmatrix\}(.*?)\\end\{pmatrix\}/gs)];
  const matrixWidth = (body: string) =>
    matrixBrackets +
    Math.max(
      ...body.split("\\\\").map((row) => {
        const cells = row.split("&").map(width);
        return cells.reduce((sum, cell) => sum + cell, columnGap * (cells.length - 1));
      }),
    );
  const rest = tex
    .replace(/\\begin\{pmatrix\}.*?\\end\{pmatrix\}/gs, "")
    .replace(/\\(left|right|,|text|textstyle|operatorname)/g, "")
    .replace(/\\[a-zA-Z]+/g, "xx")
    .replace(/[{}_^\s]/g, "");
  return matrices.reduce((sum, [, body]) => sum + matrixWidth(body), rest.length * digit);
}

/** One row of the solution as one or more lines of at most a page, broken where brackets allow it. */
function broken(row: string, room: number): string[] {
  const pieces = row.split(mayBreak).reduce<string[]>((joined, piece) => {
    const open = joined.length > 0 && depth(joined[joined.length - 1]) > 0;
    return open ? [...joined.slice(0, -1), `${joined[joined.length - 1]} ${piece}`] : [...joined, piece];
  }, []);
  return pieces.reduce<string[]>((lines, piece) => {
    const line = lines.at(-1);
    return line !== undefined && width(line) + width(piece) <= room
      ? [...lines.slice(0, -1), `${line} ${piece}`]
      : [...lines, piece];
  }, []);
}

const depth = (tex: string) => tex.split("\\left").length - tex.split("\\right").length;

/** `target = row = row = …`, a row a line, in the layout of the slides; small type where a line stays too wide. */
export function aligned(target: string, rows: string[]): string {
  const indent = Math.min(width(target), page / 3);
  const lines = rows.flatMap((row) =>
    broken(row, page - indent).map((line, k) => (k === 0 ? `= ${line}` : `\\quad {} ${line}`)),
  );
  const body = lines.map((line, k) => `${k === 0 ? `${target} ` : ""}&${line}`).join(" \\\\[4pt]\n");
  const block = `\\begin{aligned}\n${body}\n\\end{aligned}`;
  return Math.max(...lines.map(width)) + indent > page ? `{\\scriptsize ${block}}` : block;
}
