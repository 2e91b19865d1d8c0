// TypeScript for one session: compiles cells one after the other, carrying the declarations of earlier cells
// along, and completes, inspects and judges unfinished code against them.
// TypeScript writes all paths with slashes.

import { posix as path } from "node:path";
import type * as TS from "typescript";
import type {
  CellError,
  CompiledCell,
  Completion,
  LanguageResults,
  LanguageState,
  VirtualModule,
} from "../threads.js";
import { calledAround } from "./calls.js";
import type { CellConverter, Source } from "./converter.js";
import { createConverter } from "./converter.js";
import { Declarations } from "./declarations.js";
import { asFirst, diagnosticsError, isSyntaxError, syntaxErrors } from "./diagnostics.js";
import { asCell, withObjectAtEnd } from "./exports.js";
import { compileLocalModules, localPaths } from "./local_modules.js";
import { numpyAdvice, numpySyntaxAdvice } from "./numpy_advice.js";
import { toCodePoints, toUtf16 } from "./positions.js";
import { inspection } from "./quick_info.js";
import type { CompletionInfo, ConvertResult } from "./typescript.js";
import { ts, tslab, tslabMetadata } from "./typescript.js";

// The remaining text where code ends too early.
const BEGUN = /^(?:import|export|let|interface|,)?$/;
// A string continues in the next line where a backslash ends this one.
const CONTINUED = /\\(?:\r?\n)?$/;
const UNTERMINATED_STRING = 1002;
// Longer lists are read by typing on.
const MOST_SIGNATURES = 100;

export class Compiler {
  /** What earlier cells have defined. */
  readonly #declarations = new Declarations();
  #hasCompiled = false;
  /** Those that were written in cells. */
  #modules: readonly VirtualModule[] = [];
  /** What the cell is given that is compiled now. */
  #selection = this.#declarations.select("");
  #converter = this.#createConverter();
  /**
   * Signatures of the language's own functions, by where they are declared: printing one takes as long as
   * finding it.
   */
  readonly #fixedSignatures = new WeakMap<TS.Declaration, string | undefined>();

  /** What the compiler had in hand when it failed may be half done: the next request finds a new one. */
  restart(): void {
    this.#converter.close();
    this.#converter = this.#createConverter();
    this.#addModules();
  }

  #addModules(): void {
    for (const { name, source, jsx } of this.#modules) this.#converter.addModule(name, source, { jsx });
  }

