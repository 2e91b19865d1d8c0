// tslab's converter on the current TypeScript. tslab brings a TypeScript 5.0 of its own with a few more
// exports; the converter, unmodified, is given stock TypeScript instead, with those exports put on top of it
// here. That alone is the newer language. What makes it fast is in `program.ts` (when programs are built),
// `declarations.ts` (what earlier cells cost) and `emit.ts` (what comes out).
// test/kernel/language/tslab.test.ts runs stock tslab next to it.

import { createRequire } from "node:module";
import type * as TS from "typescript";
import type * as TslabConverter from "tslab/dist/converter.js";
import { quickInfo } from "./quick_info.js";

/** What TypeScript exports besides its declared interface. */
export interface Internals {
  nullTransformationContext: TS.TransformationContext;
  getFirstIdentifier(name: TS.EntityName): TS.Identifier;
  getIdentifierTypeArguments(name: TS.Node): readonly TS.Node[] | undefined;
  bindSourceFile(file: TS.SourceFile, options: TS.CompilerOptions): void;
  hasStaticModifier(node: TS.Node): boolean;
  isExpressionNode(node: TS.Node): boolean;
  isJsonSourceFile(file: TS.SourceFile): boolean;
  isLabelName(node: TS.Node): boolean;
  getModuleInstanceState(node: TS.ModuleDeclaration): number;
  getTouchingPropertyName(file: TS.SourceFile, position: number): TS.Node;
  getContainerNode(node: TS.Node): TS.Node | undefined;
  typeToDisplayParts(
    checker: TS.TypeChecker,
    type: TS.Type,
    enclosing: TS.Node | undefined,
  ): TS.SymbolDisplayPart[];
  TypeChecker: {
    resolveName(
      name: string,
      location: TS.Node,
      meaning: TS.SymbolFlags,
      excludeGlobals: boolean,
    ): TS.Symbol | undefined;
  };
  SymbolDisplay: {
    getSymbolDisplayPartsDocumentationAndSymbolKind(
      checker: TS.TypeChecker,
      symbol: TS.Symbol,
      file: TS.SourceFile,
      enclosing: TS.Node | undefined,
      location: TS.Node,
      meaning?: number,
    ): Omit<TS.QuickInfo, "kind" | "kindModifiers" | "textSpan"> & { symbolKind: TS.ScriptElementKind };
    getSymbolModifiers(checker: TS.TypeChecker, symbol: TS.Symbol): string;
  };
  Completions: { getCompletionsAtPosition(...args: unknown[]): TS.CompletionInfo | undefined };
}

/** Its last parameter is not declared. */
export interface EmittingProgram extends TS.Program {
  emit(...args: [...Parameters<TS.Program["emit"]>, forceDeclarations?: boolean]): TS.EmitResult;
}

const requirePackage = createRequire(import.meta.url);
const requireFromTslab = createRequire(requirePackage.resolve("tslab/dist/converter.js"));

export const ts = requirePackage("typescript") as typeof TS & Internals;
// TypeScript asks once and remembers; a snapshot would remember the folder in which it was built.
ts.sys.getCurrentDirectory = () => process.cwd();

/** What completion asks of an editor; tslab's own is empty. Paths in strings are completed from the disk. */
const completionHost = (program: TS.Program) => ({
  getCompilationSettings: () => program.getCompilerOptions(),
  getCurrentDirectory: () => program.getCurrentDirectory(),
  fileExists: (path: string) => ts.sys.fileExists(path),
  readFile: (path: string) => ts.sys.readFile(path),
  directoryExists: (path: string) => ts.sys.directoryExists(path),
  getDirectories: (path: string) => ts.sys.getDirectories(path),
  readDirectory: (...args: Parameters<TS.System["readDirectory"]>) => ts.sys.readDirectory(...args),
});

/**
 * The module that tslab loads as its TypeScript; `converter.ts` fills in how programs are made and emitted.
 */
export const tsOfTslab: Record<string, unknown> = {
  ...ts,
  // Otherwise tslab would import a copy, of what is there when it does.
  __esModule: true,
  getNullTransformationContext: () => ts.nullTransformationContext,
  getDefaultTypeRoots: () => [],
  getQuickInfoAtPosition: (file: TS.SourceFile, checker: TS.TypeChecker, _token: unknown, position: number) =>
    quickInfo(ts, file, checker, position),
  Completions: {
    ...ts.Completions,
    getCompletionsAtPositionForTslab: (_host: unknown, program: TS.Program, ...rest: unknown[]) =>
      ts.Completions.getCompletionsAtPosition(
        completionHost(program),
        program,
        ...rest,
        /* formatContext */ undefined,
        /* includeSymbol, for signatures */ true,
      ),
  },
};

// Put where `require` looks first, so that the older TypeScript is never loaded.
const filename = requireFromTslab.resolve("@tslab/typescript-for-tslab");
requireFromTslab.cache[filename] = {
  id: filename,
  filename,
  loaded: true,
  exports: tsOfTslab,
} as NodeJS.Module;

export const tslab = requirePackage("tslab/dist/converter.js") as typeof TslabConverter;
export const tslabMetadata = requirePackage("tslab/dist/metadata.js") as {
  getCodeMetadata(source: string): { module?: string; jsx?: true };
};

export type Converter = TslabConverter.Converter;
export type ConvertResult = TslabConverter.ConvertResult;
export type CompletionInfo = TslabConverter.CompletionInfo;
