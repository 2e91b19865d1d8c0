// The files next to the notebook that a cell imports, and what these import in turn: TypeScript, JavaScript
// and JSON, compiled to CommonJS from what they hold now, so that an edited file is a new one in the next
// cell.

import type * as TS from "typescript";
import type { LocalModule } from "../threads.js";
import { cellNodes } from "./cell_nodes.js";
import { pauses } from "./emit.js";
import { moduleName } from "./import_attributes.js";
import { interruptible } from "./interruptible.js";
import { COMPILED, only } from "./tsconfig.js";
import { ts } from "./typescript.js";

interface Internal extends TS.Program {
  getResolvedModuleFromModuleSpecifier(
    specifier: TS.StringLiteralLike,
    file: TS.SourceFile,
  ): { resolvedModule?: TS.ResolvedModuleFull } | undefined;
}

const compiled = new WeakMap<TS.SourceFile, Pick<LocalModule, "code" | "map" | "isAsync" | "packages">>();

const specifiers = (file: TS.SourceFile) =>
  (file as TS.SourceFile & { imports?: readonly TS.StringLiteralLike[] }).imports ?? [];

/** The local files that `file` imports: specifier → file. */
export function localImports(program: TS.Program, file: TS.SourceFile): Map<string, TS.SourceFile> {
  const found = new Map<string, TS.SourceFile>();
  for (const specifier of specifiers(file)) {
    const { resolvedModule } =
      (program as Internal).getResolvedModuleFromModuleSpecifier(specifier, file) ?? {};
    if (!resolvedModule) continue;
    if (resolvedModule.isExternalLibraryImport && !isWorkspace(resolvedModule, specifier, file, program))
      continue;
    const imported = program.getSourceFile(resolvedModule.resolvedFileName);
    if (imported && !imported.isDeclarationFile) found.set(specifier.text, imported);
  }
  return found;
}

/** A package that is a link to a folder of the project, whose code is TypeScript. */
function isWorkspace(
  { resolvedFileName, extension }: TS.ResolvedModuleFull,
  specifier: TS.StringLiteralLike,
  file: TS.SourceFile,
  program: TS.Program,
): boolean {
  if (!SOURCE.includes(extension) || resolvedFileName.includes("/node_modules/")) return false;
  // It may have types in its sources, and code that is built.
  const options = { ...program.getCompilerOptions(), noDtsResolution: true };
  const { resolvedModule } = ts.resolveModuleName(specifier.text, file.fileName, options, ts.sys);
  return resolvedModule !== undefined && SOURCE.includes(resolvedModule.extension);
}
const SOURCE: string[] = [ts.Extension.Ts, ts.Extension.Tsx, ts.Extension.Mts, ts.Extension.Cts];

/** Every local file that the cell needs. */
export function localFiles(program: TS.Program, cell: TS.SourceFile): Set<TS.SourceFile> {
  const files = new Set<TS.SourceFile>();
  const open = [...localImports(program, cell).values()];
  for (let next = open.pop(); next; next = open.pop()) {
    if (files.has(next)) continue;
    files.add(next);
    open.push(...localImports(program, next).values());
  }
  return files;
}

/** Where the local files are that `file` imports: specifier → path. */
export function localPaths(program: TS.Program, file: TS.SourceFile): Record<string, string> {
  return Object.fromEntries([...localImports(program, file)].map(([id, { fileName }]) => [id, fileName]));
}

export function compileLocalModules(program: TS.Program, cell: TS.SourceFile): LocalModule[] {
  return [...localFiles(program, cell)].map((file) => {
    const code = compiled.get(file) ?? compile(file, program.getCompilerOptions());
    compiled.set(file, code);
    return { path: file.fileName, source: file.text, ...code, imports: localPaths(program, file) };
  });
}

function compile(file: TS.SourceFile, options: TS.CompilerOptions) {
  if (ts.isJsonSourceFile(file)) {
    return { code: `module.exports = ${file.text}`, map: "", isAsync: false, packages: [] };
  }
  const packages = new Set<string>();
  const { outputText, sourceMapText = "" } = ts.transpileModule(file.text, {
    // To TypeScript these endings say that a file stays an ES module.
    fileName: file.fileName.replace(/\.m([jt]s)$/, ".$1"),
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
      allowJs: true,
      sourceMap: true,
      target: options.target,
      ...only(COMPILED, options),
    },
    transformers: { before: [interruptible(() => true), asCommonJs], after: [collectImports(packages)] },
  });
  return { code: outputText, map: sourceMapText, isAsync: pauses(file), packages: [...packages] };
}

/**
 * `import.meta` and `import(…)` become those of `__cell`. `require` has no attributes: they go into the name.
 */
const asCommonJs: TS.TransformerFactory<TS.SourceFile> = (context) => (file) => {
  const { factory } = context;
  const { call, member } = cellNodes(factory);
  const visit = (node: TS.Node): TS.Node => {
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
      return member("meta");
    }
    if (ts.isImportDeclaration(node) && node.attributes) {
      const specifier = factory.createStringLiteral(
        moduleName(node.moduleSpecifier as TS.StringLiteral, node.attributes),
      );
      return factory.updateImportDeclaration(node, node.modifiers, node.importClause, specifier, undefined);
    }
    if (ts.isExportDeclaration(node) && node.moduleSpecifier && node.attributes) {
      const specifier = factory.createStringLiteral(
        moduleName(node.moduleSpecifier as TS.StringLiteral, node.attributes),
      );
      return factory.updateExportDeclaration(
        node,
        node.modifiers,
        node.isTypeOnly,
        node.exportClause,
        specifier,
        undefined,
      );
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const args = node.arguments.map((argument) => ts.visitNode(argument, visit) as TS.Expression);
      return call("import", ...args);
    }
    return ts.visitEachChild(node, visit, context);
  };
  return ts.visitEachChild(file, visit, context);
};

/**
 * What is left of an ES module's imports when its types are gone: `require` calls at the top of what is
 * emitted. They become those of `__cell`, as the file may have a `require` of its own.
 */
function collectImports(into: Set<string>): TS.TransformerFactory<TS.SourceFile> {
  return (context) => (file) => {
    const { call } = cellNodes(context.factory);
    const original = ts.getOriginalNode(file) as TS.SourceFile;
    if (!ts.isExternalModule(original)) return file;
    const visit = (node: TS.Node): TS.Node => {
      if (ts.isFunctionLike(node)) return node;
      if (
        ts.isCallExpression(node) &&
        ts.isIdentifier(node.expression) &&
        node.expression.text === "require" &&
        node.arguments.length === 1 &&
        ts.isStringLiteral(node.arguments[0])
      ) {
        into.add(node.arguments[0].text);
        const isWritten = node.pos >= 0;
        return isWritten ? node : call("require", ...node.arguments);
      }
      return ts.visitEachChild(node, visit, context);
    };
    return ts.visitEachChild(file, visit, context);
  };
}