  get state(): LanguageState {
    const { text, sources } = this.#declarations;
    return { declarations: text, sources, modules: this.#modules };
  }

  /** Goes on where another had got to. */
  restore({ declarations, sources, modules }: LanguageState): void {
    this.#declarations.restore(declarations, sources);
    this.#modules = modules;
    this.#hasCompiled = true;
    this.#addModules();
  }

  #createConverter(): CellConverter {
    return createConverter((name) => this.#selection.freshName(name));
  }

  /** Gets ready for the next answer, bit by bit; the first bit is needed in any case. */
  prepare(): Generator<void, void> {
    return this.#converter.prepare();
  }

  compile(name: string, source: string): LanguageResults["compile"] {
    const answer = this.#compileAnyDepth(name, source);
    if (this.#hasCompiled) return answer;
    this.#hasCompiled = true;
    const { problems } = this.#converter;
    return problems.length === 0 ? answer : { ...answer, notice: `${problems.join("\n")}\n` };
  }

  /** TypeScript goes into code as deep as it nests, and its stack has an end. */
  #compileAnyDepth(name: string, source: string): LanguageResults["compile"] {
    try {
      return this.#compile(name, source);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.restart();
      const evalue =
        "the cell is nested more deeply than TypeScript can follow: write it in several statements";
      return { error: { ename: "RangeError", evalue, traceback: [`RangeError: ${evalue}`] } };
    }
  }

  #compile(name: string, source: string): LanguageResults["compile"] {
    const { module, jsx } = tslabMetadata.getCodeMetadata(source);
    if (module !== undefined) return this.#defineModule(name, module, jsx, source);
    const code = asCell(source);
    this.#selection = this.#declarations.select(code);
    const { diagnostics, emitted, program, cell } = this.#converter.convert(this.#selection.text, code);
    if (!emitted) {
      const syntax = syntaxErrors(code);
      const error = complaint(name, source, syntax.length > 0 ? syntax : diagnostics, program);
      if (syntax.length > 0) error.traceback.push(...numpySyntaxAdvice(syntax, code));
      else {
        error.traceback.push(...numpyAdvice(diagnostics, program, cell));
        if (this.#declarations.text === "") error.traceback.push(...asFirst(diagnostics));
      }
      return { error };
    }
    const { declarations, ...rest } = emitted;
    // A cell that throws half-way has still declared its names, as in every notebook.
    this.#declarations.add(this.#selection, cell, declarations);
    return {
      compiled: {
        ...rest,
        localPaths: localPaths(program, cell),
        localModules: compileLocalModules(program, cell),
      },
    };
  }

  /** The local file that a cell names while it runs, by its path, with or without its ending. */
  locate(file: string): LanguageResults["locate"] {
    const { diagnostics, program, cell } = this.#converter.convert("", `import(${JSON.stringify(file)})`);
    const { [file]: found } = localPaths(program, cell);
    if (found === undefined) return undefined;
    // If the file exports nothing, the import generated above is reported as an error; the user did not write
    // it.
    const complaints = diagnostics.filter(({ fileName }) => fileName !== undefined);
    if (complaints.length > 0) return { error: complaint(file, "", complaints, program) };
    return { path: found, modules: compileLocalModules(program, cell) };
  }

  /** tslab's cells that begin with `@module name`: a file of that name, which is not on the disk. */
  #defineModule(
    name: string,
    module: string,
    jsx: true | undefined,
    source: string,
  ): LanguageResults["compile"] {
    const { diagnostics, program } = this.#converter.addModule(module, source, { jsx });
    if (diagnostics.length > 0) {
      const own = diagnostics.map((diagnostic) => ({ ...diagnostic, fileName: undefined }));
      return { error: complaint(name, source, own, program) };
    }
    const others = this.#modules.filter(({ name }) => name !== module);
    this.#modules = [...others, { name: module, source, jsx }];
    const empty: CompiledCell = {
      code: "",
      map: "",
      isAsync: false,
      evaluates: false,
      imports: [],
      localPaths: {},
      localModules: [],
    };
    return { compiled: empty };
  }

