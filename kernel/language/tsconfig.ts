// What the tsconfig.json of the notebook's project says that concerns a cell: how strictly types are checked,
// where modules are found, what is declared for all files, and how JSX and decorators are compiled. The rest
// is the kernel's own business (how modules are emitted) or a linter's (names that are not used).

import { posix as path } from "node:path";
import type * as TS from "typescript";
import { ts } from "./typescript.js";

export interface ProjectSettings {
  options: TS.CompilerOptions;
  /** Files of declarations (.d.ts) that are part of the project. */
  declarations: string[];
  /** What is wrong with the file, in words. */
  problems: string[];
}

const CHECKED: (keyof TS.CompilerOptions)[] = [
  "strict",
  "noImplicitAny",
  "noImplicitThis",
  "strictNullChecks",
  "strictFunctionTypes",
  "strictBindCallApply",
  "strictBuiltinIteratorReturn",
  "strictPropertyInitialization",
  "useUnknownInCatchVariables",
  "exactOptionalPropertyTypes",
  "noImplicitOverride",
  "noPropertyAccessFromIndexSignature",
  "noUncheckedIndexedAccess",
  "noCheck",
];
const FOUND: (keyof TS.CompilerOptions)[] = ["baseUrl", "paths", "pathsBasePath", "rootDirs", "lib"];
/** What JavaScript a file becomes. */
export const COMPILED: (keyof TS.CompilerOptions)[] = [
  "jsx",
  "jsxFactory",
  "jsxFragmentFactory",
  "jsxImportSource",
  "reactNamespace",
  "experimentalDecorators",
  "emitDecoratorMetadata",
  "useDefineForClassFields",
];

// "No inputs were found": nothing but declarations is looked for.
const NO_INPUTS = [18002, 18003];
const EVERYTHING = "**/*";

/** From the nearest tsconfig.json, in the folder or above it. */
export function projectSettings(folder: string): ProjectSettings {
  const config = ts.findConfigFile(folder, (file) => ts.sys.fileExists(file));
  if (config === undefined) return { options: {}, declarations: [], problems: [] };
  const unreadable: TS.Diagnostic[] = [];
  const parsed = ts.getParsedCommandLineOfConfigFile(config, undefined, {
    ...ts.sys,
    // A project that lists no folders is not searched through: that may be a whole disk.
    readDirectory: (root, _extensions, excluded, included, depth) =>
      ts.sys.readDirectory(root, [".d.ts"], excluded, included, included.includes(EVERYTHING) ? 1 : depth),
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => unreadable.push(diagnostic),
  });
  const { options = {}, fileNames = [], errors = [] } = parsed ?? {};
  const { found, missing } = declaredTypes(config, options);
  return {
    options: {
      ...only([...CHECKED, ...FOUND, ...COMPILED], options),
      jsx: runnable(options.jsx),
    },
    declarations: [...fileNames.filter((file) => file.endsWith(".d.ts")), ...found],
    problems: [
      ...[...unreadable, ...errors].filter(({ code }) => !NO_INPUTS.includes(code)).map(problem),
      ...missing.map((name) => `${config} - types: there is no type definition file for "${name}"`),
    ],
  };
}

/** Those of the options that have one of these names. */
export function only(names: (keyof TS.CompilerOptions)[], options: TS.CompilerOptions): TS.CompilerOptions {
  const given = names.filter((name) => options[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, options[name]]));
}

/** The packages of `types`, or all of `typeRoots`. Node's are there in any case. */
function declaredTypes(config: string, options: TS.CompilerOptions): { found: string[]; missing: string[] } {
  const { types, typeRoots } = options;
  const names = types ?? (typeRoots ? ts.getAutomaticTypeDirectiveNames(options, ts.sys) : []);
  const found: string[] = [];
  const missing: string[] = [];
  for (const name of names) {
    if (name === "node") continue;
    const { resolvedTypeReferenceDirective } = ts.resolveTypeReferenceDirective(
      name,
      // As for a file of the project; TypeScript itself does not look beyond `typeRoots`, if there are any.
      path.join(path.dirname(config), "types.ts"),
      options,
      ts.sys,
    );
    const file = resolvedTypeReferenceDirective?.resolvedFileName;
    if (file) found.push(file);
    else missing.push(name);
  }
  return { found, missing };
}

/** JSX that a project leaves to another tool must be compiled where it is run. */
function runnable(jsx = ts.JsxEmit.React): TS.JsxEmit {
  return jsx === ts.JsxEmit.Preserve || jsx === ts.JsxEmit.ReactNative ? ts.JsxEmit.ReactJSX : jsx;
}

/** What the compiler says, and where. */
function problem({ file, start, messageText, code }: TS.Diagnostic): string {
  const text = ts.flattenDiagnosticMessageText(messageText, "\n");
  if (!file || start === undefined) return `error TS${code}: ${text}`;
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  return `${file.fileName}:${line + 1}:${character + 1} - error TS${code}: ${text}`;
}
