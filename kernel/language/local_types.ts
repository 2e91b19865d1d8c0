// Types that a cell declares inside of a function and that its names still have, like the rows that are
// returned by
//
//     function load() { interface Row { id: number } return [{ id: 1 }] as Row[] }
//
// No later cell could name a `Row`. Here it becomes `Row_1`, declared at the top level next to `load():
// Row_1[]`. And those of a package inside of another, which TypeScript finds by a path that is not portable:
// cells stay here.

import type * as TS from "typescript";
import { LOCAL } from "./declarations.js";
import { ts } from "./typescript.js";

// A function's visitor needs no more than this of where it is used.
const context = ts.nullTransformationContext;
const { factory } = ts;

const HOISTED = ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias | ts.SymbolFlags.Enum;

const WITH_NESTED_PACKAGES = 1 << 26;
const FLAGS =
  ts.NodeBuilderFlags.NoTruncation |
  ts.NodeBuilderFlags.WriteClassExpressionAsTypeLiteral |
  WITH_NESTED_PACKAGES;

/**
 * Has a program's declarations name types of packages that lie in others, which TypeScript makes an `any`.
 */
export function nameNestedPackages(checker: TS.TypeChecker): void {
  const resolver = (checker as InternalChecker).getEmitResolver(undefined, undefined, true);
  for (const method of ["createTypeOfDeclaration", "createReturnTypeOfSignatureDeclaration"] as const) {
    const create = resolver[method];
    resolver[method] = (node, enclosing, flags, ...rest) =>
      create(node, enclosing, flags | WITH_NESTED_PACKAGES, ...rest);
  }
}

type CreateType = (node: TS.Node, enclosing: TS.Node, flags: number, ...rest: unknown[]) => unknown;

interface InternalChecker extends TS.TypeChecker {
  getEmitResolver(
    file: undefined,
    token: undefined,
    skipDiagnostics: true,
  ): Record<"createTypeOfDeclaration" | "createReturnTypeOfSignatureDeclaration", CreateType>;
}

export class LocalTypes {
  readonly #cell: TS.SourceFile;
  readonly #checker: TS.TypeChecker;
  readonly #freshName: (name: string) => string;
  readonly #names = new Map<TS.Symbol, string>();
  /** Named already, not declared yet. */
  readonly #open: TS.Symbol[] = [];
  readonly #printer = ts.createPrinter();

  /** @param freshName makes a name that nothing else has, now or later */
  constructor(cell: TS.SourceFile, checker: TS.TypeChecker, freshName: (name: string) => string) {
    this.#cell = cell;
    this.#checker = checker;
    this.#freshName = freshName;
  }

