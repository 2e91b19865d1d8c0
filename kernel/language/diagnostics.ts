// The compiler's complaints about a cell as one Jupyter error: all of them at once, each with the line it means.
import type * as TS from "typescript";
import { codeFrame } from "../code_frame.js";
import { ts, type ConvertResult } from "./typescript.js";
import type { CellError } from "../threads.js";

type Diagnostic = ConvertResult["diagnostics"][number];

// TypeScript numbers its syntax errors 1000 to 1999.
export const isSyntaxError = ({ code }: Diagnostic) => code >= 1000 && code < 2000;

/**
 * Where the cell by itself does not parse. tslab appends a list of exports to it, in which an open bracket would have
 * the compiler find fault with what nobody wrote.
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
