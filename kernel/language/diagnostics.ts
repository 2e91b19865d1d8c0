// The compiler's complaints about a cell as one Jupyter error: all of them at once, each with the line it means.
import type { ConvertResult } from "./typescript.js";
import type { CellError } from "../threads.js";

type Diagnostic = ConvertResult["diagnostics"][number];

// TypeScript numbers its syntax errors 1000 to 1999.
const isSyntaxError = ({ code }: Diagnostic) => code >= 1000 && code < 2000;

/** `ename` is SyntaxError where the cell does not parse, TypeScriptError where its types are wrong. */
export function diagnosticsError(name: string, source: string, diagnostics: Diagnostic[]): CellError {
  const lines = source.split("\n");
  const [first] = diagnostics;
  const reports = diagnostics.map((diagnostic) => {
    const { start, messageText, code, fileName } = diagnostic;
    const where = `${fileName ?? name}:${start.line + 1}:${start.character + 1}`;
    const frame = fileName === undefined ? codeFrame(lines, diagnostic) : "";
    return `${where} - error TS${code}: ${messageText}${frame}`;
  });
  return {
    ename: isSyntaxError(first) ? "SyntaxError" : "TypeScriptError",
    evalue: `${first.messageText} (TS${first.code})`,
    traceback: reports,
  };
}

function codeFrame(lines: string[], { start, end }: Diagnostic): string {
  const line = lines[start.line];
  if (line === undefined) return "";
  const width = end.line === start.line ? Math.max(1, end.character - start.character) : 1;
  const gutter = `${start.line + 1} | `;
  return `\n\n${gutter}${line}\n${" ".repeat(gutter.length + start.character)}${"~".repeat(width)}\n`;
}
