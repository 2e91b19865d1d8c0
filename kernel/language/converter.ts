// tslab's converter, unmodified, with what it does not let one choose set from outside: the compiler's
// options, when programs are built, and how a cell is emitted.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type * as TS from "typescript";
import { cellModules } from "../own_package.js";
import { packageRoot } from "../package_root.js";
import { CELL_LIBRARY, WEBASSEMBLY_LIBRARY } from "./ambient.js";
import type { Emitted } from "./emit.js";
import { cellTransformers, innerVarDeclarations, renamedDeclarations } from "./emit.js";
import { LINE_IN_FRONT } from "./exports.js";
import { attributesInNames } from "./import_attributes.js";
import { localFiles } from "./local_modules.js";
import { LocalTypes, nameNestedPackages } from "./local_types.js";
import type { Emit, WatchHost } from "./program.js";
import { Programs } from "./program.js";
import type { QuickInfo } from "./quick_info.js";
import type { ProjectSettings } from "./tsconfig.js";
import { projectSettings } from "./tsconfig.js";
import type { CompletionInfo, Converter, ConvertResult, EmittingProgram } from "./typescript.js";
import { ts, tslab, tsOfTslab } from "./typescript.js";

const { resolve } = createRequire(import.meta.url);

/** What an answer was computed with. */
export interface Source {
  program: TS.Program;
  cell: TS.SourceFile;
}

/** `emitted` is undefined where there are diagnostics. */
export type Converted = ConvertResult & Source & { emitted: EmittedCell | undefined };

interface EmittedCell extends Emitted {
  code: string;
  /** Source map from `code` to the cell. */
  map: string;
  /** The cell's own .d.ts file. */
  declarations: string;
}

export interface CellConverter {
  convert(declarations: string, cell: string): Converted;
  complete(declarations: string, cell: string, position: number): CompletionInfo & Source;
  inspect(declarations: string, cell: string, position: number): Source & { info: QuickInfo | undefined };
  /** Defines a module that is in memory only. */
  addModule(...module: Parameters<Converter["addModule"]>): Pick<Converted, "diagnostics" | "program">;
  /** What is wrong with the project's tsconfig.json, in words. */
  readonly problems: string[];
  /** Gets ready for the next answer, bit by bit. */
  prepare(): Generator<void, void>;
  close(): void;
}

