// The declarations (.d.ts) of what earlier cells have defined, name by name. tslab passes all of them to each
// cell, which then costs more the longer the session is; here a cell is given those that it mentions, by
// name, and those that these mention in turn.
//
// A name that is declared again means something else from then on. What has the old type keeps it: the old
// declaration stays, under a name of its own (`renaming.ts`), as long as others mention it.

import type * as TS from "typescript";
import { renamings } from "./exports.js";
import type { Mention } from "./renaming.js";
import { renameAll, renameMentions } from "./renaming.js";
import { ts } from "./typescript.js";

interface Declaration {
  /** None for `declare global` and the like, which concern every cell. */
  name: string | undefined;
  isValue: boolean;
  isType: boolean;
  text: string;
  /** Every word in it, which is more than the names that it refers to, and found quickly. */
  words: Set<string>;
}

/** What a cell declares under one name. */
interface Declared {
  isValue: boolean;
  isType: boolean;
  /** The statements, as they were written. */
  source: string;
}

/** The declarations that one cell is given. */
export interface Selection {
  text: string;
  /** All that stay when the cell has declared its own. */
  left: Declaration[];
  /** Makes a name like `name` that nothing has. */
  freshName(name: string): string;
}

export class Declarations {
  #all: Declaration[] = [];
  /** How names were declared that could be declared again. */
  #sources = new Map<string, string>();

  /** All of them, for completing a name that is not written out yet. */
  get text(): string {
    return this.#all.map(({ text }) => text).join("");
  }

  get sources(): ReadonlyMap<string, string> {
    return this.#sources;
  }

  /** Takes what `text` and `sources` were. */
  restore(text: string, sources: ReadonlyMap<string, string>): void {
    this.#all = parse(text);
    this.#sources = new Map(sources);
  }

