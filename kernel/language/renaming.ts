// Gives a declaration, or what others say of it, another name in the text of a declaration file.

import type * as TS from "typescript";
import { ts } from "./typescript.js";

export interface Mention {
  /** Of what is there when cells run, as `typeof x`; otherwise of a type. */
  isValue: boolean;
  /** In the parameters or the result of a function. */
  isInFunction: boolean;
}

/** The text with those mentions of `name` renamed that are chosen. */
export function renameMentions(
  text: string,
  name: string,
  fresh: string,
  isChosen: (mention: Mention) => boolean,
): string {
  return rename(text, name, fresh, (node) => isReference(node) && isChosen(mentionOf(node)));
}

/** The text of a statement that declares `name`, and now `fresh`. */
export function renameAll(text: string, name: string, fresh: string): string {
  return rename(text, name, fresh, (node) => isReference(node) || isDeclared(node));
}

function rename(
  text: string,
  name: string,
  fresh: string,
  isChosen: (node: TS.Identifier) => boolean,
): string {
  const file = ts.createSourceFile(
    "declarations.d.ts",
    text,
    ts.ScriptTarget.Latest,
    /* setParentNodes */ true,
  );
  const places: TS.Identifier[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isIdentifier(node) && node.text === name && isChosen(node)) places.push(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  // From the end: what is inserted moves what follows.
  return places.reduceRight((renamed, node) => {
    // `import { name }` becomes `import { name as fresh }`.
    const isImported = ts.isImportSpecifier(node.parent) && !node.parent.propertyName;
    const written = isImported ? `${name} as ${fresh}` : fresh;
    return renamed.slice(0, node.getStart(file)) + written + renamed.slice(node.end);
  }, text);
}

/** Whether it names what a statement at the top level declares. */
function isDeclared(node: TS.Identifier): boolean {
  if ((node.parent as { name?: TS.Node }).name !== node) return false;
  let declaration: TS.Node = node.parent;
  if (ts.isVariableDeclaration(declaration)) declaration = declaration.parent.parent;
  if (
    ts.isImportClause(declaration) ||
    ts.isNamespaceImport(declaration) ||
    ts.isImportSpecifier(declaration)
  ) {
    return true;
  }
  return ts.isSourceFile(declaration.parent);
}

/** Whether it means what is declared at the top level, and is not a name of something else. */
function isReference(node: TS.Identifier): boolean {
  const { parent } = node;
  const { name, propertyName } = parent as { name?: TS.Node; propertyName?: TS.Node };
  if (name === node || propertyName === node) return false;
  if (ts.isQualifiedName(parent) && parent.right === node) return false;
  if (ts.isTypePredicateNode(parent) && parent.parameterName === node) return false;
  const { text } = node;
  const isQualifier = (child: TS.Node, around: TS.Node) =>
    ts.isImportTypeNode(around) && around.qualifier === child;
  for (let child: TS.Node = node; child.parent; child = child.parent) {
    if (isQualifier(child, child.parent) || declares(child.parent, text)) return false;
  }
  return true;
}

/** Whether a name means something else within `node`. */
function declares(node: TS.Node, name: string): boolean {
  const isNamed = (each: TS.Node) => {
    const own = (each as TS.NamedDeclaration).name;
    return own !== undefined && ts.isIdentifier(own) && own.text === name;
  };
  const { typeParameters, parameters } = node as Partial<TS.SignatureDeclaration>;
  if (typeParameters?.some(isNamed) || parameters?.some(isNamed)) return true;
  if (ts.isMappedTypeNode(node)) return isNamed(node.typeParameter);
  if (ts.isConditionalTypeNode(node)) return infers(node.extendsType, name);
  if (ts.isModuleBlock(node)) {
    return node.statements.some((each) =>
      ts.isVariableStatement(each) ? each.declarationList.declarations.some(isNamed) : isNamed(each),
    );
  }
  return false;
}

function infers(node: TS.Node, name: string): boolean {
  if (ts.isInferTypeNode(node) && node.typeParameter.name.text === name) return true;
  return ts.forEachChild(node, (child) => infers(child, name)) ?? false;
}

function mentionOf(node: TS.Identifier): Mention {
  let top: TS.Node = node;
  while (ts.isQualifiedName(top.parent) || ts.isPropertyAccessExpression(top.parent)) top = top.parent;
  return {
    isValue: !ts.isTypeReferenceNode(top.parent),
    isInFunction: ts.findAncestor(node, ts.isFunctionLike) !== undefined,
  };
}
