// Node's module hooks for TypeScript, with the liberties that cells have: endings may be left out, `.js` may
// stand for `.ts`, and this package is found from anywhere.

import { readFile } from "node:fs/promises";
import type { LoadHook, ResolveHook } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";
import { COMPILED, only, projectSettings } from "../language/tsconfig.js";

const TYPESCRIPT = /\.[cm]?tsx?$/;
const INSTALLED = "/node_modules/";
const ENDINGS = [".ts", ".tsx", ".mts", ".cts", ".js", "/index.ts", "/index.tsx", "/index.js"];

export const resolve: ResolveHook = async (specifier, context, next) => {
  try {
    return await next(specifier, context);
  } catch (error) {
    for (const [candidate, parentURL] of candidates(specifier, context.parentURL)) {
      const found = await Promise.resolve(next(candidate, { ...context, parentURL })).catch(() => undefined);
      if (found) return found;
    }
    throw error;
  }
};

function candidates(specifier: string, parent: string | undefined): [string, string | undefined][] {
  if (/^unrolled(\/|$)/.test(specifier)) return [[specifier, import.meta.url]];
  if (!/^(\.{0,2}\/|file:)/.test(specifier)) {
    const mapped = parent?.startsWith("file:") && mappedByProject(specifier, fileURLToPath(parent));
    return mapped ? [[pathToFileURL(mapped).href, parent]] : [];
  }
  const typed = specifier.replace(/\.([cm]?)js(x?)$/, ".$1ts$2");
  return [typed, ...ENDINGS.map((ending) => specifier + ending)].map((candidate) => [candidate, parent]);
}

const optionsOfFolder = new Map<string, ts.CompilerOptions>();

/** What the tsconfig.json says that holds for this file. */
function projectOptions(file: string): ts.CompilerOptions {
  const folder = dirname(file);
  const known = optionsOfFolder.get(folder);
  if (known) return known;
  const { options } = projectSettings(folder);
  optionsOfFolder.set(folder, options);
  return options;
}

/** The file that `paths` or `baseUrl` of the tsconfig.json name. */
function mappedByProject(specifier: string, parent: string): string | undefined {
  const options = { ...projectOptions(parent), moduleResolution: ts.ModuleResolutionKind.Bundler };
  if (options.paths === undefined && options.baseUrl === undefined) return undefined;
  const { resolvedModule } = ts.resolveModuleName(specifier, parent, options, ts.sys);
  return resolvedModule?.resolvedFileName;
}

export const load: LoadHook = async (url, context, next) => {
  const { protocol, pathname } = new URL(url);
  if (protocol !== "file:" || !TYPESCRIPT.test(pathname) || pathname.includes(INSTALLED)) {
    return next(url, context);
  }
  const fileName = fileURLToPath(url);
  const text = await readFile(fileName, "utf8");
  const isModule = !fileName.endsWith(".cts") && (isWrittenAsModule(text) || fileName.endsWith(".mts"));
  const { outputText } = ts.transpileModule(text, {
    fileName,
    compilerOptions: {
      module: isModule ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
      ...only(COMPILED, projectOptions(fileName)),
      inlineSourceMap: true,
      inlineSources: true,
    },
  });
  return { format: isModule ? "module" : "commonjs", source: outputText, shortCircuit: true };
};

/** It imports, exports or awaits. */
function isWrittenAsModule(text: string): boolean {
  return (
    /\bawait\b/.test(text) ||
    ts.isExternalModule(ts.createSourceFile("file.ts", text, ts.ScriptTarget.Latest))
  );
}
