// What a program that is built before anybody asks consists of: room for a cell that is not written yet, and
// a sample of what cells use. When the cell comes, its tree is put where room was kept, and the checker finds
// the types of arrays, of promises and the like worked out, which costs more than most cells do.

import type * as TS from "typescript";
import { ts } from "./typescript.js";

/** What each program's checker learns from, bit by bit. */
export const SAMPLES = [
  "const typed = (size: number): Float64Array => new Float64Array(size);",
  "const typed = (from: ArrayLike<number>): Float32Array => Float32Array.from(from);",
  "const points = [1, 2].map((x) => ({ x })).filter(({ x }) => x > 1); console.log(points.length);",
  "const names = new Map<string, readonly string[]>(); const count = async (): Promise<number> => names.size;",
];

/** What parsing, binding and building a program know of a file besides what it declares itself. */
interface Internal {
  flags: number;
  pragmas: ReadonlyMap<string, unknown>;
  parseDiagnostics: readonly unknown[];
  path: unknown;
  resolvedPath: unknown;
  originalFileName: unknown;
  imports: unknown;
  moduleAugmentations: unknown;
  ambientModuleNames: unknown;
}
const POSSIBLY_CONTAINS_DYNAMIC_IMPORT = 1 << 22;

/**
 * Whether what it means depends on no other files than those of every cell, and it changes nothing for
 * others.
 */
export function standsAlone(file: TS.SourceFile): boolean {
  const { flags, pragmas, parseDiagnostics } = file as unknown as Internal;
  const dependsOnOthers =
    pragmas.size > 0 ||
    parseDiagnostics.length > 0 ||
    [file.referencedFiles, file.typeReferenceDirectives, file.libReferenceDirectives].some(
      (references) => references.length > 0,
    ) ||
    (flags & POSSIBLY_CONTAINS_DYNAMIC_IMPORT) !== 0 ||
    file.statements.some(
      (node) =>
        ts.isImportDeclaration(node) ||
        ts.isImportEqualsDeclaration(node) ||
        ts.isModuleDeclaration(node) ||
        (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined),
    );
  return !dependsOnOthers;
}

/** Puts a tree that is not bound yet into the file for which a program has kept room. */
export function putInto(room: TS.SourceFile, file: TS.SourceFile): TS.SourceFile {
  const { path, resolvedPath, originalFileName, imports, moduleAugmentations, ambientModuleNames } =
    room as unknown as Internal;
  const known = { path, resolvedPath, originalFileName, imports, moduleAugmentations, ambientModuleNames };
  return Object.assign(room, file, known);
}
