// The programs that tslab's converter compiles cells with. TypeScript's own watch program is rebuilt at each
// change of the cell or of the declarations, which is twice for each cell, watches every file, and keeps a
// graph of who depends on whom. Here one program serves each cell, on what the last one had: its files as
// long as they have not changed, and where modules were found. It is built before the cell is there
// (`ahead.ts`), or when something is asked that it is needed for.

import { statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { fileURLToPath } from "node:url";
import type * as TS from "typescript";
import { putInto, standsAlone } from "./ahead.js";
import { ambientText, SAMPLE_FILES, TEXT_MODULE } from "./ambient.js";
import { importedType, TEXT } from "./import_attributes.js";
import { readPragmas } from "./pragmas.js";
import { ts } from "./typescript.js";

/** What tslab gives to `createWatchProgram`; it gets its builders by `afterProgramCreate`. */
export interface WatchHost {
  files: string[];
  /** Declarations for all files. */
  ambient: string[];
  options: TS.CompilerOptions;
  system: TS.System;
  afterProgramCreate?: (builder: Builder) => void;
}

/** The part of TypeScript's builder program that tslab uses. */
interface Builder {
  getSourceFile(path: string): TS.SourceFile | undefined;
  getProgram(): TS.Program;
  getAllDependencies(file: TS.SourceFile): string[];
  emit: TS.Program["emit"];
}

export type Emit = (program: TS.Program, ...args: Parameters<TS.Program["emit"]>) => TS.EmitResult;

interface CachedFile {
  file: TS.SourceFile | undefined;
  /** Time and size of the file on disk, or its text if it has none there. */
  version: string;
}

const INSTALLED = /[\\/]node_modules[\\/]/;

// Installed packages and TypeScript's own libraries are not edited, and what they mean does not depend on who
// asks: their trees, and where their imports lead, are kept for all programs, and in the snapshot.
const installedFiles = new Map<string, TS.SourceFile>();
const installedResolutions = new Map<string, unknown>();

function rememberIfInstalled<T>(containing: string, key: string, resolve: () => T): T {
  if (!INSTALLED.test(containing)) return resolve();
  const found = installedResolutions.get(`${containing}\n${key}`) as T | undefined;
  if (found !== undefined) return found;
  const resolved = resolve();
  installedResolutions.set(`${containing}\n${key}`, resolved);
  return resolved;
}

const TEXT_IMPORT = {
  resolvedModule: {
    resolvedFileName: TEXT_MODULE,
    extension: ts.Extension.Dts,
    isExternalLibraryImport: true,
  },
};

/** The URL itself where it is none of a file's here. */
function pathOf(url: string): string {
  try {
    return fileURLToPath(url).replaceAll("\\", "/");
  } catch {
    return url;
  }
}

export class Programs {
  readonly #host: WatchHost;
  readonly #emit: Emit;
  /** The cell, the declarations, and modules written in cells: they are on no disk. */
  #virtual: Set<string>;
  readonly #files = new Map<string, CachedFile>();
  readonly #compilerHost: TS.CompilerHost;
  #resolutions: TS.ModuleResolutionCache;
  /** Files from which a module was looked for and not found: it may have appeared since. */
  #unresolved = new Set<string>();
  #stale = new Set<string>();
  #last: TS.Program | undefined;
  /** A program with room for virtual files, and the room for each. */
  #ahead: { program: TS.Program; rooms: ReadonlyMap<string, TS.SourceFile> } | undefined;

  constructor(host: WatchHost, emit: Emit) {
    this.#host = host;
    this.#emit = emit;
    this.#virtual = new Set(host.files);
    this.#resolutions = this.#createResolutions();
    this.#compilerHost = {
      ...ts.createCompilerHost(host.options),
      getCurrentDirectory: () => host.system.getCurrentDirectory(),
      getSourceFile: (path, settings) => this.#sourceFile(path, settings),
      readFile: (path) => host.system.readFile(path),
      fileExists: (path) => this.#virtual.has(path) || host.system.fileExists(path),
      directoryExists: (path) => host.system.directoryExists(path),
      getModuleResolutionCache: () => this.#resolutions,
      resolveModuleNameLiterals: (literals, containing, redirected, options, source) =>
        literals.map((literal) => {
          const mode = ts.getModeForUsageLocation(source, literal, options);
          if (importedType(literal) === "text" || literal.text.startsWith(TEXT)) return TEXT_IMPORT;
          const text = literal.text.startsWith("file:") ? pathOf(literal.text) : literal.text;
          const resolved = rememberIfInstalled(containing, `${mode} ${text}`, () =>
            ts.resolveModuleName(
              text,
              containing,
              options,
              this.#compilerHost,
              this.#resolutions,
              redirected,
              mode,
            ),
          );
          // Node's own modules are declared, not found; packages are looked through once.
          const mayAppear = !resolved.resolvedModule && !isBuiltin(text) && !INSTALLED.test(containing);
          if (mayAppear) this.#unresolved.add(containing);
          return resolved;
        }),
      resolveTypeReferenceDirectiveReferences: <T extends TS.FileReference | string>(
        references: readonly T[],
        containing: string,
        redirected: TS.ResolvedProjectReference | undefined,
        options: TS.CompilerOptions,
        source: TS.SourceFile | undefined,
      ) =>
        references.map((reference) => {
          const name = typeof reference === "string" ? reference : reference.fileName;
          const mode =
            typeof reference === "string"
              ? undefined
              : ts.getModeForFileReference(reference, source?.impliedNodeFormat);
          return rememberIfInstalled(containing, `types ${mode} ${name}`, () =>
            ts.resolveTypeReferenceDirective(
              name,
              containing,
              options,
              this.#compilerHost,
              redirected,
              undefined,
              mode,
            ),
          );
        }),
      hasInvalidatedResolutions: (path) => this.#stale.has(path),
    };
  }

  /** The program that was asked last. */
  get last(): TS.Program | undefined {
    return this.#last;
  }

  /**
   * What tslab calls `createWatchProgram` for: it says when one of its two files has changed, and gets a
   * builder.
   */
  watch(): { close(): void; updateRootFileNames(files: string[]): void } {
    const { files, system, afterProgramCreate } = this.#host;
    const rebuild = () => afterProgramCreate!(this.#next());
    let timer: unknown;
    const schedule = () => {
      if (timer !== undefined) system.clearTimeout!(timer);
      timer = system.setTimeout!(() => {
        timer = undefined;
        rebuild();
      }, 0);
    };
    const watchers = files.map((file) => system.watchFile!(file, schedule));
    rebuild();
    return {
      close: () => {
        for (const watcher of watchers) watcher.close();
      },
      updateRootFileNames: (names) => {
        this.#virtual = new Set(names);
        // A module written in a cell can be what was not found, or take the place of a file.
        this.#resolutions = this.#createResolutions();
        this.#ahead = undefined;
        schedule();
      },
    };
  }

  /** tslab changes the tree of the declarations while it converts: it cannot serve a second time. */
  forget(path: string): void {
    this.#files.delete(path);
  }

  /**
   * Builds the next program before it is known what the files will hold, then has its checker learn what
   * cells use.
   */
  *prepare(): Generator<void, void> {
    // Modules written in cells may depend on files that change.
    if (this.#ahead || this.#virtual.size > this.#host.files.length) return;
    const rooms = new Map<string, TS.SourceFile>();
    for (const path of this.#virtual) {
      rooms.set(path, ts.createSourceFile(path, "export {};", this.#settings));
      this.#files.delete(path);
    }
    const program = this.#create((path) => rooms.get(path));
    program.getTypeChecker();
    this.#ahead = { program, rooms };
    for (const file of SAMPLE_FILES) {
      yield;
      program.getSemanticDiagnostics(program.getSourceFile(file));
    }
  }

  /** A builder for what the files hold now; it does nothing until it is asked. */
  #next(): Builder {
    let program: TS.Program | undefined;
    const getProgram = () => (program ??= this.#takeAhead() ?? this.#create());
    return {
      getProgram,
      // Which names a cell declares can be seen without types.
      getSourceFile: (path) => {
        if (program || !this.#virtual.has(path)) return getProgram().getSourceFile(path);
        const file = this.#sourceFile(path, this.#settings);
        if (file) ts.bindSourceFile(file, this.#host.options);
        return file;
      },
      // Local modules are checked in `diagnostics.ts` and compiled in `local_modules.ts`.
      getAllDependencies: (file) => [file.fileName],
      emit: (...args) => this.#emit(getProgram(), ...args),
    };
  }

  /** The program that was built ahead, now with what the files hold, if it can hold that. */
  #takeAhead(): TS.Program | undefined {
    for (const path of this.#virtual) this.#sourceFile(path, this.#settings);
    const { program } = this.#ahead ?? {};
    this.#ahead = undefined;
    return program;
  }

  /** @param replaced files in the place of those that the program would have */
  #create(replaced?: (path: string) => TS.SourceFile | undefined): TS.Program {
    this.#stale = this.#unresolved;
    this.#unresolved = new Set();
    if (this.#stale.size > 0) this.#resolutions = this.#createResolutions();
    this.#last = ts.createProgram({
      rootNames: [...this.#virtual, ...SAMPLE_FILES, ...this.#host.ambient],
      options: this.#host.options,
      host: replaced
        ? {
            ...this.#compilerHost,
            getSourceFile: (path, settings) => replaced(path) ?? this.#sourceFile(path, settings),
          }
        : this.#compilerHost,
      oldProgram: this.#last,
    });
    return this.#last;
  }

  #createResolutions(): TS.ModuleResolutionCache {
    const folder = this.#host.system.getCurrentDirectory();
    return ts.createModuleResolutionCache(folder, (path) => path, this.#host.options);
  }

  #sourceFile(
    path: string,
    settings: TS.ScriptTarget | TS.CreateSourceFileOptions,
  ): TS.SourceFile | undefined {
    const isInstalled = INSTALLED.test(path) && !this.#virtual.has(path);
    const installed = isInstalled ? installedFiles.get(path) : undefined;
    if (installed) return installed;
    const cached = this.#files.get(path);
    const text = this.#virtual.has(path) ? this.#host.system.readFile(path) : undefined;
    const version = text ?? versionOnDisk(path);
    if (cached?.version === version) return cached.file;
    const source = text ?? ambientText(path) ?? this.#host.system.readFile(path);
    const file = source === undefined ? undefined : ts.createSourceFile(path, source, settings);
    if (file && text !== undefined) readPragmas(file);
    if (isInstalled && file) {
      installedFiles.set(path, file);
      return file;
    }
    const placed = file && this.#place(path, file);
    this.#files.set(path, { file: placed, version });
    return placed;
  }

  /** The file, or what stands for it in the program that was built ahead, where that has room for it. */
  #place(path: string, file: TS.SourceFile): TS.SourceFile {
    const room = this.#ahead?.rooms.get(path);
    if (!room) return file;
    if (standsAlone(file)) return putInto(room, file);
    this.#ahead = undefined;
    return file;
  }

  get #settings(): TS.CreateSourceFileOptions {
    return { languageVersion: this.#host.options.target!, impliedNodeFormat: undefined };
  }
}

function versionOnDisk(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.mtimeMs} ${found.size} ${found.ino}` : "";
}
