// Where an editor shows the signature of the function that is being called, whatever the argument is.

import type * as TS from "typescript";
import { ts } from "./typescript.js";

/** Where the names begin of the functions between whose parentheses the position is, the innermost first. */
export function calledAround(file: TS.SourceFile, position: number): number[] {
  const names: number[] = [];
  const visit = (node: TS.Node): void => {
    if (node.pos > position || !reaches(file, node.end, position)) return;
    // Statements of a function that is passed are not arguments.
    if (ts.isBlock(node)) names.length = 0;
    if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && isInArguments(node, position)) {
      const { expression } = node;
      const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
      names.unshift(name.getStart(file));
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return names;
}

function isInArguments(call: TS.CallExpression | TS.NewExpression, position: number): boolean {
  if (!call.arguments || position < call.arguments.pos) return false;
  const isClosed = call.end > call.arguments.end;
  return !isClosed || position < call.end;
}

/** An unfinished call extends over the whitespace after it. */
const reaches = (file: TS.SourceFile, end: number, position: number) =>
  file.text.slice(end, position).trim() === "";