/** @param freshName makes a name for what a cell declares in a function */
export function createConverter(freshName = (name: string): string => name): CellConverter {
  /** Of the cell that is being converted. */
  let emitted: Omit<EmittedCell, "code"> | undefined;
  let programs: Programs;
  const folder = ts.sys.getCurrentDirectory().replaceAll("\\", "/");
  const cellPath = `${folder}/__tslab__.ts`;
  const declarationsPath = `${folder}/__prev__.d.ts`;
  const project = projectSettings(folder);

  const emit: Emit = (program, file, writeFile, token, onlyDeclarations, custom) => {
    const checker = program.getTypeChecker();
    const cell = cellTransformers(checker, program.getSourceFile(declarationsPath));
    const source = program.getSourceFile(cellPath)!;
    const localTypes = new LocalTypes(source, checker, freshName);
    const inner = innerVarDeclarations(source, (name) =>
      localTypes.typeText(checker.getTypeAtLocation(name)),
    );
    const renamed = renamedDeclarations(source, checker);
    nameNestedPackages(checker);
    let map = "";
    let declarations = "";
    const write: TS.WriteFileCallback = (path, text, ...rest) => {
      const name = path.slice(path.lastIndexOf("/") + 1);
      if (path.endsWith(".map")) map = text;
      else {
        let written = text.replace(/\n\/\/# sourceMappingURL=[^\n]*\n?$/, "\n");
        if (path.endsWith(".d.ts")) declarations = written += inner + renamed + localTypes.text;
        writeFile!(`${outDir}/${name}`, written, ...rest);
      }
    };
    const outDir = program.getCompilerOptions().outDir!;
    const afterDeclarations = [attributesInNames, localTypes.transformer, ...custom!.afterDeclarations!];
    const transformers = { ...cell.transformers, afterDeclarations };
    // Also where a declaration says less than the cell: without its names the cell would be of no use.
    const evenIfIncomplete = true;
    const emitting: EmittingProgram = program;
    const result = emitting.emit(file, write, token, onlyDeclarations, transformers, evenIfIncomplete);
    programs.forget(declarationsPath);
    emitted = { map, declarations, ...cell.emitted };
    return result;
  };

  tsOfTslab.createWatchCompilerHost = (files: string[], stock: TS.CompilerOptions, system: TS.System) => {
    const readFile = system.readFile.bind(system);
    system.readFile = (path, encoding) => {
      const text = readFile(path, encoding);
      if (path !== cellPath) return text;
      return text?.replace(`\n(${LINE_IN_FRONT}`, "(\n").replace(EXPORT_LIST, unescapeNames);
    };
    return { files, ambient: project.declarations, options: compilerOptions(stock, project), system };
  };
  tsOfTslab.createWatchProgram = (host: WatchHost) => {
    programs = new Programs(host, emit);
    return programs.watch();
  };
  // The cell and the local modules behind it. For a multi-part diagnostic, tslab loses the file of every part
  // but the first.
  tsOfTslab.getPreEmitDiagnosticsOfFiles = (program: TS.Program, [cell]: TS.SourceFile[]) =>
    ts
      .sortAndDeduplicateDiagnostics(
        [cell, ...localFiles(program, cell)].flatMap((file) => [
          ...program.getSyntacticDiagnostics(file),
          ...program.getSemanticDiagnostics(file),
        ]),
      )
      .map((diagnostic) => ({
        ...diagnostic,
        messageText: ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"),
      }));
  // It is the cell's last form already.
  tsOfTslab.transpileModule = (outputText: string) => ({ outputText });

  const converter = tslab.createConverter();
  const source = (): Source => {
    const program = programs.last!;
    return { program, cell: program.getSourceFile(cellPath)! };
  };
  return {
    convert: (declarations, cell) => {
      const result = converter.convert(declarations, cell);
      const { diagnostics, output: code = "" } = result;
      const own = diagnostics.length === 0 ? emitted : undefined;
      return { ...result, ...source(), emitted: own && { code, ...own } };
    },
    complete: (...args) => ({ ...converter.complete(...args), ...source() }),
    inspect: (...args) => ({ info: converter.inspect(...args), ...source() }),
    addModule: (...args) => ({ diagnostics: converter.addModule(...args), program: programs.last! }),
    problems: project.problems,
    prepare: () => programs.prepare(),
    close: () => {
      converter.close();
    },
  };
}

/**
 * tslab has a cell export all its names, by TypeScript's inner spelling, in which `__x` is `___x` and
 * `declare global` is `__global`.
 */
const EXPORT_LIST = /\nexport \{[^{}]*\}$/;
const unescapeNames = (list: string) =>
  list
    .replace(/(?<![\p{ID_Continue}$])__global(?![\p{ID_Continue}$]),?/u, "")
    .replace(/(?<![\p{ID_Continue}$])___/gu, "__");

function compilerOptions(stock: TS.CompilerOptions, { options }: ProjectSettings): TS.CompilerOptions {
  const { lib = [], paths } = options;
  const hasBrowser = lib.some((file) => /^lib\.(dom|webworker)\.d\.ts$/.test(file));
  return {
    ...stock,
    // Decorators are the standard's unless the project asks for the older ones.
    experimentalDecorators: false,
    ...options,
    // ES modules, in which `import a = require("a")` is allowed.
    module: ts.ModuleKind.Preserve,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    // What Node knows is there in any case.
    lib: [CELL_LIBRARY, ...(hasBrowser ? [] : [WEBASSEMBLY_LIBRARY]), ...lib],
    libReplacement: false,
    // Types of Node itself must be there in any folder, also where nothing is installed.
    types: ["node", join(packageRoot, "dist", "kernel", "main", "prompt")],
    typeRoots: [dirname(dirname(resolve("@types/node/package.json")))],
    paths: { ...paths, ...Object.fromEntries([...cellModules].map(([id, { types }]) => [id, [types]])) },
    // Local modules may lie outside the notebook's folder.
    rootDir: undefined,
    sourceMap: true,
    // JavaScript is anything that runs.
    checkJs: false,
  };
}
