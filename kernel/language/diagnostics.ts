// The compiler's complaints about a cell as one Jupyter error: all of them at once, each with the line it
// means.

import type * as TS from "typescript";
import { codeFrame } from "../rendering/code_frame.js";
import type { ConvertResult } from "./typescript.js";
import { ts } from "./typescript.js";
import type { CellError } from "../threads.js";

type Diagnostic = ConvertResult["diagnostics"][number];

// TypeScript numbers its syntax errors 1000 to 1999, and among them these, which depend on what something is:
// promises (1055 to 1065, 1320 to 1322), type predicates, decorators' signatures, abstract members, and what
// modules export.
const OF_TYPES = new Set(
  [
    [1055, 1058, 1059, 1060, 1062, 1064, 1065, 1320, 1321, 1322],
    [1224, 1225, 1226, 1227],
    [1238, 1239, 1240, 1241, 1270, 1271, 1278, 1279, 1329],
    [1244, 1253, 1345, 1355],
    [1192, 1259, 1269, 1339, 1340, 1361, 1362, 1371, 1379, 1380, 1471, 1479, 1541, 1542, 1543, 1544],
  ].flat(),
);
export const isSyntaxError = ({ code }: Diagnostic) => code >= 1000 && code < 2000 && !OF_TYPES.has(code);

/**
 * Where the cell by itself does not parse. tslab appends a list of exports to it, in which an open bracket
 * would have the compiler find fault with what nobody wrote.
 */
export function syntaxErrors(source: string): Diagnostic[] {
  const file = ts.createSourceFile("cell.ts", source, {
    languageVersion: ts.ScriptTarget.Latest,
    // A module, which may await.
    setExternalModuleIndicator: (parsed) => Object.assign(parsed, { externalModuleIndicator: true }),
  }) as TS.SourceFile & { parseDiagnostics: TS.DiagnosticWithLocation[] };
  const position = (offset: number) => ({ offset, ...file.getLineAndCharacterOfPosition(offset) });
  return file.parseDiagnostics.map(({ start, length, messageText, category, code }) => ({
    start: position(start),
    end: position(start + length),
    messageText: ts.flattenDiagnosticMessageText(messageText, "\n"),
    category,
    code,
  }));
}

/**
 * `ename` is SyntaxError where the cell does not parse, TypeScriptError where its types are wrong.
 * @param fileText what a local file holds
 */
export function diagnosticsError(
  name: string,
  source: string,
  diagnostics: Diagnostic[],
  fileText: (fileName: string) => string | undefined,
): CellError {
  const [first] = diagnostics;
  const reports = diagnostics.map(({ start, end, messageText, code, fileName }) => {
    const [line, column] = [start.line + 1, start.character + 1];
    const text = fileName === undefined ? source : fileText(fileName);
    const length = end.line === start.line ? end.character - start.character : 1;
    const frame = text === undefined ? "" : `\n\n${codeFrame(text, line, column, length)}\n`;
    return `${fileName ?? name}:${line}:${column} - error TS${code}: ${messageText}${frame}`;
  });
  return {
    ename: isSyntaxError(first) ? "SyntaxError" : "TypeScriptError",
    evalue: `${first.messageText.split("\n")[0]} (TS${first.code})`,
    traceback: reports,
  };
}

/** "Cannot find name …", with and without a guess at another, and the same of `{ name }`. */
const UNKNOWN_NAME = [2304, 2552, 18004];

/**
 * What else there is to say where nothing has been declared yet. After a restart a notebook still shows the
 * results of cells that this kernel has never run.
 */
export function asFirst(diagnostics: Diagnostic[]): string[] {
  const unknown = diagnostics.find(({ code }) => UNKNOWN_NAME.includes(code));
  const name = unknown && /'([^']+)'/.exec(unknown.messageText)?.[1];
  if (name === undefined) return [];
  return [
    `Nothing has been defined since the kernel started. If a cell above defines ${name}, run the cells above first.`,
  ];
}
