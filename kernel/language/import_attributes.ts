// `import text from "./notes.md" with { type: "text" }`: what a file is taken for, whatever its ending says.

import type * as TS from "typescript";
import { ts } from "./typescript.js";

/** The `type` of a static or a dynamic import. */
export function importedType(specifier: TS.Node): string | undefined {
  const { parent } = specifier;
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent)) return typeIn(parent.attributes);
  if (!ts.isCallExpression(parent) || parent.expression.kind !== ts.SyntaxKind.ImportKeyword)
    return undefined;
  const attributes = property(parent.arguments.at(1), "with");
  const type = property(attributes, "type");
  return type && ts.isStringLiteralLike(type) ? type.text : undefined;
}

function property(object: TS.Node | undefined, name: string): TS.Expression | undefined {
  if (!object || !ts.isObjectLiteralExpression(object)) return undefined;
  return object.properties
    .filter(ts.isPropertyAssignment)
    .find((each) => (ts.isIdentifier(each.name) || ts.isStringLiteral(each.name)) && each.name.text === name)
    ?.initializer;
}

function typeIn(attributes: TS.ImportAttributes | undefined): string | undefined {
  const attribute = attributes?.elements.find(({ name }) => name.text === "type");
  return attribute && ts.isStringLiteral(attribute.value) ? attribute.value.text : undefined;
}

/** In front of the name of a file that is taken for text. */
export const TEXT = "text:";

/** What a module is asked for by at run time; cells/modules.ts reads it. */
export function moduleName(specifier: TS.StringLiteral, attributes: TS.ImportAttributes | undefined): string {
  return typeIn(attributes) === "text" ? `${TEXT}${specifier.text}` : specifier.text;
}

/** TypeScript leaves attributes out of declarations: there, too, they go into the name. */
export const attributesInNames: TS.TransformerFactory<TS.SourceFile | TS.Bundle> =
  ({ factory }) =>
  (file) => {
    if (!ts.isSourceFile(file)) return file;
    const statements = file.statements.map((node) => {
      const { attributes } = ts.getOriginalNode(node) as TS.ImportDeclaration;
      if (!ts.isImportDeclaration(node) || !attributes) return node;
      const name = moduleName(node.moduleSpecifier as TS.StringLiteral, attributes);
      const specifier = factory.createStringLiteral(name);
      return factory.updateImportDeclaration(node, node.modifiers, node.importClause, specifier, undefined);
    });
    return factory.updateSourceFile(file, statements);
  };
