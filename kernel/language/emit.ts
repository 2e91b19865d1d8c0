// From a checked cell to the body of a function that runs it. TypeScript emits an ES module; instead of
// transpiling that a second time, as tslab does, the names that cells share are rewritten while it is
// emitted, and everything else stays as it was written: a loop at the top level is an ordinary loop.
//
// Each `let` is a variable in an object of its own, in which V8 keeps a number as a plain double: that is
// what makes such loops fast, in the cell that declares it and in every other. With `total` and `data` names
// of earlier cells,
//
//     import { mean } from "./stats"; let best = 0; for (const x of data) total += x; mean(data)
//
// becomes, with `__cell` from main/scope.ts,
//
//     const stats_1 = __cell.module("./stats");
//     __cell.share("mean", () => stats_1.mean);
//     const data_1 = __cell.name("data"), total_1 = __cell.name("total");
//     let best = 0, best_1 = __cell.let("best", best);
//     for (const x of data_1.now.value) total_1.now.value += x;
//     __cell.result = (0, stats_1.mean)(data_1.now.value);
//
// Functions run later, when their names may have been declared again: they look up the cell's own as well, so
// that `const step = () => best` becomes `const step = () => best_2.now.value`, with `best_2 =
// __cell.name("best")`.
//
// While a loop runs that does not await or yield, no cell declares anything: what it looks up is looked up
// once. So the loop above becomes
//
//     { const data_2 = data_1.now, total_2 = total_1.now; for (const x of data_2.value) total_2.value += x; }
//
// What `eval` is given no compiler sees: a cell that has it runs inside a `with` of all names, and its own
// variables are not in the way of those: `let best = 0` becomes `__cell.let("best", { ["best"]: 0
// }["best"])`.

import type * as TS from "typescript";
import { cellNodes } from "./cell_nodes.js";
import { renamings } from "./exports.js";
import { moduleName } from "./import_attributes.js";
import { interruptible } from "./interruptible.js";
import { ts } from "./typescript.js";

/** What the code needs around it. */
export interface Emitted {
  isAsync: boolean;
  /** It has `eval`. */
  evaluates: boolean;
  /** The modules that it imports. */
  imports: string[];
}

/**
 * Transformers for one cell, before and after TypeScript's own. `declarations` is the file of earlier cells'
 * names.
 */
export function cellTransformers(
  checker: TS.TypeChecker,
  declarations: TS.SourceFile | undefined,
): { transformers: TS.CustomTransformers; emitted: Emitted } {
  const emitted: Emitted = { isAsync: false, evaluates: false, imports: [] };
  const modules = new Map<TS.Node, TS.Identifier>();
  return {
    emitted,
    transformers: {
      before: [
        (context) => (file) => {
          emitted.isAsync = pauses(file);
          emitted.evaluates = evaluates(file);
          return new Names(file, checker, declarations, modules, context, emitted.evaluates).rewrite();
        },
        interruptible((name) => isGlobal(name, checker, declarations)),
      ],
      after: [
        ({ factory }) =>
          (file) =>
            rewriteModule(file, modules, emitted, factory),
      ],
    },
  };
}

/** Whether it awaits or yields outside of its functions. */
export function pauses(node: TS.Node): boolean {
  if (ts.isAwaitExpression(node) || ts.isYieldExpression(node)) return true;
  if (ts.isForOfStatement(node) && node.awaitModifier) return true;
  if (ts.isVariableDeclarationList(node) && isAwaitUsing(node)) return true;
  // The name that a method computes belongs to what is around it.
  if (ts.isFunctionLike(node)) return node.name ? pauses(node.name) : false;
  return ts.forEachChild(node, pauses) ?? false;
}

/** Whether `eval` is in it, which sees the names around it where it is called by this name. */
function evaluates(node: TS.Node): boolean {
  if (ts.isIdentifier(node) && node.text === "eval" && isReference(node)) return true;
  return ts.forEachChild(node, evaluates) ?? false;
}

const scoping = ({ flags }: TS.Node): TS.NodeFlags => flags & ts.NodeFlags.BlockScoped;
const isAwaitUsing = (list: TS.Node) => scoping(list) === ts.NodeFlags.AwaitUsing;
const isLet = (list: TS.Node) => scoping(list) === ts.NodeFlags.Let;
const isConst = (list: TS.Node) => scoping(list) === ts.NodeFlags.Const;
const isVar = (list: TS.Node) => scoping(list) === ts.NodeFlags.None;

