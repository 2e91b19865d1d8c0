// Has code that waits for something ask main/runs.ts, so that it can be stopped there:
//
//     async function train() { for await (const row of rows()) { await save(row); } }
//     setInterval(show, 100);
//
// becomes
//
//     async function train() {
//       const frame_1 = __cell.enter();
//       for await (const row of __cell.each(rows(), frame_1)) {
//         __cell.got(await __cell.wait(save(row), frame_1), frame_1);
//       }
//     }
//     setInterval(__cell.task(show), 100);

import type * as TS from "typescript";
import { cellNodes } from "./cell_nodes.js";
import { ts } from "./typescript.js";

const TIMERS = new Set(["setTimeout", "setInterval", "setImmediate"]);
const CONCERNED = /\b(await|setTimeout|setInterval|setImmediate)\b/;

/** @param isGlobal whether the name of a timer function is the global one's, as far as that is known */
export function interruptible(
  isGlobal: (name: TS.Identifier) => boolean,
): TS.TransformerFactory<TS.SourceFile> {
  return (context) => (file) => {
    if (!CONCERNED.test(file.text)) return file;
    const { factory } = context;
    const { call, constants } = cellNodes(factory);

    /** Of the function that is being visited; undefined where it has not waited yet. */
    let frame: TS.Identifier | undefined;
    const frameHere = () => (frame ??= factory.createUniqueName("frame"));

    function inFunction<T extends TS.Node>(
      visitBody: () => T,
      withFrame: (body: T, enter: TS.Statement) => T,
    ): T {
      const outer = frame;
      frame = undefined;
      const visited = visitBody();
      const entered = frame && withFrame(visited, constants([[frame, call("enter")]]));
      frame = outer;
      return entered ?? visited;
    }

    /** Names that methods compute: what waits in them waits outside of the method. */
    const computed = new Map<TS.Node, TS.Node>();

    const visitChildren = <T extends TS.Node>(node: T): T => ts.visitEachChild(node, visit, context);

    function visit(node: TS.Node): TS.Node {
      const name = computed.get(node);
      if (name) return name;
      if (isFunctionWithBody(node)) {
        if (node.name && ts.isComputedPropertyName(node.name)) {
          computed.set(node.name, visitChildren(node.name));
        }
        return inFunction(
          () => visitChildren(node),
          (visited, enter) => withStatement(visited, enter, factory),
        );
      }
      if (ts.isAwaitExpression(node)) {
        const { expression } = visitChildren(node);
        const awaited = factory.updateAwaitExpression(node, call("wait", expression, frameHere()));
        return ts.setTextRange(call("got", awaited, frameHere()), node);
      }
      if (ts.isForOfStatement(node) && node.awaitModifier) {
        const { awaitModifier, initializer, expression, statement } = visitChildren(node);
        const iterable = ts.setTextRange(call("each", expression, frameHere()), expression);
        return factory.updateForOfStatement(node, awaitModifier, initializer, iterable, statement);
      }
      if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && TIMERS.has(node.expression.text)) {
        const { expression, typeArguments, arguments: args } = visitChildren(node);
        const [body, ...rest] = args;
        if (!body || ts.isSpreadElement(body) || !isGlobal(node.expression)) return visitChildren(node);
        return factory.updateCallExpression(node, expression, typeArguments, [call("task", body), ...rest]);
      }
      return visitChildren(node);
    }

    return inFunction(
      () => visitChildren(file),
      (visited, enter) => factory.updateSourceFile(visited, withFirst(visited.statements, enter, factory)),
    );
  };
}

type FunctionWithBody =
  TS.FunctionDeclaration | TS.FunctionExpression | TS.ArrowFunction | TS.MethodDeclaration;

/** Those that can be asynchronous. */
function isFunctionWithBody(node: TS.Node): node is FunctionWithBody {
  return (
    (ts.isFunctionDeclaration(node) ||
      ts.isFunctionExpression(node) ||
      ts.isArrowFunction(node) ||
      ts.isMethodDeclaration(node)) &&
    node.body !== undefined
  );
}

/** The function with one statement more, its first. */
function withStatement(
  node: FunctionWithBody,
  first: TS.Statement,
  factory: TS.NodeFactory,
): FunctionWithBody {
  const { typeParameters, parameters, type } = node;
  const old = node.body!;
  const body: TS.Block = ts.isBlock(old)
    ? factory.updateBlock(old, withFirst(old.statements, first, factory))
    : ts.setTextRange(
        factory.createBlock([first, ts.setTextRange(factory.createReturnStatement(old), old)], true),
        old,
      );
  if (ts.isArrowFunction(node)) {
    const { modifiers, equalsGreaterThanToken: arrow } = node;
    return factory.updateArrowFunction(node, modifiers, typeParameters, parameters, type, arrow, body);
  }
  const { asteriskToken: star } = node;
  const signature = [typeParameters, parameters, type, body] as const;
  if (ts.isFunctionDeclaration(node)) {
    return factory.updateFunctionDeclaration(node, node.modifiers, star, node.name, ...signature);
  }
  if (ts.isFunctionExpression(node)) {
    return factory.updateFunctionExpression(node, node.modifiers, star, node.name, ...signature);
  }
  const { modifiers, name, questionToken } = node;
  return factory.updateMethodDeclaration(node, modifiers, star, name, questionToken, ...signature);
}

/** Behind `"use strict"`. */
function withFirst(
  statements: TS.NodeArray<TS.Statement>,
  first: TS.Statement,
  factory: TS.NodeFactory,
): TS.NodeArray<TS.Statement> {
  const directives = statements.findIndex(
    (each) => !(ts.isExpressionStatement(each) && ts.isStringLiteral(each.expression)),
  );
  const at = directives < 0 ? statements.length : directives;
  const all = factory.createNodeArray([...statements.slice(0, at), first, ...statements.slice(at)]);
  return ts.setTextRange(all, statements);
}
