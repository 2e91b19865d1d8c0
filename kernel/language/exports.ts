// `export` in a cell: every name of a cell is visible to later cells anyway, so the word changes nothing and is blanked
// out, with everything behind it staying in its column.
import type * as TS from "typescript";
import { ts } from "./typescript.js";

export function withoutExports(source: string): string {
  if (!/\bexport\b/.test(source)) return source;
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest);
  let text = source;
  const blank = (start: number, end: number) => {
    text = text.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, " ") + text.slice(end);
  };
  for (const statement of file.statements) {
    const start = statement.getStart(file);
    if (ts.isExportDeclaration(statement)) {
      // `export { a } from "b"` makes a name of this cell, as `import` does, a word of the same length.
      const isNamed = statement.exportClause !== undefined;
      if (statement.moduleSpecifier && isNamed)
        text = `${text.slice(0, start)}import${text.slice(start + 6)}`;
      else if (!statement.moduleSpecifier) blank(start, statement.end);
    } else if (ts.isExportAssignment(statement)) {
      if (!statement.isExportEquals) blank(start, statement.expression.getStart(file));
    } else if (ts.canHaveModifiers(statement)) {
      for (const modifier of ts.getModifiers(statement) ?? []) {
        if (isExportWord(modifier)) blank(modifier.getStart(file), modifier.end);
      }
    }
  }
  return text;
}

const isExportWord = ({ kind }: TS.Modifier) =>
  kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword;