/** `var` variables, which may be declared anywhere in the cell. */
function varNames(file: TS.SourceFile): TS.Identifier[] {
  const names: TS.Identifier[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)) return;
    if (ts.isVariableStatement(node) && isAmbient(node)) return;
    if (ts.isVariableDeclarationList(node) && isVar(node)) {
      names.push(...node.declarations.flatMap(({ name }) => boundNames(name)));
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return names;
}

/** What TypeScript leaves out of the cell's declarations: `var` variables of its loops and blocks. */
export function innerVarDeclarations(file: TS.SourceFile, typeText: (name: TS.Identifier) => string): string {
  const types = new Map<string, string>();
  for (const name of varNames(file)) {
    const statement = ts.findAncestor(name, ts.isVariableStatement);
    if (statement?.parent === file) continue;
    types.set(name.text, typeText(name));
  }
  return [...types].map(([name, type]) => `declare var ${name}: ${type};\n`).join("");
}

/** What TypeScript has no declarations of: the names that `export { a as b }` gives. */
export function renamedDeclarations(file: TS.SourceFile, checker: TS.TypeChecker): string {
  return file.statements
    .filter(ts.isExportDeclaration)
    .flatMap(renamings)
    .map((element) => {
      const { name, propertyName } = element;
      const { flags, declarations } = renamedSymbol(element, checker);
      const value = `declare const ${name.text}: typeof ${propertyName!.text};\n`;
      const [{ typeParameters = [] } = {}] = (declarations ?? []) as Partial<TS.InterfaceDeclaration>[];
      const names = typeParameters.map(({ name }) => name.text).join(", ");
      const args = names === "" ? "" : `<${names}>`;
      const type = `type ${name.text}${args} = ${propertyName!.text}${args};\n`;
      return (flags & ts.SymbolFlags.Value ? value : "") + (flags & ts.SymbolFlags.Type ? type : "");
    })
    .join("");
}

