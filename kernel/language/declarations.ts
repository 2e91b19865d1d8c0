// The declarations (.d.ts) of what earlier cells have defined, statement by statement. tslab passes all of them to each
// cell, which then costs more the longer the session is; here a cell is given those that it mentions, by name, and
// those that these mention in turn.
import type * as TS from "typescript";
import { ts } from "./typescript.js";

interface Declaration {
  /** Names that the statement declares; none for `declare global` and the like, which concern every cell. */
  names: string[];
  text: string;
  /** Every word in it, which is more than the names that it refers to, and found quickly. */
  words: Set<string>;
  /** tslab forgets what it does not know, as namespaces, after one cell. */
  knownToTslab: boolean;
}

/** The declarations that one cell is given. */
export interface Selection {
  text: string;
  chosen: ReadonlySet<Declaration>;
}

export class Declarations {
  #all: Declaration[] = [];

  /** All of them, for completing a name that is not written out yet. */
  get text(): string {
    return this.#all.map(({ text }) => text).join("");
  }

  /** Takes what `text` was. */
  restore(text: string): void {
    this.#all = parse(text);
  }

  select(source: string): Selection {
    const byName = new Map<string, Declaration[]>();
    const chosen = new Set<Declaration>();
    const open: Declaration[] = [];
    for (const declaration of this.#all) {
      if (declaration.names.length === 0) open.push(declaration);
      for (const name of declaration.names) {
        const same = byName.get(name);
        if (same) same.push(declaration);
        else byName.set(name, [declaration]);
      }
    }
    const mention = (words: Iterable<string>) => {
      for (const word of words) open.push(...(byName.get(word) ?? []));
    };
    mention(wordsOf(source));
    for (let next = open.pop(); next; next = open.pop()) {
      if (chosen.has(next)) continue;
      chosen.add(next);
      mention(next.words);
    }
    // In their own order, as tslab has them.
    return {
      text: this.#all
        .filter((declaration) => chosen.has(declaration))
        .map(({ text }) => text)
        .join(""),
      chosen,
    };
  }

  /** Takes tslab's declarations after a cell: the cell's own and what it left of those that it was given. */
  replace({ chosen }: Selection, declared: string): void {
    const after = parse(declared);
    const names = new Set(after.flatMap((declaration) => declaration.names));
    const kept = this.#all.filter(
      (declaration) =>
        !chosen.has(declaration) ||
        (!declaration.knownToTslab && !declaration.names.some((name) => names.has(name))),
    );
    this.#all = [...kept, ...after];
  }
}

function parse(declarations: string): Declaration[] {
  const file = ts.createSourceFile("declarations.d.ts", declarations, ts.ScriptTarget.Latest);
  return file.statements
    .filter((statement) => !ts.isExportDeclaration(statement))
    .map((statement) => {
      const text = `${declarations.slice(statement.pos, statement.end).trim()}\n`;
      return {
        names: namesOf(statement),
        text,
        words: wordsOf(text),
        knownToTslab: !ts.isModuleDeclaration(statement) && !ts.isImportEqualsDeclaration(statement),
      };
    });
}

function namesOf(statement: TS.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name) ? [name.text] : [],
    );
  }
  if (ts.isImportDeclaration(statement)) {
    const { name, namedBindings } = statement.importClause ?? {};
    const named =
      namedBindings === undefined
        ? []
        : ts.isNamespaceImport(namedBindings)
          ? [namedBindings.name.text]
          : namedBindings.elements.map((element) => element.name.text);
    return name ? [name.text, ...named] : named;
  }
  if (ts.isModuleDeclaration(statement)) {
    const isGlobal =
      ts.isStringLiteral(statement.name) || (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0;
    return isGlobal ? [] : [statement.name.text];
  }
  const { name } = statement as TS.Statement & { name?: TS.Identifier };
  return name ? [name.text] : [];
}

function wordsOf(text: string): Set<string> {
  return new Set(text.match(/[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/gu));
}
