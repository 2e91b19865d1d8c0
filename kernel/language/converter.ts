// tslab's converter (TypeScript to JavaScript, types, completion, inspection), unmodified, with the few things that it
// does not let one choose set from outside: two functions of the TypeScript module that it loads are replaced.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type * as TS from "typescript";
import { packageRoot } from "../package_root.js";
import { transpileToCommonJs, type Emitted } from "./emitted.js";
import { separatePropertyNames } from "./property_names.js";
import { ts, tslab, tsOfTslab, type Converter } from "./typescript.js";

const require = createRequire(import.meta.url);

let emitted: Emitted = { map: "", declared: [], assignable: [] };

/** Of the cell that was converted last. */
export function takeEmitted(): Emitted {
  return emitted;
}

export function createConverter(): Converter {
  // Types of Node itself must be there in any folder, also where nothing is installed.
  const nodeTypes = dirname(dirname(require.resolve("@types/node/package.json")));
  const own = (...path: string[]) => [join(packageRoot, "dist", ...path)];
  const options = {
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2023.d.ts"],
    types: ["node", ...own("kernel", "cells", "prompt")],
    typeRoots: [nodeTypes],
    paths: {
      unrolled: own("src", "index.d.ts"),
      "unrolled/display": own("kernel", "display.d.ts"),
      "unrolled/comm": own("kernel", "comm.d.ts"),
      "unrolled/workbook": own("notebooks", "workbook", "index.d.ts"),
    },
    inlineSourceMap: true,
  };

  tsOfTslab.createWatchCompilerHost = ((
    files: string[],
    stock: TS.CompilerOptions,
    system: TS.System,
    _createProgram: unknown,
    ...reporters: [TS.DiagnosticReporter, TS.WatchStatusReporter]
  ) =>
    ts.createWatchCompilerHost(
      files,
      { ...stock, ...options },
      withTimers(system),
      createProgram,
      ...reporters,
    )) as typeof ts.createWatchCompilerHost;
  tsOfTslab.transpileModule = (esModule, settings) => {
    const transpiled = transpileToCommonJs(esModule, settings);
    emitted = transpiled.emitted;
    return transpiled.result;
  };
  return tslab.createConverter();
}

/**
 * tslab keeps one timer, TypeScript's for rebuilding the program, and fires it itself. TypeScript has a second one,
 * for modules that it could not find when a file appears near them: that one is a timer like any other.
 */
function withTimers(system: TS.System): TS.System {
  const setRebuildTimer = system.setTimeout!.bind(system);
  const clearRebuildTimer = system.clearTimeout!.bind(system);
  const own = new Set<unknown>();
  system.setTimeout = (callback, ...rest) => {
    if (callback.name === "updateProgramWithWatchStatus")
      return setRebuildTimer(callback, ...rest) as unknown;
    const timer = setTimeout(() => {
      own.delete(timer);
      callback();
    }, 0);
    own.add(timer);
    return timer;
  };
  system.clearTimeout = (timer: unknown) => {
    if (own.delete(timer)) clearTimeout(timer as NodeJS.Timeout);
    else clearRebuildTimer(timer);
  };
  return system;
}

/** A program that emits with `separatePropertyNames` in front of tslab's own transformations. */
const createProgram: TS.CreateProgram<TS.EmitAndSemanticDiagnosticsBuilderProgram> = (...args) => {
  const builder = ts.createEmitAndSemanticDiagnosticsBuilderProgram(...args);
  const emit = builder.emit.bind(builder);
  builder.emit = (file, write, token, onlyDeclarations, transformers) =>
    emit(file, write, token, onlyDeclarations, {
      ...transformers,
      before: [separatePropertyNames(builder.getProgram().getTypeChecker())],
    });
  return builder;
};
