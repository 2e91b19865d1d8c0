// The nodes of compiled code that speak to `__cell`.

import type * as TS from "typescript";
import { CELL } from "../cell_name.js";
import { ts } from "./typescript.js";

export function cellNodes(factory: TS.NodeFactory) {
  const member = (name: string) =>
    factory.createPropertyAccessExpression(factory.createIdentifier(CELL), name);
  const call = (method: string, ...args: TS.Expression[]) =>
    factory.createCallExpression(member(method), undefined, args);
  const getter = (value: TS.Expression) =>
    factory.createArrowFunction(undefined, undefined, [], undefined, undefined, value);
  const setter = (name: string) => {
    const value = factory.createUniqueName("value");
    const parameter = factory.createParameterDeclaration(undefined, undefined, value);
    const assign = factory.createAssignment(factory.createIdentifier(name), value);
    return factory.createArrowFunction(undefined, undefined, [parameter], undefined, undefined, assign);
  };
  return {
    member,
    call,
    getter,
    setter,
    text: (value: string) => factory.createStringLiteral(value),
    statement: (expression: TS.Expression): TS.Statement => factory.createExpressionStatement(expression),
    constants: (declarations: [TS.Identifier, TS.Expression][]) =>
      factory.createVariableStatement(
        undefined,
        factory.createVariableDeclarationList(
          declarations.map(([name, value]) =>
            factory.createVariableDeclaration(name, undefined, undefined, value),
          ),
          ts.NodeFlags.Const,
        ),
      ),
  };
}
