// Lines that fit the page: estimated widths of LaTeX, and where a long line is broken.

/** Where a line may be broken; LaTeX reads it as a space. */
export const mayBreak = "\n";

// An em is the size of the font: a notebook's page of 1000 pixels has about 50.
const pageEm = 42;
const digitEm = 0.5;
const columnGapEm = 1;
const matrixBracketsEm = 1.8;

/** How many of a row's numbers stand next to each other in a matrix that leaves room for other factors. */
export function columnsThatFit(row: string[]): number {
  const widest = Math.max(...row.map((number) => number.length)) * digitEm + columnGapEm;
  return Math.floor((pageEm * 0.6) / widest);
}

/** The width of a piece of LaTeX, in em, roughly and rather too large. */
export function width(tex: string): number {
  const matrices = [...tex.matchAll(/\\begin\{pmatrix\}(.*?)\\end\{pmatrix\}/gs)];
  const matrixWidth = (body: string) =>
    matrixBracketsEm +
    Math.max(
      ...body.split("\\\\").map((row) => {
        const cells = row.split("&").map(width);
        return cells.reduce((sum, cell) => sum + cell, columnGapEm * (cells.length - 1));
      }),
    );
  const rest = tex
    .replace(/\\begin\{pmatrix\}.*?\\end\{pmatrix\}/gs, "")
    .replace(/\\(left|right|,|text|textstyle|operatorname)/g, "")
    .replace(/\\[a-zA-Z]+/g, "xx")
    .replace(/[{}_^\s]/g, "");
  return matrices.reduce((sum, [, body]) => sum + matrixWidth(body), rest.length * digitEm);
}

/**
 * One row of the solution as lines that fit the room: broken between the terms of a sum, else between
 * factors.
 */
function broken(row: string, room: number): string[] {
  const pieces = joinWhile(row.split(mayBreak), (piece) => depth(piece) > 0);
  const terms = pieces.reduce<string[][]>((all, piece) => {
    const startsTerm = all.length === 0 || /^[+-] /.test(piece);
    return startsTerm ? [...all, [piece]] : [...all.slice(0, -1), [...all[all.length - 1], piece]];
  }, []);
  const fitting = (line: string, piece: string) => width(line) + width(piece) <= room;
  return joinWhile(
    terms.flatMap((factors) => joinWhile(factors, fitting)),
    fitting,
  );
}

/** Appends each piece to the one before, as long as `together` says so. */
const joinWhile = (pieces: string[], together: (before: string, piece: string) => boolean) =>
  pieces.reduce<string[]>((lines, piece) => {
    const before = lines.at(-1);
    return before !== undefined && together(before, piece)
      ? [...lines.slice(0, -1), `${before} ${piece}`]
      : [...lines, piece];
  }, []);

const depth = (tex: string) => tex.split("\\left").length - tex.split("\\right").length;

/**
 * `target = row = row = …`, a row a line, in the layout of the slides; small type where a line stays too
 * wide.
 */
export function aligned(target: string, rows: string[]): string {
  const room = pageEm - Math.min(width(target), pageEm / 3);
  const rowsOfLines = rows.map((row) => broken(row, room));
  const lines = rowsOfLines.flatMap((row) =>
    row.map((line, k) => (k === 0 ? `= ${line}` : `\\quad {} ${line}`)),
  );
  const body = lines.map((line, k) => `${k === 0 ? `${target} ` : ""}&${line}`).join(" \\\\[4pt]\n");
  const block = `\\begin{aligned}\n${body}\n\\end{aligned}`;
  return Math.max(...rowsOfLines.flat().map(width)) > room ? `{\\scriptsize ${block}}` : block;
}
