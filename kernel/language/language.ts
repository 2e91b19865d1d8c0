// TypeScript for one session: compiles cells one after the other, carrying the declarations of earlier cells
// along, and completes, inspects and judges unfinished code against them.
import type { Completion, LanguageResults } from "../threads.js";
import { createConverter, takeEmitted } from "./converter.js";
import { diagnosticsError } from "./diagnostics.js";
import { toCodePoints, toUtf16 } from "./positions.js";
import { ts, tslab, tslabInspect } from "./typescript.js";

export class Language {
  #converter = createConverter();
  /** Declarations (.d.ts) of everything earlier cells have defined. */
  #declarations = "";

  /** What the compiler had in hand when it failed may be half done: the next request finds a new one. */
  restart(): void {
    this.#converter.close();
    this.#converter = createConverter();
  }

  compile(name: string, source: string): LanguageResults["compile"] {
    const converted = this.#converter.convert(this.#declarations, source);
    if (converted.diagnostics.length > 0) {
      return { error: diagnosticsError(name, source, converted.diagnostics) };
    }
    // A cell that throws half-way has still declared its names, as in every notebook.
    this.#declarations = converted.declOutput ?? "";
    return {
      compiled: {
        source,
        code: converted.output ?? "",
        ...takeEmitted(),
        isAsync: converted.hasToplevelAwait ?? false,
        resultName: converted.lastExpressionVar,
        localModules: (converted.sideOutputs ?? []).map(({ path, data }) => ({ path, code: data })),
      },
    };
  }

  complete(source: string, cursor: number): Completion {
    const { start, end, candidates, original } = this.#converter.complete(
      this.#declarations,
      source,
      toUtf16(source, cursor),
    );
    const kinds = new Map(original?.entries.map((entry) => [entry.name, entry.kind]));
    return {
      start: toCodePoints(source, start),
      end: toCodePoints(source, end),
      matches: candidates.map((text) => ({ text, type: kinds.get(text) ?? "" })),
    };
  }

  inspect(source: string, cursor: number): string | undefined {
    const at = toUtf16(source, cursor);
    // Just behind a name, as after typing it, means that name.
    for (const position of [at, at - 1]) {
      if (position < 0) continue;
      const info = this.#converter.inspect(this.#declarations, source, position) as object | undefined;
      if (info) return tslabInspect.printQuickInfo(info);
    }
    return undefined;
  }

  isComplete(source: string): LanguageResults["isComplete"] {
    const { completed, indent = "" } = tslab.isCompleteCode(source);
    if (!completed) return { status: "incomplete", indent };
    const { diagnostics = [] } = ts.transpileModule(source, {
      reportDiagnostics: true,
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    // A template or comment that is still open ends at the end of the source.
    const open = diagnostics.some(({ code }) => code === 1160 || code === 1010);
    if (open) return { status: "incomplete", indent };
    return { status: diagnostics.length > 0 ? "invalid" : "complete" };
  }
}