  /** The declarations of those that were met. */
  get text(): string {
    let text = "";
    for (let symbol = this.#open.pop(); symbol; symbol = this.#open.pop()) {
      for (const node of this.#declarations(symbol)) text += `${LOCAL}${this.#print(node)}\n`;
    }
    return text;
  }

  readonly transformer: TS.TransformerFactory<TS.SourceFile | TS.Bundle> = () => (file) =>
    ts.visitEachChild(file, this.#visit, context);

  /** How a declaration says that something is of that type. */
  typeText(type: TS.Type): string {
    const node = this.#checker.typeToTypeNode(type, this.#cell, FLAGS)!;
    return this.#print(this.#visit(node));
  }

  #print(node: TS.Node): string {
    return this.#printer.printNode(ts.EmitHint.Unspecified, node, this.#cell);
  }

  readonly #visit = (node: TS.Node): TS.Node => {
    if (ts.isTypeReferenceNode(node) || ts.isExpressionWithTypeArguments(node)) {
      const reference = this.#reference(node);
      if (reference) return ts.visitEachChild(reference, this.#visit, context);
      const expanded = this.#expanded(ts.isTypeReferenceNode(node) ? node.typeName : undefined);
      if (expanded) return this.#visit(expanded);
    }
    if (ts.isTypeQueryNode(node)) {
      const expanded = this.#expanded(node.exprName);
      if (expanded) return this.#visit(expanded);
    }
    if (ts.isIdentifier(node)) {
      const symbol = this.#symbolOf(node);
      if (symbol && this.#isHoisted(symbol)) return factory.createIdentifier(this.#name(symbol));
    }
    return ts.visitEachChild(node, this.#visit, context);
  };

  /** TypeScript notes what it means with the names that it writes itself. */
  #symbolOf(name: TS.Node): TS.Symbol | undefined {
    const { symbol, parent } = name as { symbol?: TS.Symbol; parent?: TS.Node };
    return symbol ?? (parent && this.#checker.getSymbolAtLocation(name));
  }

  /** Whether only the code inside of a function of the cell sees it. */
  #isLocal(symbol: TS.Symbol): boolean {
    const declaration = symbol.declarations?.at(0);
    if (declaration?.getSourceFile() !== this.#cell) return false;
    return (
      ts.findAncestor(declaration.parent, (node) => ts.isBlock(node) || ts.isFunctionLike(node)) !== undefined
    );
  }

  #isHoisted(symbol: TS.Symbol): boolean {
    const isUniqueSymbol = () =>
      (symbol.flags & ts.SymbolFlags.Variable) !== 0 &&
      (this.#checker.getTypeOfSymbol(symbol).flags & ts.TypeFlags.UniqueESSymbol) !== 0;
    return ((symbol.flags & HOISTED) !== 0 || isUniqueSymbol()) && this.#isLocal(symbol);
  }

  #name(symbol: TS.Symbol): string {
    const known = this.#names.get(symbol);
    if (known !== undefined) return known;
    const name = this.#freshName(symbol.name);
    this.#names.set(symbol, name);
    this.#open.push(symbol);
    return name;
  }

  /**
   * With the type parameters of the functions around it, which TypeScript writes as `around<string>.Row`,
   * first.
   */
  #reference(node: TS.TypeReferenceNode | TS.ExpressionWithTypeArguments): TS.Node | undefined {
    const name = ts.isTypeReferenceNode(node) ? node.typeName : node.expression;
    const last = ts.isQualifiedName(name) ? name.right : name;
    const symbol = this.#symbolOf(last);
    if (!symbol || !this.#isHoisted(symbol)) return undefined;
    const given: TS.TypeNode[] = [];
    for (let left = name; ts.isQualifiedName(left); left = left.left) {
      const around = ts.isQualifiedName(left.left) ? left.left.right : left.left;
      given.unshift(...((ts.getIdentifierTypeArguments(around) ?? []) as TS.TypeNode[]));
    }
    const outer = this.#outerParameters(symbol).map((parameter) =>
      factory.createTypeReferenceNode(parameter),
    );
    const all = [...(given.length > 0 ? given : outer), ...(node.typeArguments ?? [])];
    const args = all.length > 0 ? all : undefined;
    return ts.isTypeReferenceNode(node)
      ? factory.createTypeReferenceNode(this.#name(symbol), args)
      : factory.createExpressionWithTypeArguments(factory.createIdentifier(this.#name(symbol)), args);
  }

  #outerParameters(symbol: TS.Symbol): string[] {
    const type = this.#checker.getDeclaredTypeOfSymbol(symbol) as TS.InterfaceType;
    return (type.outerTypeParameters ?? []).map(({ symbol }) => symbol.name);
  }

  /** What cannot be declared by itself, as a class or the `typeof` of a variable, is written out. */
  #expanded(name: TS.EntityName | undefined): TS.TypeNode | undefined {
    if (!name) return undefined;
    const first = ts.getFirstIdentifier(name);
    const symbol = this.#symbolOf(first);
    if (!symbol || !(symbol.flags & (ts.SymbolFlags.Value | ts.SymbolFlags.Class))) return undefined;
    if (!this.#isLocal(symbol) || this.#isHoisted(symbol)) return undefined;
    const isType = ts.isTypeReferenceNode(name.parent);
    const type = isType
      ? this.#checker.getTypeAtLocation(name.parent)
      : this.#checker.getTypeAtLocation(name);
    return this.#checker.typeToTypeNode(type, this.#cell, FLAGS);
  }

  #declarations(symbol: TS.Symbol): TS.Node[] {
    const outer = this.#outerParameters(symbol).map((name) =>
      factory.createTypeParameterDeclaration(undefined, name),
    );
    const declare = [factory.createModifier(ts.SyntaxKind.DeclareKeyword)];
    const name = this.#name(symbol);
    return (symbol.declarations ?? []).flatMap((node): TS.Node[] => {
      if (ts.isInterfaceDeclaration(node)) {
        const {
          heritageClauses,
          members,
          typeParameters = [],
        } = ts.visitEachChild(node, this.#visit, context);
        const parameters = [...outer, ...typeParameters];
        return [factory.createInterfaceDeclaration(undefined, name, parameters, heritageClauses, members)];
      }
      if (ts.isTypeAliasDeclaration(node)) {
        const { type, typeParameters } = ts.visitEachChild(node, this.#visit, context);
        return [factory.createTypeAliasDeclaration(undefined, name, typeParameters, type)];
      }
      if (ts.isEnumDeclaration(node)) {
        const members = node.members.map((member) => {
          const value = this.#checker.getConstantValue(member);
          return factory.createEnumMember(member.name, value === undefined ? undefined : literal(value));
        });
        return [factory.createEnumDeclaration(declare, name, members)];
      }
      if (!ts.isVariableDeclaration(node)) return [];
      const unique = factory.createTypeOperatorNode(
        ts.SyntaxKind.UniqueKeyword,
        factory.createKeywordTypeNode(ts.SyntaxKind.SymbolKeyword),
      );
      const variable = factory.createVariableDeclaration(name, undefined, unique);
      const list = factory.createVariableDeclarationList([variable], ts.NodeFlags.Const);
      return [factory.createVariableStatement(declare, list)];
    });
  }
}

function literal(value: string | number): TS.Expression {
  if (typeof value === "string") return factory.createStringLiteral(value);
  const absolute = factory.createNumericLiteral(Math.abs(value));
  return value < 0 ? factory.createPrefixUnaryExpression(ts.SyntaxKind.MinusToken, absolute) : absolute;
}
