// The declarations that every cell is checked against, TypeScript's libraries and Node's, as two files in
// place of 120. For each cell TypeScript builds a program and a checker, which look at every file and merge
// what the files say of the same interface, again and again; within one file that is done once, when the file
// is read.

import { createRequire } from "node:module";
import { posix as path } from "node:path";
import { SAMPLES } from "./ahead.js";
import { ts } from "./typescript.js";

// TypeScript writes all paths with slashes.
const { resolve } = createRequire(import.meta.url);
const folderOf = (id: string) => path.dirname(resolve(id).replaceAll("\\", "/"));
const typescriptLibraries = folderOf("typescript");
const nodeFolder = `${folderOf("@types/node/package.json")}/`;
const nodeDeclarations = path.join(nodeFolder, "index.d.ts");

/** What stands in the compiler's `lib` for all of `libraries()`; there is no such file. */
export const CELL_LIBRARY = "lib.cells.d.ts";

/** WebAssembly, which TypeScript declares for browsers only; there is no such file. */
export const WEBASSEMBLY_LIBRARY = "lib.cells.webassembly.d.ts";

/** What an import `with { type: "text" }` gives; there is no such file. */
export const TEXT_MODULE = path.join(typescriptLibraries, "text.cells.d.ts");

/** Modules without written types. */
const UNTYPED_MODULES = 'declare module "*.wasm";\ndeclare module "data:*";\n';

/** Part of every program; there are no such files. */
export const SAMPLE_FILES = SAMPLES.map((_, at) => path.join(typescriptLibraries, `sample.cells.${at}.ts`));

/** What the running Node knows. */
function libraries(): string[] {
  const major = parseInt(process.versions.node);
  const newer = major < 22 ? [] : ["esnext.collection", "esnext.iterator", "esnext.array", "esnext.promise"];
  return [major < 22 ? "es2023" : "es2024", "esnext.disposable", ...newer].map(libraryFile);
}

const libraryFile = (name: string) => path.join(typescriptLibraries, `lib.${name}.d.ts`);

/** Texts by the file that they stand for: "" for a file whose text is part of another's. */
let texts: Map<string, string> | undefined;

/** The text that stands for an installed file; undefined where it is the file's own. */
export function ambientText(file: string): string | undefined {
  if (!texts) {
    texts = new Map(SAMPLE_FILES.map((file, at) => [file, `export {};\n${SAMPLES[at]}`]));
    texts.set(path.join(typescriptLibraries, CELL_LIBRARY), together(libraries(), texts) + UNTYPED_MODULES);
    texts.set(path.join(typescriptLibraries, WEBASSEMBLY_LIBRARY), webAssembly());
    texts.set(TEXT_MODULE, "declare const text: string;\nexport default text;\n");
    texts.set(nodeDeclarations, together([nodeDeclarations], texts));
  }
  const text = texts.get(file);
  if (text !== undefined || !file.startsWith(nodeFolder)) return text;
  return withoutMissing(ts.sys.readFile(file) ?? "");
}

function webAssembly(): string {
  const browser = ts.sys.readFile(libraryFile("webworker"))!;
  const [namespace] = /^declare namespace WebAssembly \{$.*?^\}$/ms.exec(browser)!;
  return namespace.replaceAll("BufferSource", "(ArrayBufferView | ArrayBuffer)");
}

const globals = new Set([
  // The process that builds the snapshot says what else there is (`snapshot_file.ts`).
  ...(process.env.UNROLLED_GLOBALS?.split(",") ?? Object.getOwnPropertyNames(globalThis)),
  // Not in an ES module; the kernel defines them for cells.
  ...["require", "module", "exports", "__dirname", "__filename"],
]);
const isMissing = (name: string) => !globals.has(name);
const VARIABLE = /^[ \t]*(?:declare )?var ([\p{ID_Start}$_][\p{ID_Continue}$]*)/gmu;

/**
 * Without the globals that the running Node does not have: `new WebSocket()` would only fail when it is run.
 */
function withoutMissing(text: string): string {
  if (![...text.matchAll(VARIABLE)].some(([, name]) => isMissing(name))) return text;
  const declared = ts
    .createSourceFile("ambient.d.ts", text, ts.ScriptTarget.Latest)
    .statements.flatMap((node) => {
      const isGlobal = ts.isModuleDeclaration(node) && (node.flags & ts.NodeFlags.GlobalAugmentation) !== 0;
      return isGlobal && node.body && ts.isModuleBlock(node.body) ? [...node.body.statements] : [node];
    });
  return declared.reduceRight((rest, node) => {
    if (!ts.isVariableStatement(node)) return rest;
    const isAbsent = node.declarationList.declarations.every(
      // What may be undefined is expected to be absent.
      ({ name, type }) =>
        ts.isIdentifier(name) && isMissing(name.text) && !(type && ts.isUnionTypeNode(type)),
    );
    return isAbsent ? rest.slice(0, node.pos) + rest.slice(node.end) : rest;
  }, text);
}

/**
 * The scripts' texts, each behind those of the scripts that it refers to and that are not yet part of another
 * text.
 */
function together(files: string[], folded: Map<string, string>): string {
  // Modules remain files of their own. TypeScript reads a reference only where nothing but references come
  // before it.
  const references: string[] = [];
  const add = (file: string): string => {
    if (folded.has(file)) return "";
    const text = ts.sys.readFile(file)!;
    if (IS_MODULE.test(text)) {
      references.push(`/// <reference path="${file}" />\n`);
      return "";
    }
    folded.set(file, "");
    const present = withoutMissing(text.replace(REFERENCES, ""));
    const { referencedFiles, libReferenceDirectives } = ts.preProcessFile(text, false);
    const first = [
      ...libReferenceDirectives.map(({ fileName }) => libraryFile(fileName)),
      ...referencedFiles.map(({ fileName }) => path.join(path.dirname(file), fileName)),
    ];
    return first.map(add).join("") + present;
  };
  const scripts = files.map(add).join("");
  return references.join("") + scripts;
}

const IS_MODULE = /^(?:import|export)\b/m;
const REFERENCES = /^\/\/\/ <reference (?:lib|path)=.*$/gm;
