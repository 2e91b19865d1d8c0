// What a cell may hold and a module may not, as a text of the same lines and columns that tslab can take.
//
// `export`: every name of a cell is visible to later cells anyway, so the word changes nothing and is blanked
// out; what gives another name, `export { a as b }`, is left to `emit.ts`.
//
// An object literal at the end: to TypeScript a block, which would show nothing.

import type * as TS from "typescript";
import { ts } from "./typescript.js";

/** What tslab can put its list of exports behind. */
export const asCell = (source: string): string => withGlobalClosed(withObjectAtEnd(withoutExports(source)));

/**
 * Stands in the place of the end of the line in front of a cell that begins with what `withObjectAtEnd` adds.
 */
export const LINE_IN_FRONT = "\v";

/** `{ a: 1, b: 2 }` at the end in parentheses: the cell's result, as at Node's prompt. */
export function withObjectAtEnd(source: string): string {
  const end = source.trimEnd().length;
  if (source[end - 1] !== "}") return source;
  const file = parsed(source);
  const block = file.statements.findLast(ts.isBlock);
  if (!block) return source;
  const text = source.slice(block.getStart(file), end);
  const { parseDiagnostics, statements } = parsed(`(${text})`);
  const [first] = statements;
  const isObject =
    parseDiagnostics.length === 0 &&
    statements.length === 1 &&
    ts.isExpressionStatement(first) &&
    ts.isParenthesizedExpression(first.expression) &&
    ts.isObjectLiteralExpression(first.expression.expression) &&
    first.expression.expression.properties.length > 0 &&
    // A call and a block behind it look like a method.
    (file.parseDiagnostics.length > 0 ||
      first.expression.expression.properties.every((each) => !ts.isMethodDeclaration(each)));
  if (!isObject) return source;
  const front = source.slice(0, block.pos);
  const open = front === "" ? `(${LINE_IN_FRONT}` : front.endsWith(";") ? "(" : ";(";
  const inside = source.slice(block.pos, end);
  // Columns stay where there is room.
  const room = front !== "" && inside.startsWith(" ".repeat(open.length)) ? open.length : 0;
  return `${front}${open}${inside.slice(room)})${source.slice(end)}`;
}

const parsed = (text: string) =>
  ts.createSourceFile("cell.ts", text, ts.ScriptTarget.Latest) as TS.SourceFile & {
    parseDiagnostics: readonly unknown[];
  };

/** Those of `export { a as b }` that give another name. */
export const renamings = (statement: TS.ExportDeclaration): TS.ExportSpecifier[] => {
  const { exportClause, moduleSpecifier } = statement;
  if (moduleSpecifier || !exportClause || !ts.isNamedExports(exportClause)) return [];
  return exportClause.elements.filter(
    ({ name, propertyName }) => propertyName && ts.isIdentifier(name) && name.text !== "default",
  );
};

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
      else if (!statement.moduleSpecifier) {
        const kept = renamings(statement);
        if (kept.length === 0 || !isNamed || !ts.isNamedExports(statement.exportClause)) {
          blank(start, statement.end);
          continue;
        }
        for (const element of statement.exportClause.elements) {
          if (kept.includes(element)) continue;
          const [comma] = /^\s*,?/.exec(source.slice(element.end))!;
          blank(element.getStart(file), element.end + comma.length);
        }
      }
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
