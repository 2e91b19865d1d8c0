// What an editor shows when the pointer rests on a word: signature, documentation, tags. TypeScript computes it inside
// its language service only; tslab asks for it with a file and a type checker in hand, which is done here.
import type * as TS from "typescript";
import type { Internals } from "./typescript.js";

/** Undefined where there is nothing to say about the position. */
export function quickInfo(
  ts: typeof TS & Internals,
  file: TS.SourceFile,
  checker: TS.TypeChecker,
  position: number,
): TS.QuickInfo | undefined {
  const touched = ts.getTouchingPropertyName(file, position);
  if (touched === file) return undefined;
  // In `new Name(…)` the whole expression begins where the name does.
  const node =
    ts.isNewExpression(touched.parent) && touched.pos === touched.parent.pos
      ? touched.parent.expression
      : touched;
  const textSpan = ts.createTextSpan(node.getStart(file), node.getWidth(file));
  const symbol = checker.getSymbolAtLocation(node);
  if (symbol) {
    const { symbolKind, ...parts } = ts.SymbolDisplay.getSymbolDisplayPartsDocumentationAndSymbolKind(
      checker,
      symbol,
      file,
      ts.getContainerNode(node),
      node,
    );
    return {
      kind: symbolKind,
      kindModifiers: ts.SymbolDisplay.getSymbolModifiers(checker, symbol),
      textSpan,
      ...parts,
    };
  }
  if (!hasTypeOfItsOwn(ts, node)) return undefined;
  const type = checker.getTypeAtLocation(node);
  // A name that nobody has declared.
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

function hasTypeOfItsOwn(ts: typeof TS & Internals, node: TS.Node): boolean {
  if (ts.isIdentifier(node)) return !ts.isLabelName(node);
  return [
    ts.SyntaxKind.PropertyAccessExpression,
    ts.SyntaxKind.QualifiedName,
    ts.SyntaxKind.ThisKeyword,
    ts.SyntaxKind.SuperKeyword,
  ].includes(node.kind);
}

/** The signature, the documentation, and a line for each tag. */
export function quickInfoText({ displayParts, documentation, tags = [] }: TS.QuickInfo): string {
  const tagTexts = tags.map(({ name, text }) => {
    const said = readable(text);
    // Code is aligned with itself only.
    return `@${name}${said && (name === "example" ? "\n" : " ")}${said}`;
  });
  const comment = [readable(documentation), ...tagTexts].filter((text) => text !== "").join("\n");
  return [readable(displayParts), comment].filter((text) => text !== "").join("\n\n");
}

/** `{@link …}` is what it points to, or what it says in the place of that. */
function readable(parts: TS.SymbolDisplayPart[] = []): string {
  const texts = parts.map(({ kind, text }, at) => {
    if (kind === "link" || (kind === "linkName" && parts[at + 1]?.kind === "linkText")) return "";
    if (kind === "linkText") return text.trim().replace(/^(\w+:\/\/\S+)\s+(.+)$/, "$2 ($1)");
    return text;
  });
  return texts.join("");
}