  complete(written: string, cursor: number): Completion {
    const at = toUtf16(written, cursor);
    // tslab takes the rest of a word for typed, too. It is replaced where the cursor is inside of the word.
    const [rest] = /^[\p{ID_Continue}$]*/u.exec(written.slice(at))!;
    const source = written.slice(0, at) + written.slice(at + rest.length);
    const isMember = /\.\s*[\p{ID_Continue}$]*$/u.test(source.slice(0, at));
    const { start, end, candidates, original, program, cell } = this.#converter.complete(
      isMember ? this.#declarations.mentionedIn(source) : this.#declarations.text,
      source,
      at,
    );
    const entries = new Map(original?.entries.map((entry) => [entry.name, entry]));
    // Names only are replaced by tslab, which would have a string's or a keyword's beginning doubled.
    const begun = start === end ? begunAt(source, at, cell, original) : start;
    const typed = start === end ? source.slice(begun, at) : "";
    const { given } = this.#declarations;
    return {
      start: toCodePoints(written, begun),
      end: toCodePoints(written, begun < end ? end + rest.length : end),
      matches: candidates
        .filter((text) => text.startsWith(typed) && (isMember || !given.has(text)))
        .map((text, index) => {
          const entry = entries.get(text);
          const signature =
            index < MOST_SIGNATURES && entry ? this.#signature(entry, { program, cell }) : undefined;
          return { text, type: entry?.kind ?? "", ...(signature === undefined ? {} : { signature }) };
        }),
    };
  }

  /** The parameters and the result of what can be called. */
  #signature(entry: { symbol?: unknown }, source: Source): string | undefined {
    const symbol = entry.symbol as TS.Symbol | undefined;
    const declaration = symbol?.valueDeclaration;
    if (!declaration) return symbol && signatureOf(symbol, source);
    // A signature of the language itself stays the same, unless it is of a generic type with its arguments.
    const isFixed =
      (symbol.flags & ts.SymbolFlags.Transient) === 0 &&
      source.program.isSourceFileDefaultLibrary(declaration.getSourceFile());
    if (!isFixed) return signatureOf(symbol, source);
    let signature = this.#fixedSignatures.get(declaration);
    if (signature === undefined && !this.#fixedSignatures.has(declaration)) {
      signature = signatureOf(symbol, source);
      this.#fixedSignatures.set(declaration, signature);
    }
    return signature;
  }

  inspect(source: string, cursor: number, detailed = false): LanguageResults["inspect"] {
    const at = toUtf16(source, cursor);
    const text = this.#declarations.mentionedIn(source);
    const inspectAt = (position: number) => this.#converter.inspect(text, source, position);
    const here = inspectAt(at);
    // Just behind a name, as after typing it, means that name.
    let info = here.info ?? (at > 0 ? inspectAt(at - 1).info : undefined);
    if (!info) {
      const { cell } = here;
      const inFront = cell.text.length - source.length;
      for (const name of calledAround(cell, at + inFront)) info ??= inspectAt(name - inFront).info;
    }
    return info && inspection(info, detailed);
  }

  isComplete(source: string): LanguageResults["isComplete"] {
    const { completed, indent = "" } = tslab.isCompleteCode(source);
    if (syntaxErrors(source).some(({ code }) => code === UNTERMINATED_STRING)) {
      return CONTINUED.test(source) ? { status: "incomplete", indent: "" } : { status: "invalid" };
    }
    if (!completed) return { status: "incomplete", indent };
    const errors = this.#syntaxErrors(source);
    const open = errors.some(
      ({ code, start: { offset } }) =>
        // A template or comment that is still open begins before the end.
        code === 1160 || code === 1010 || BEGUN.test(source.slice(offset).trim()),
    );
    if (open) return { status: "incomplete", indent };
    return { status: errors.length > 0 ? "invalid" : "complete" };
  }

  /** Also those that only a whole program shows, as a `return` outside of functions. */
  #syntaxErrors(source: string): ConvertResult["diagnostics"] {
    const errors = syntaxErrors(withObjectAtEnd(source));
    if (errors.length > 0 || tslabMetadata.getCodeMetadata(source).module !== undefined) return errors;
    const text = this.#declarations.mentionedIn(source);
    const { diagnostics } = this.#converter.convert(text, asCell(source));
    return diagnostics.filter((each) => each.fileName === undefined && isSyntaxError(each));
  }
}

function complaint(
  name: string,
  source: string,
  diagnostics: ConvertResult["diagnostics"],
  program: TS.Program,
): CellError {
  const fileText = (file: string) =>
    program.getSourceFile(path.join(program.getCurrentDirectory(), file))?.text;
  return diagnosticsError(name, source, diagnostics, fileText);
}

/** Where what is completed at `at` begins, if it is not a name. */
function begunAt(
  source: string,
  at: number,
  cell: TS.SourceFile,
  original: CompletionInfo["original"],
): number {
  // For a path, the part after its last slash. tslab leaves its position shifted by the line in front of the
  // cell.
  const part = original?.entries.at(0)?.replacementSpan;
  if (part) return part.start - (cell.text.length - source.length);
  if (original?.optionalReplacementSpan) return original.optionalReplacementSpan.start;
  const last = [...source.slice(0, at).matchAll(/[\p{ID_Continue}$]+/gu)].at(-1);
  return last && last.index + last[0].length === at ? last.index : at;
}

function signatureOf(symbol: TS.Symbol, { program, cell }: Source): string | undefined {
  const checker = program.getTypeChecker();
  const [call] = checker.getTypeOfSymbolAtLocation(symbol, cell).getCallSignatures();
  return call && checker.signatureToString(call, cell);
}
