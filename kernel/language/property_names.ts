// A repair of tslab's treatment of names, applied before its own transformations.
import type * as TS from "typescript";
import { ts } from "./typescript.js";

/**
 * tslab turns each name of an earlier cell's variable, `h`, into `exports.h`. Where one word names a property, alone
 * (`{ h: q } = …`) or as well as a variable (`{ h }`), that would be wrong: properties are given words of their own.
 */
export function separatePropertyNames(checker: TS.TypeChecker): TS.TransformerFactory<TS.SourceFile> {
  const isEarlier = (symbol: TS.Symbol | undefined) =>
    symbol?.declarations?.some((declaration) =>
      declaration.getSourceFile().fileName.endsWith("/__prev__.d.ts"),
    );
  return (context) => {
    const { factory } = context;
    const ownName = <T extends TS.PropertyName | undefined>(name: T) =>
      name && ts.isIdentifier(name) ? ts.setTextRange(factory.createIdentifier(name.text), name) : name;
    const visit = (node: TS.Node): TS.Node => {
      if (
        ts.isShorthandPropertyAssignment(node) &&
        isEarlier(checker.getShorthandAssignmentValueSymbol(node))
      ) {
        const variable = factory.createPropertyAccessExpression(
          factory.createIdentifier("exports"),
          node.name.text,
        );
        const preset =
          node.objectAssignmentInitializer && ts.visitNode(node.objectAssignmentInitializer, visit);
        const value = preset ? factory.createAssignment(variable, preset as TS.Expression) : variable;
        return ts.setTextRange(factory.createPropertyAssignment(node.name.text, value), node);
      }
      const visited = ts.visitEachChild(node, visit, context);
      if (ts.isPropertyAssignment(visited)) {
        return factory.updatePropertyAssignment(visited, ownName(visited.name), visited.initializer);
      }
      if (ts.isBindingElement(visited)) {
        const { dotDotDotToken, propertyName, name, initializer } = visited;
        return factory.updateBindingElement(
          visited,
          dotDotDotToken,
          ownName(propertyName),
          name,
          initializer,
        );
      }
      return visited;
    };
    return (file) => ts.visitEachChild(file, visit, context);
  };
}
