// What an editor shows when the pointer rests on a word: signature, documentation, tags. TypeScript computes
// it inside its language service only; tslab asks for it with a file and a type checker in hand, which is
// done here.

import type * as TS from "typescript";
import type { Inspection } from "../threads.js";
import type { Internals } from "./typescript.js";

export interface QuickInfo extends TS.QuickInfo {
  /** As they are written. */
  declarations?: string[];
  /** Of a type that the user has written: its declarations, which say more than its name. */
  shape?: string;
}

// The longest type that is written out; a longer one is shown by its name.
const MOST_LINES_OF_SHAPE = 20;
// All that a name may mean: a value, a type, a namespace.
const ANY_MEANING = 7;

/** Undefined where there is nothing to say about the position. */
export function quickInfo(
  ts: typeof TS & Internals,
  file: TS.SourceFile,
  checker: TS.TypeChecker,
  position: number,
): QuickInfo | undefined {
  const touched = ts.getTouchingPropertyName(file, position);
  if (touched === file) return undefined;
  // In `new Name(…)` the whole expression begins where the name does.
  const node =
    ts.isNewExpression(touched.parent) && touched.pos === touched.parent.pos
      ? touched.parent.expression
      : touched;
  const textSpan = ts.createTextSpan(node.getStart(file), node.getWidth(file));
  const value = checker.getSymbolAtLocation(node);
  const symbol = value ?? typeOfName(ts, node, checker);
  if (symbol) {
    const { symbolKind, ...parts } = ts.SymbolDisplay.getSymbolDisplayPartsDocumentationAndSymbolKind(
      checker,
      symbol,
      file,
      ts.getContainerNode(node),
      node,
      ...(value ? [] : [ANY_MEANING]),
    );
    const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
    const { declarations = [] } = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
    const texts = declarations.map((declaration) => textOf(ts, declaration));
    return {
      kind: symbolKind,
      kindModifiers: ts.SymbolDisplay.getSymbolModifiers(checker, symbol),
      textSpan,
      ...parts,
      declarations: texts,
      shape: ts.isNewExpression(node.parent) ? undefined : shapeOf(ts, declarations, texts),
    };
  }
  if (!hasTypeOfItsOwn(ts, node)) return undefined;
  const type = checker.getTypeAtLocation(node);
  // A name that is declared nowhere.
  if (ts.isIdentifier(node) && (type.flags & ts.TypeFlags.Any) !== 0) return undefined;
  return {
    kind: ts.ScriptElementKind.unknown,
    kindModifiers: "",
    textSpan,
    displayParts: ts.typeToDisplayParts(checker, type, ts.getContainerNode(node)),
    documentation: type.symbol?.getDocumentationComment(checker),
    tags: type.symbol?.getJsDocTags(checker),
  };
}

/** A type's name where a value is expected, as when nothing else stands in the cell. */
function typeOfName(
  ts: typeof TS & Internals,
  node: TS.Node,
  checker: TS.TypeChecker,
): TS.Symbol | undefined {
  if (!ts.isIdentifier(node) || !ts.isExpressionNode(node)) return undefined;
  const meaning = ts.SymbolFlags.Type | ts.SymbolFlags.Namespace;
  return (checker as TS.TypeChecker & Internals["TypeChecker"]).resolveName(node.text, node, meaning, false);
}

/** The statement that declares it, or the member. */
function textOf(ts: typeof TS & Internals, declaration: TS.Declaration): string {
  const list = ts.isVariableDeclaration(declaration) ? declaration.parent : undefined;
  const isOnly = list && ts.isVariableDeclarationList(list) && list.declarations.length === 1;
  return (isOnly ? list.parent : declaration).getText().replace(/^(?:export |declare )+/, "");
}

function shapeOf(
  ts: typeof TS & Internals,
  declarations: TS.Declaration[],
  texts: string[],
): string | undefined {
  const isType = declarations.every(
    (node) =>
      (ts.isInterfaceDeclaration(node) ||
        ts.isEnumDeclaration(node) ||
        ts.isClassDeclaration(node) ||
        ts.isTypeAliasDeclaration(node)) &&
      !node.getSourceFile().fileName.includes("/node_modules/"),
  );
  const text = texts.join("\n");
  return isType && text !== "" && text.split("\n").length <= MOST_LINES_OF_SHAPE ? text : undefined;
}

function hasTypeOfItsOwn(ts: typeof TS & Internals, node: TS.Node): boolean {
  if (ts.isIdentifier(node)) return !ts.isLabelName(node);
  return [
    ts.SyntaxKind.PropertyAccessExpression,
    ts.SyntaxKind.QualifiedName,
    ts.SyntaxKind.ThisKeyword,
    ts.SyntaxKind.SuperKeyword,
  ].includes(node.kind);
}

/** The signature, the documentation, and a line for each tag. @param detailed the declarations as well */
export function inspection(info: QuickInfo, detailed: boolean): Inspection {
  const { displayParts, documentation, tags = [], declarations = [], shape } = info;
  const head = shape ?? readable(displayParts);
  const more = detailed ? declarations.filter((text) => !head.includes(text)) : [];
  const said = readable(documentation);
  const told = tags.map(({ name, text }) => ({ name, text: readable(text) }));
  // Code is aligned with itself only.
  const plainTags = told.map(
    ({ name, text }) => `@${name}${text && (name === "example" ? "\n" : " ")}${text}`,
  );
  const markedTags = told.map(({ name, text }) =>
    name === "example" && !text.includes("```") ? `*@example*\n${fenced(text)}` : `*@${name}* ${text}`,
  );
  return {
    plain: paragraphs(head, [said, ...plainTags].filter((text) => text !== "").join("\n"), ...more),
    markdown: paragraphs(head && fenced(head), said, ...markedTags, ...more.map(fenced)),
  };
}

const paragraphs = (...parts: string[]) => parts.filter((text) => text !== "").join("\n\n");
const fenced = (code: string) => `\`\`\`typescript\n${code}\n\`\`\``;

/** `{@link …}` is what it points to, or what it says in the place of that. */
function readable(parts: TS.SymbolDisplayPart[] = []): string {
  const texts = parts.map(({ kind, text }, at) => {
    if (kind === "link" || (kind === "linkName" && parts[at + 1]?.kind === "linkText")) return "";
    if (kind === "linkText") return text.trim().replace(/^(\w+:\/\/\S+)\s+(\S.*)$/, "$2 ($1)");
    return text;
  });
  return texts.join("");
}
