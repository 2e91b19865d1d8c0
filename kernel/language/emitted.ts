// What tslab's result leaves out of a compiled cell: its source map, and which names it declares. Taken from the two
// steps in between, from TypeScript to an ES module and from there to CommonJS.
import remapping, { type SourceMapInput } from "@jridgewell/remapping";
import type * as TS from "typescript";
import { ts } from "./typescript.js";

// The converter puts one line in front of each cell, which source maps see and the user does not.
const PREFIX_LINES = 1;

export interface Emitted {
  /** Source map (JSON) from the emitted JavaScript to the cell's own lines. */
  map: string;
  /** The names that the cell exports, which are those that it declares or imports. */
  declared: string[];
  /** The variables that it declares with `let` or `var`. */
  assignable: string[];
}

/** tslab's second step, which asks for no source map: this asks for one and joins the two. */
export function transpileToCommonJs(
  esModule: string,
  settings: TS.TranspileOptions,
): { result: TS.TranspileOutput; emitted: Emitted } {
  const [source, inline] = splitSourceMap(esModule);
  const result = ts.transpileModule(source, {
    ...settings,
    compilerOptions: { ...settings.compilerOptions, sourceMap: true },
  });
  const [outputText] = splitSourceMap(result.outputText);
  const map = inline === undefined ? "" : joinMaps(result.sourceMapText!, inline);
  return { result: { ...result, outputText }, emitted: { map, ...declarations(source) } };
}

function splitSourceMap(code: string): [code: string, inlineMap: string | undefined] {
  const match = /\n?\/\/# sourceMappingURL=(?:data:application\/json;base64,)?(\S+)\s*$/.exec(code);
  if (!match) return [code, undefined];
  const inline = match[0].includes("base64,") ? Buffer.from(match[1], "base64").toString("utf8") : undefined;
  return [code.slice(0, match.index), inline];
}

function declarations(source: string): Pick<Emitted, "declared" | "assignable"> {
  const { statements } = ts.createSourceFile("cell.js", source, ts.ScriptTarget.Latest);
  const names = (name: TS.BindingName): string[] =>
    ts.isIdentifier(name)
      ? [name.text]
      : name.elements.flatMap((element) => (ts.isBindingElement(element) ? names(element.name) : []));
  const declared: string[] = [];
  const assignable: string[] = [];
  for (const statement of statements) {
    if (
      ts.isExportDeclaration(statement) &&
      statement.exportClause &&
      ts.isNamedExports(statement.exportClause)
    ) {
      declared.push(...statement.exportClause.elements.map((element) => element.name.text));
    } else if (ts.isVariableStatement(statement) && !(statement.declarationList.flags & ts.NodeFlags.Const)) {
      assignable.push(...statement.declarationList.declarations.flatMap(({ name }) => names(name)));
    }
  }
  return { declared, assignable };
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