  /** Names that are not the user's, of what others mention only. */
  get given(): Set<string | undefined> {
    const given = new Set(this.#all.filter(({ text }) => isForOthers(text)).map(({ name }) => name));
    for (const { name, text } of this.#all) if (!isForOthers(text)) given.delete(name);
    return given;
  }

  /** Those that some code mentions. */
  mentionedIn(source: string): string {
    return mentioned(this.#all, wordsOf(source));
  }

  /** Those that a cell mentions, with what it declares again out of the way. */
  select(code: string): Selection {
    const words = wordsOf(code);
    const fresh = new Set<string>();
    const isTaken = (name: string) =>
      fresh.has(name) || words.has(name) || this.#all.some((each) => each.words.has(name));
    const freshName = (name: string) => {
      let at = 1;
      while (isTaken(`${name}_${at}`)) at++;
      fresh.add(`${name}_${at}`);
      return `${name}_${at}`;
    };
    const isKnown = this.#all.some(({ name }) => name !== undefined && words.has(name));
    const left = isKnown ? this.#without(declaredIn(boundCell(code)), freshName) : this.#all;
    return { text: mentioned(left, words), left, freshName };
  }

  /** Takes what a cell has declared. @param declarations its .d.ts file */
  add({ left }: Selection, cell: TS.SourceFile, declarations: string): void {
    const own = parse(declarations);
    const nameless = new Set(own.flatMap(({ name, text }) => (name === undefined ? [text] : [])));
    this.#all = withoutUnmentioned([...left.filter(({ text }) => !nameless.has(text)), ...own]);
    for (const [name, { source }] of declaredIn(cell)) this.#sources.set(name, source);
  }

  #without(declared: ReadonlyMap<string, Declared>, freshName: (name: string) => string): Declaration[] {
    const old = new Map<string, Declaration[]>();
    let left: Declaration[] = [];
    for (const declaration of this.#all) {
      const { name, isValue, isType } = declaration;
      const again = name === undefined ? undefined : declared.get(name);
      const isGone = again && ((again.isValue && isValue) || (again.isType && isType));
      if (isGone) old.set(name!, [...(old.get(name!) ?? []), declaration]);
      else left.push(declaration);
    }
    const freshNames = new Map<string, string>();
    const changed = this.#changed(declared, old);
    // What stays under another name may mention names that nothing else does.
    for (let before = -1; before !== freshNames.size;) {
      before = freshNames.size;
      for (const name of changed) {
        const group = old.get(name)!;
        const again = declared.get(name)!;
        const fresh = freshNames.get(name) ?? freshName(name);
        const isOld = mentionIsOld(group, again);
        let isMentioned = false;
        left = left.map((declaration) => {
          if (!declaration.words.has(name)) return declaration;
          const text = renameMentions(declaration.text, name, fresh, isOld);
          if (text === declaration.text) return declaration;
          isMentioned = true;
          return { ...declaration, text, words: wordsOf(text) };
        });
        if (freshNames.has(name)) continue;
        const keepsValue = !again.isValue && group.some(({ isValue }) => isValue);
        if (!isMentioned && !keepsValue) continue;
        freshNames.set(name, fresh);
        for (const declaration of group) {
          const text = EARLIER + renameAll(declaration.text, name, fresh);
          left.push({ ...declaration, name: fresh, text, words: wordsOf(text) });
        }
        if (keepsValue) left.push(...parse(`declare const ${name}: typeof ${fresh};\n`));
      }
    }
    return left;
  }

  /**
   * Which of the old names mean something else than before: declared otherwise, or by what is declared
   * otherwise.
   */
  #changed(declared: ReadonlyMap<string, Declared>, old: ReadonlyMap<string, unknown>): Set<string> {
    const changed = new Set<string>();
    const open = [...old.keys()].filter((name) => this.#sources.get(name) !== declared.get(name)!.source);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      changed.add(next);
      for (const name of old.keys()) {
        if (!changed.has(name) && wordsOf(declared.get(name)!.source).has(next)) open.push(name);
      }
    }
    return changed;
  }
}

/** What declarations begin with that are there for others only. */
const EARLIER = "/** Declared again since. */\n";
export const LOCAL = "/** Declared in a function. */\n";
const isForOthers = (text: string) => text.startsWith(EARLIER) || text.startsWith(LOCAL);

/**
 * Which mentions of a name that is declared again still mean what it was. Functions see names as they were
 * declared last; of types alone there is nothing to see when they run.
 */
function mentionIsOld(group: Declaration[], again: Declared): (mention: Mention) => boolean {
  const isTypeOnly = group.every(({ isValue, isType }) => isValue !== isType);
  const isKind = ({ isValue }: Mention) => group.some((each) => (isValue ? each.isValue : each.isType));
  return (mention) => {
    if (!isKind(mention)) return false;
    if (!mention.isInFunction || !again.isValue) return true;
    return !mention.isValue && (isTypeOnly || !again.isType);
  };
}

function withoutUnmentioned(all: Declaration[]): Declaration[] {
  const left = all.filter(
    (declaration) =>
      !isForOthers(declaration.text) ||
      all.some(({ name, words }) => name !== declaration.name && words.has(declaration.name!)),
  );
  return left.length === all.length ? all : withoutUnmentioned(left);
}

function mentioned(all: Declaration[], words: Iterable<string>): string {
  const byName = new Map<string, Declaration[]>();
  const chosen = new Set<Declaration>();
  const open: Declaration[] = [];
  for (const declaration of all) {
    const { name } = declaration;
    if (name === undefined) open.push(declaration);
    else byName.set(name, [...(byName.get(name) ?? []), declaration]);
  }
  const mention = (words: Iterable<string>) => {
    for (const word of words) open.push(...(byName.get(word) ?? []));
  };
  mention(words);
  for (let next = open.pop(); next; next = open.pop()) {
    if (chosen.has(next)) continue;
    chosen.add(next);
    mention(next.words);
  }
  return all
    .filter((declaration) => chosen.has(declaration))
    .map(({ text }) => text)
    .join("");
}

/** A cell that has not been compiled yet, with its names. */
function boundCell(code: string): TS.SourceFile {
  const file = ts.createSourceFile("cell.ts", `export {};\n${code}`, ts.ScriptTarget.Latest);
  ts.bindSourceFile(file, {});
  return file;
}

function declaredIn(cell: TS.SourceFile): Map<string, Declared> {
  const { locals } = cell as TS.SourceFile & { locals?: TS.SymbolTable };
  const declared = new Map<string, Declared>();
  for (const [key, { flags, declarations = [] }] of locals ?? []) {
    const isImport = (flags & ts.SymbolFlags.Alias) !== 0;
    const statements = declarations.map((node) => {
      while (node.parent && node.parent !== cell) node = node.parent as TS.Declaration;
      return node.getText(cell);
    });
    declared.set(ts.unescapeLeadingUnderscores(key), {
      isValue: isImport || (flags & (ts.SymbolFlags.Value | ts.SymbolFlags.Namespace)) !== 0,
      isType: isImport || (flags & (ts.SymbolFlags.Type | ts.SymbolFlags.Namespace)) !== 0,
      source: statements.join("\n"),
    });
  }
  for (const statement of cell.statements) {
    if (!ts.isExportDeclaration(statement)) continue;
    for (const { name } of renamings(statement)) {
      declared.set(name.text, { isValue: true, isType: true, source: statement.getText(cell) });
    }
  }
  return declared;
}

function parse(declarations: string): Declaration[] {
  const file = ts.createSourceFile("declarations.d.ts", declarations, ts.ScriptTarget.Latest);
  return file.statements
    .filter((statement) => !ts.isExportDeclaration(statement))
    .flatMap((statement) => {
      const text = `${declarations.slice(statement.pos, statement.end).trim()}\n`;
      return namesIn(statement, text, file).map((named) => ({
        ...kindOf(statement),
        ...named,
        words: wordsOf(named.text),
      }));
    });
}

function kindOf(statement: TS.Statement): Pick<Declaration, "isValue" | "isType"> {
  const isTypeOnly = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
  const isValueOnly = ts.isVariableStatement(statement) || ts.isFunctionDeclaration(statement);
  return { isValue: !isTypeOnly, isType: !isValueOnly };
}

/** Each name that a statement declares, with a statement that declares nothing else. */
function namesIn(
  statement: TS.Statement,
  text: string,
  file: TS.SourceFile,
): { name: string | undefined; text: string; isValue?: boolean }[] {
  if (ts.isVariableStatement(statement)) {
    const { declarations, flags } = statement.declarationList;
    if (declarations.length === 1) return [{ name: declarations[0].name.getText(file), text }];
    const keyword = flags & ts.NodeFlags.Let ? "let" : flags & ts.NodeFlags.BlockScoped ? "const" : "var";
    return declarations.map((declaration) => ({
      name: declaration.name.getText(file),
      text: `declare ${keyword} ${declaration.getText(file)};\n`,
    }));
  }
  if (ts.isImportDeclaration(statement)) return importsIn(statement, file);
  if (ts.isModuleDeclaration(statement)) {
    const isGlobal =
      ts.isStringLiteral(statement.name) || (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0;
    return [{ name: isGlobal ? undefined : statement.name.text, text }];
  }
  const { name } = statement as TS.Statement & { name?: TS.Identifier };
  return [{ name: name?.text, text }];
}

function importsIn(statement: TS.ImportDeclaration, file: TS.SourceFile) {
  const { importClause, moduleSpecifier, attributes } = statement;
  if (!importClause) return [{ name: undefined, text: statement.getText(file) }];
  const from = `from ${moduleSpecifier.getText(file)}${attributes ? ` ${attributes.getText(file)}` : ""};\n`;
  const { name, namedBindings, isTypeOnly } = importClause;
  const word = isTypeOnly ? "import type" : "import";
  const imports: { name: string; text: string; isValue?: boolean }[] = [];
  const add = (local: TS.Identifier, clause: string, isType: boolean) =>
    imports.push({
      name: local.text,
      text: `${word} ${clause} ${from}`,
      ...(isType ? { isValue: false } : {}),
    });
  if (name) add(name, name.text, isTypeOnly);
  if (namedBindings && ts.isNamespaceImport(namedBindings)) {
    add(namedBindings.name, namedBindings.getText(file), isTypeOnly);
  } else {
    for (const each of namedBindings?.elements ?? []) {
      add(each.name, `{ ${each.getText(file)} }`, isTypeOnly || each.isTypeOnly);
    }
  }
  return imports;
}

function wordsOf(text: string): Set<string> {
  return new Set(text.match(/[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/gu));
}
