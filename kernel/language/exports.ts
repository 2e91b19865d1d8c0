// `export` in a cell: every name of a cell is visible to later cells anyway, so the word changes nothing and is blanked
// out, with everything behind it staying in its column.
import type * as TS from "typescript";
import { ts } from "./typescript.js";

/** What tslab can put its list of exports behind. */
export const asCell = (source: string): string => withGlobalClosed(withoutExports(source));

function withoutExports(source: string): string {
  if (!/\bexport\b/.test(source)) return source;
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest);
  let text = source;
  const blank = (start: number, end: number) => {
    text = text.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, " ") + text.slice(end);
  };
  // From the end: what is inserted moves what follows.
  for (const statement of [...file.statements].reverse()) {
    const start = statement.getStart(file);
    if (ts.isExportDeclaration(statement)) {
      // `export { a } from "b"` makes a name of this cell, as `import` does, a word of the same length.
      const isNamed = statement.exportClause !== undefined;
      if (statement.moduleSpecifier && isNamed)
        text = `${text.slice(0, start)}import${text.slice(start + 6)}`;
      else if (!statement.moduleSpecifier) blank(start, statement.end);
    } else if (ts.isExportAssignment(statement)) {
      if (!statement.isExportEquals) blank(start, statement.expression.getStart(file));
    } else if (isNameless(statement)) {
      // An expression: the cell's result, as any other default.
      text = `${text.slice(0, statement.end)});${text.slice(statement.end)}`;
      blank(start, start + EXPORT_DEFAULT.exec(text.slice(start))![0].length);
      text = `${text.slice(0, start)};(${text.slice(start + 2)}`;
    } else if (ts.canHaveModifiers(statement)) {
      for (const modifier of ts.getModifiers(statement) ?? []) {
        if (isExportWord(modifier)) blank(modifier.getStart(file), modifier.end);
      }
    }
  }
  return text;
}

const EXPORT_DEFAULT = /^export\s+default\b/;
const isNameless = (statement: TS.Statement) =>
  (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && !statement.name;

const isExportWord = ({ kind }: TS.Modifier) =>
  kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword;

/** With the list behind it, `global` at a cell's end would begin a `declare global`. */
function withGlobalClosed(source: string): string {
  if (!/\bglobal\b/.test(source)) return source;
  const end = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest).statements.at(-1)?.end ?? 0;
  return /\bglobal$/.test(source.slice(0, end)) ? `${source.slice(0, end)};${source.slice(end)}` : source;
}
