// tslab's converter (TypeScript to JavaScript, types, completion, inspection), unmodified, with the few compiler
// options it does not let one choose set from outside: the TypeScript module that it loads is asked for a compiler
// host in one place, and that place is wrapped here.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import remapping, { type SourceMapInput } from "@jridgewell/remapping";
import type * as TslabConverter from "tslab/dist/converter.js";
import { packageRoot } from "../package_root.js";

type TypeScript = typeof import("typescript");
type System = import("typescript").System;

const require = createRequire(import.meta.url);
const requireFromTslab = createRequire(require.resolve("tslab/dist/converter.js"));

/** The TypeScript that tslab brings. */
export const ts = requireFromTslab("@tslab/typescript-for-tslab") as TypeScript;

// TypeScript's exports are read-only; tslab is given a copy of them in which two functions can be replaced.
const tsOfTslab = { ...ts } as Record<string, unknown>;
requireFromTslab.cache[requireFromTslab.resolve("@tslab/typescript-for-tslab")]!.exports = tsOfTslab;
const tslab = require("tslab/dist/converter.js") as typeof TslabConverter;

export const { isCompleteCode } = tslab;
export const { printQuickInfo } = require("tslab/dist/inspect.js") as {
  printQuickInfo(info: object): string;
};

export type Converter = TslabConverter.Converter;
export type ConvertResult = TslabConverter.ConvertResult;

// The converter puts one line in front of each cell, which source maps see and the user does not.
const PREFIX_LINES = 1;

let lastMap = "";

/** The source map of the last cell that was converted, from the emitted JavaScript to the cell's own lines. */
export function takeSourceMap(): string {
  return lastMap;
}

export function createConverter(): Converter {
  // Types of Node itself must be there in any folder, also where nothing is installed.
  const nodeTypes = dirname(dirname(require.resolve("@types/node/package.json")));
  const own = (...path: string[]) => [join(packageRoot, "dist", ...path)];
  const options = {
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2023.d.ts"],
    types: ["node"],
    typeRoots: [nodeTypes],
    paths: {
      unrolled: own("src", "index.d.ts"),
      "unrolled/display": own("kernel", "display.d.ts"),
      "unrolled/workbook": own("notebooks", "workbook", "index.d.ts"),
    },
    inlineSourceMap: true,
  };

  const { createWatchCompilerHost, transpileModule } = ts;
  tsOfTslab.createWatchCompilerHost = (files: string[], stock: object, system: System, ...rest: unknown[]) =>
    (createWatchCompilerHost as (...args: unknown[]) => unknown)(
      files,
      { ...stock, ...options },
      withTimers(system),
      ...rest,
    );
  // tslab's second step, from ES module to CommonJS, asks for no source map: ask for one and join the two.
  tsOfTslab.transpileModule = (input: string, settings: import("typescript").TranspileOptions) => {
    const [source, inline] = splitSourceMap(input);
    const result = transpileModule(source, {
      ...settings,
      compilerOptions: { ...settings.compilerOptions, sourceMap: true },
    });
    const [outputText] = splitSourceMap(result.outputText);
    if (inline !== undefined && result.sourceMapText !== undefined) {
      lastMap = joinMaps(result.sourceMapText, inline);
    }
    return { ...result, outputText };
  };
  return tslab.createConverter();
}

/**
 * tslab keeps one timer, TypeScript's for rebuilding the program, and fires it itself. TypeScript has a second one,
 * for modules that it could not find when a file appears near them: that one is a timer like any other.
 */
function withTimers(system: System): System {
  const { setTimeout: setRebuildTimer, clearTimeout: clearRebuildTimer } = system;
  const own = new Set<unknown>();
  system.setTimeout = (callback, ...rest) => {
    if (callback.name === "updateProgramWithWatchStatus") return setRebuildTimer!(callback, ...rest) as unknown;
    const timer = setTimeout(() => {
      own.delete(timer);
      callback();
    }, 0);
    own.add(timer);
    return timer;
  };
  system.clearTimeout = (timer: unknown) => {
    if (own.delete(timer)) clearTimeout(timer as NodeJS.Timeout);
    else clearRebuildTimer!(timer);
  };
  return system;
}

function splitSourceMap(code: string): [code: string, inlineMap: string | undefined] {
  const match = /\n?\/\/# sourceMappingURL=(?:data:application\/json;base64,)?(\S+)\s*$/.exec(code);
  if (!match) return [code, undefined];
  const inline = match[0].includes("base64,") ? Buffer.from(match[1], "base64").toString("utf8") : undefined;
  return [code.slice(0, match.index), inline];
}

function joinMaps(outer: string, inner: string): string {
  const map = remapping([JSON.parse(outer), JSON.parse(inner)] as SourceMapInput[], () => null, {
    decodedMappings: true,
  });
  for (const line of map.mappings as number[][][]) {
    for (const segment of line) if (segment.length > 1) segment[2] -= PREFIX_LINES;
  }
  // Segments of the prefix itself point in front of the cell.
  map.mappings = (map.mappings as number[][][]).map((line) =>
    line.filter((segment) => segment.length === 1 || segment[2] >= 0),
  ) as typeof map.mappings;
  return JSON.stringify(map);
}