function renamedSymbol(element: TS.ExportSpecifier, checker: TS.TypeChecker): TS.Symbol {
  const symbol = checker.getExportSpecifierLocalTargetSymbol(element)!;
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/**
 * The names of one cell: those that it declares are handed to `__cell`, those of earlier cells looked up
 * there.
 */
class Names {
  readonly #file: TS.SourceFile;
  readonly #checker: TS.TypeChecker;
  readonly #declarations: TS.SourceFile | undefined;
  readonly #modules: Map<TS.Node, TS.Identifier>;
  readonly #context: TS.TransformationContext;
  readonly #evaluates: boolean;
  readonly #nodes: ReturnType<typeof cellNodes>;
  /** Names that are looked up, those of earlier cells and those that functions use. */
  readonly #lookedUp = new Map<string, TS.Identifier>();
  /** By the loops that look them up once, with what they have them in. */
  readonly #lookedUpByLoops = new Map<TS.Node, Map<TS.Identifier, TS.Identifier>>();
  /** The cell's own `let` variables, and where each of them is kept. */
  readonly #variables = new Map<TS.Symbol, { kept: TS.Identifier; declaration: TS.VariableDeclaration }>();

  constructor(
    file: TS.SourceFile,
    checker: TS.TypeChecker,
    declarations: TS.SourceFile | undefined,
    modules: Map<TS.Node, TS.Identifier>,
    context: TS.TransformationContext,
    evaluates: boolean,
  ) {
    this.#file = file;
    this.#checker = checker;
    this.#declarations = declarations;
    this.#modules = modules;
    this.#context = context;
    this.#evaluates = evaluates;
    this.#nodes = cellNodes(context.factory);
  }

  rewrite(): TS.SourceFile {
    const { factory } = this.#context;
    const { call, constants, getter, setter, statement, text } = this.#nodes;
    const { statements } = this.#file;
    for (const node of statements) this.#keepVariables(node);
    const result = statements.findLastIndex((node) => !isSilent(node));
    const body = statements.flatMap((node, at) => this.#statement(node, at === result));
    const functions = new Set(
      statements.flatMap((node) =>
        ts.isFunctionDeclaration(node) && node.name && node.body ? [node.name.text] : [],
      ),
    );
    const head = [
      ...[...functions].map((name) => statement(call("define", text(name), factory.createIdentifier(name)))),
      ...statements.filter(ts.isExportDeclaration).flatMap((node) => this.#renamings(node)),
      ...[...new Set(varNames(this.#file).map(({ text }) => text))].map((name) =>
        statement(call("share", text(name), getter(factory.createIdentifier(name)), setter(name))),
      ),
    ];
    if (this.#lookedUp.size > 0) {
      head.unshift(constants([...this.#lookedUp].map(([name, kept]) => [kept, call("name", text(name))])));
    }
    const all = factory.createNodeArray([...head, ...body]);
    return factory.updateSourceFile(this.#file, ts.setTextRange(all, statements));
  }

  #keepVariables(node: TS.Statement): void {
    if (!ts.isVariableStatement(node) || !isLet(node.declarationList) || isAmbient(node)) return;
    for (const declaration of node.declarationList.declarations) {
      for (const name of boundNames(declaration.name)) {
        const symbol = this.#checker.getSymbolAtLocation(name);
        const kept = this.#context.factory.createUniqueName(name.text);
        if (symbol) this.#variables.set(symbol, { kept, declaration });
      }
    }
  }

  /** A statement at the top level, and behind it what makes its names known. */
  #statement(node: TS.Statement, isResult: boolean): TS.Statement[] {
    const { factory } = this.#context;
    const { call, member, statement, text } = this.#nodes;
    if (isAmbient(node)) return [node];
    const define = (name: string) => statement(call("define", text(name), factory.createIdentifier(name)));
    if (ts.isVariableStatement(node)) {
      const list = node.declarationList;
      if (this.#isHidden(node)) return list.declarations.map((declaration) => this.#hidden(declaration));
      if (isLet(list)) return [this.#letStatement(node)];
      const names = isVar(list) ? [] : list.declarations.flatMap(({ name }) => boundNames(name));
      return [this.#visit(node) as TS.Statement, ...names.map((name) => define(name.text))];
    }
    if (ts.isImportDeclaration(node)) this.#module(node);
    if (isResult && ts.isExpressionStatement(node)) {
      const value = this.#visit(node.expression) as TS.Expression;
      const kept = factory.createAssignment(member("result"), value);
      return [ts.setTextRange(statement(kept), node)];
    }
    const visited = this.#visit(node) as TS.Statement;
    const declared = declaredName(node);
    return declared === undefined ? [visited] : [visited, define(declared)];
  }

  /**
   * `let a = 1` becomes `let a = 1, a_1 = __cell.let("a", a)`: patterns and the names of functions stay as
   * they are.
   */
  #letStatement(node: TS.VariableStatement): TS.VariableStatement {
    const { factory } = this.#context;
    const { call, text } = this.#nodes;
    const declarations = node.declarationList.declarations.flatMap((declaration) => [
      this.#visit(declaration) as TS.VariableDeclaration,
      ...boundNames(declaration.name).flatMap((name) => {
        const variable = this.#variables.get(this.#checker.getSymbolAtLocation(name)!);
        if (!variable) return [];
        const value = call("let", text(name.text), factory.createIdentifier(name.text));
        return [factory.createVariableDeclaration(variable.kept, undefined, undefined, value)];
      }),
    ]);
    const list = factory.updateVariableDeclarationList(node.declarationList, declarations);
    return factory.updateVariableStatement(node, node.modifiers, list);
  }

  /**
   * `let a = 1` becomes `__cell.let("a", { ["a"]: 1 }["a"])`, a property because functions are named after it
   * as they are after a variable. What a pattern declares has a block of its own.
   */
  #hidden(declaration: TS.VariableDeclaration): TS.Statement {
    const { factory } = this.#context;
    const { call, statement, text } = this.#nodes;
    const { name, initializer } = declaration;
    const list = declaration.parent as TS.VariableDeclarationList;
    const keep = (key: string, value: TS.Expression) =>
      ts.setTextRange(statement(call(isLet(list) ? "let" : "define", text(key), value)), declaration);
    if (!ts.isIdentifier(name)) {
      const pattern = this.#visit(declaration) as TS.VariableDeclaration;
      const variables = factory.updateVariableDeclarationList(list, [pattern]);
      const names = boundNames(name).map((bound) => bound.text);
      return factory.createBlock([
        factory.createVariableStatement(undefined, variables),
        ...names.map((bound) => keep(bound, factory.createIdentifier(bound))),
      ]);
    }
    if (!initializer) return keep(name.text, factory.createVoidZero());
    const key = factory.createComputedPropertyName(text(name.text));
    const value = factory.createPropertyAssignment(key, this.#visit(initializer) as TS.Expression);
    const object = factory.createObjectLiteralExpression([value]);
    return keep(name.text, factory.createElementAccessExpression(object, text(name.text)));
  }

  readonly #visit = (node: TS.Node): TS.Node => {
    const visited = this.#rewritten(node);
    const names = this.#lookedUpByLoops.get(node);
    if (!names) return visited;
    const variables = [...names].map(([known, variable]): [TS.Identifier, TS.Expression] => [
      variable,
      this.#property(known, "now"),
    ]);
    return this.#context.factory.createBlock([this.#nodes.constants(variables), visited as TS.Statement]);
  };

  #rewritten(node: TS.Node): TS.Node {
    const { factory } = this.#context;
    const { call, member } = this.#nodes;
    if (ts.isIdentifier(node)) {
      const kept = isReference(node) ? this.#kept(node, this.#checker.getSymbolAtLocation(node)) : undefined;
      return kept ? ts.setTextRange(kept, node) : node;
    }
    if (ts.isShorthandPropertyAssignment(node)) {
      const kept = this.#kept(node.name, this.#checker.getShorthandAssignmentValueSymbol(node));
      if (!kept) return ts.visitEachChild(node, this.#visit, this.#context);
      const preset = node.objectAssignmentInitializer;
      const value = preset ? factory.createAssignment(kept, this.#visit(preset) as TS.Expression) : kept;
      return ts.setTextRange(factory.createPropertyAssignment(node.name.text, value), node);
    }
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
      return ts.setTextRange(member("meta"), node);
    }
    if (ts.isCallExpression(node)) {
      const args = () => node.arguments.map((argument) => this.#visit(argument) as TS.Expression);
      if (node.expression.kind === ts.SyntaxKind.ImportKeyword) {
        return ts.setTextRange(call("import", ...args()), node);
      }
      const visited = ts.visitEachChild(node, this.#visit, this.#context);
      if (!ts.isIdentifier(node.expression) || visited.expression === node.expression) return visited;
      const called = this.#withoutThis(visited.expression, node.expression);
      return ts.isCallChain(visited)
        ? factory.updateCallChain(visited, called, visited.questionDotToken, undefined, visited.arguments)
        : factory.updateCallExpression(visited, called, undefined, visited.arguments);
    }
    if (ts.isTaggedTemplateExpression(node) && ts.isIdentifier(node.tag)) {
      const visited = ts.visitEachChild(node, this.#visit, this.#context);
      if (visited.tag === node.tag) return visited;
      const tag = this.#withoutThis(visited.tag, node.tag);
      return factory.updateTaggedTemplateExpression(visited, tag, undefined, visited.template);
    }
    const isType = ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node);
    if (isType || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return node;
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node;
    return ts.visitEachChild(node, this.#visit, this.#context);
  }

  /** Where the value behind a name is kept, if that is not the local variable of that name. */
  #kept(name: TS.Identifier, symbol: TS.Symbol | undefined): TS.Expression | undefined {
    const { factory } = this.#context;
    if (!symbol?.declarations) return undefined;
    const isEarlier = symbol.declarations.some((each) => each.getSourceFile() === this.#declarations);
    const isElsewhere = () => runsLater(name, symbol) || this.#isHiddenFrom(name, symbol);
    if (isEarlier || (this.#isOwn(symbol) && isElsewhere())) {
      const known = this.#lookedUp.get(name.text) ?? factory.createUniqueName(name.text);
      this.#lookedUp.set(name.text, known);
      return this.#property(this.#lookedUpByLoop(name, known) ?? this.#property(known, "now"), "value");
    }
    const own = this.#variables.get(symbol);
    if (own) return isDirectlyIn(name, own.declaration) ? undefined : this.#property(own.kept, "value");
    // What a module exports may change while the cell runs.
    const declaration = symbol.declarations.at(0);
    if (!declaration) return undefined;
    if (ts.isImportClause(declaration)) return this.#property(this.#module(declaration.parent), "default");
    if (ts.isImportSpecifier(declaration)) {
      const { propertyName, name: local, parent } = declaration;
      const module = this.#module(parent.parent.parent);
      return exportOf(module, propertyName ?? local, factory);
    }
    return undefined;
  }

  #lookedUpByLoop(name: TS.Identifier, known: TS.Identifier): TS.Identifier | undefined {
    const loop = loopAround(name);
    if (!loop) return undefined;
    const names = this.#lookedUpByLoops.get(loop) ?? new Map<TS.Identifier, TS.Identifier>();
    this.#lookedUpByLoops.set(loop, names);
    const variable = names.get(known) ?? this.#context.factory.createUniqueName(name.text);
    names.set(known, variable);
    return variable;
  }

  #property(object: TS.Expression, key: string): TS.Expression {
    return this.#context.factory.createPropertyAccessExpression(object, key);
  }

  /** `export { a as b }`. */
  #renamings(node: TS.ExportDeclaration): TS.Statement[] {
    const { factory } = this.#context;
    const { call, getter, statement, text } = this.#nodes;
    return renamings(node).flatMap((element) => {
      const name = element.propertyName as TS.Identifier;
      const symbol = this.#checker.getExportSpecifierLocalTargetSymbol(element);
      if (!(renamedSymbol(element, this.#checker).flags & ts.SymbolFlags.Value)) return [];
      const value = this.#kept(name, symbol) ?? factory.createIdentifier(name.text);
      return [statement(call("share", text(element.name.text), getter(value)))];
    });
  }

  /** Whether it is a name of this cell that later cells see. */
  #isOwn(symbol: TS.Symbol): boolean {
    const { locals } = this.#file as TS.SourceFile & { locals?: TS.SymbolTable };
    return locals?.get(symbol.escapedName) === symbol && (symbol.flags & ts.SymbolFlags.ConstEnum) === 0;
  }

  /** Whether `eval` finds its variables where they are kept, not where they were declared. */
  #isHidden(node: TS.VariableStatement): boolean {
    const { declarationList: list } = node;
    return this.#evaluates && (isLet(list) || isConst(list));
  }

  #isHiddenFrom(name: TS.Identifier, { valueDeclaration }: TS.Symbol): boolean {
    const declaration = valueDeclaration && ts.findAncestor(valueDeclaration, ts.isVariableDeclaration);
    const statement = declaration?.parent.parent;
    if (!statement || !ts.isVariableStatement(statement) || !this.#isHidden(statement)) return false;
    return ts.isIdentifier(declaration.name) || !ts.findAncestor(name, (node) => node === declaration);
  }

  #module(node: TS.Node): TS.Identifier {
    const known = this.#modules.get(node) ?? this.#context.factory.createUniqueName("module");
    this.#modules.set(node, known);
    return known;
  }

  /** `(0, f)`, which calls `f` with no `this`. */
  #withoutThis(called: TS.Expression, original: TS.Expression): TS.Expression {
    const { factory } = this.#context;
    const comma = factory.createComma(factory.createNumericLiteral(0), called);
    const callee = ts.setTextRange(factory.createParenthesizedExpression(comma), called);
    // V8 places the call behind the callee; the user looks for it where the callee begins.
    const start = original.getStart(this.#file);
    return ts.setSourceMapRange(callee, { pos: start, end: start });
  }
}

function exportOf(module: TS.Expression, name: TS.ModuleExportName, factory: TS.NodeFactory) {
  return ts.isIdentifier(name)
    ? factory.createPropertyAccessExpression(module, name.text)
    : factory.createElementAccessExpression(module, factory.createStringLiteral(name.text));
}

/** Statements that may come behind the expression whose value is the cell's result. */
function isSilent(node: TS.Statement): boolean {
  return (
    ts.isExportDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEmptyStatement(node)
  );
}

function isAmbient(node: TS.Statement): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) ?? false)
  );
}

/** The name of a class, an enum, a namespace that has a value or an `import a = require("a")`. */
function declaredName(node: TS.Statement): string | undefined {
  if (ts.isImportEqualsDeclaration(node)) {
    return ts.isExternalModuleReference(node.moduleReference) && !node.isTypeOnly
      ? node.name.text
      : undefined;
  }
  if (ts.isClassDeclaration(node)) return node.name?.text;
  if (ts.isEnumDeclaration(node)) {
    const isConst = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ConstKeyword);
    return isConst ? undefined : node.name.text;
  }
  if (ts.isModuleDeclaration(node) && ts.getModuleInstanceState(node) === INSTANTIATED) return node.name.text;
  return undefined;
}
const INSTANTIATED = 1;

/** Whether neither this cell nor an earlier one has declared the name. */
function isGlobal(
  name: TS.Identifier,
  checker: TS.TypeChecker,
  declarations: TS.SourceFile | undefined,
): boolean {
  const declared = checker.getSymbolAtLocation(ts.getOriginalNode(name))?.declarations ?? [];
  const files = declared.map((each) => each.getSourceFile());
  return files.every((file) => file.isDeclarationFile && file !== declarations);
}

function isReference(name: TS.Identifier): boolean {
  if (!name.parent || !ts.isExpressionNode(name)) return false;
  return !(ts.isPropertyAccessExpression(name.parent) && name.parent.name === name);
}

/** In the pattern or the value of its own declaration, and not in a function there, which is called later. */
function isDirectlyIn(name: TS.Identifier, declaration: TS.VariableDeclaration): boolean {
  for (let node: TS.Node = name; node.parent; node = node.parent) {
    if (node === declaration) return true;
    if (ts.isFunctionLike(node)) return false;
  }
  return false;
}

/** The outermost loop, with its labels, in which `name` is read and nothing awaits or yields. */
function loopAround(name: TS.Identifier): TS.Node | undefined {
  let loop: TS.Node | undefined;
  for (let node: TS.Node = name; node.parent && !isLater(node); node = node.parent) {
    if (ts.isIterationStatement(node, true) && !loopPauses(node)) loop = node;
  }
  return loop;
}

/** Remembered: each name in a loop asks. */
const pausing = new WeakMap<TS.Node, boolean>();
function loopPauses(loop: TS.Node): boolean {
  const known = pausing.get(loop) ?? pauses(loop);
  pausing.set(loop, known);
  return known;
}

/** Whether what it is part of runs it later, and not at once. */
function isLater(node: TS.Node): boolean {
  const { parent } = node;
  // A computed name is computed at once.
  if (ts.isFunctionLike(parent)) return parent.name !== node;
  return ts.isPropertyDeclaration(parent) && parent.initializer === node && !ts.hasStaticModifier(parent);
}

/**
 * Whether code at `name` can run after its cell. A class, an enum or a namespace has its own name for itself.
 */
function runsLater(name: TS.Identifier, { declarations }: TS.Symbol): boolean {
  const isOwnBody = (node: TS.Node) =>
    !ts.isFunctionLike(node) &&
    !ts.isVariableDeclaration(node) &&
    declarations!.includes(node as TS.Declaration);
  let isAnyLater = false;
  for (let node: TS.Node = name; node.parent; node = node.parent) {
    if (isOwnBody(node.parent)) return false;
    isAnyLater ||= isLater(node);
  }
  return isAnyLater;
}

function boundNames(name: TS.BindingName): TS.Identifier[] {
  if (ts.isIdentifier(name)) return [name];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(element.name) : []));
}

/** Imports, as far as TypeScript has left them, become what `__cell.module` gives. */
function rewriteModule(
  file: TS.SourceFile,
  modules: ReadonlyMap<TS.Node, TS.Identifier>,
  emitted: Emitted,
  factory: TS.NodeFactory,
): TS.SourceFile {
  const { call, constants, getter, statement, text } = cellNodes(factory);
  const imports: TS.Statement[] = [];
  const body: TS.Statement[] = [];
  for (const node of file.statements) {
    if (ts.isExportDeclaration(node)) {
      // `export * from` and, where a cell exports nothing else, `export {}`.
      const { moduleSpecifier, attributes } = node;
      if (moduleSpecifier) emitted.imports.push(moduleName(moduleSpecifier as TS.StringLiteral, attributes));
      continue;
    }
    if (!ts.isImportDeclaration(node)) {
      body.push(node);
      continue;
    }
    const id = moduleName(node.moduleSpecifier as TS.StringLiteral, node.attributes);
    emitted.imports.push(id);
    const module = modules.get(ts.getOriginalNode(node));
    if (!node.importClause || !module) continue;
    imports.push(constants([[module, call("module", text(id))]]));
    const share = (local: TS.Identifier, value: TS.Expression) =>
      imports.push(statement(call("share", text(local.text), getter(value))));
    const { name, namedBindings } = node.importClause;
    if (name) share(name, factory.createPropertyAccessExpression(module, "default"));
    if (!namedBindings) continue;
    if (ts.isNamespaceImport(namedBindings)) {
      imports.push(constants([[namedBindings.name, module]]));
      share(namedBindings.name, module);
    } else {
      for (const { propertyName, name: local } of namedBindings.elements) {
        share(local, exportOf(module, propertyName ?? local, factory));
      }
    }
  }
  const all = factory.createNodeArray([...imports, ...body]);
  return factory.updateSourceFile(file, ts.setTextRange(all, file.statements));
}
