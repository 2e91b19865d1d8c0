// Modules for cells: packages from the notebook's folder upwards, ES modules and CommonJS alike; this package
// and tslab from anywhere; and local files as the language thread compiled them, which are loaded again when
// edited.

import { createRequire, isBuiltin } from "node:module";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve as resolvePath } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { constants, Script } from "node:vm";
import { CELL } from "../cell_name.js";
import { cellModules } from "../own_package.js";
import type { LocalModule } from "../threads.js";
import { ask } from "./questions.js";
import { interruptible } from "./runs.js";
import type { CellModules } from "./scope.js";
import { requireTslab } from "./tslab_display.js";

type Require = (id: string) => unknown;

// TypeScript declares it for browsers only.
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    compile(bytes: Uint8Array): Promise<object>;
    instantiate(module: object, imports: Record<string, unknown>): Promise<{ exports: object }>;
    Module: { imports(module: object): { module: string }[] };
  };
};

/**
 * A module as ES modules see it, with its `default`, and as TypeScript's CommonJS expects it of `require`.
 */
interface Loaded {
  namespace: unknown;
  exports: unknown;
}

const PARAMETERS = ["exports", "require", "module", "__filename", "__dirname", CELL];

const requireOwn = createRequire(import.meta.url);
const RELATIVE = /^(\.{1,2}(\/|$)|\/|file:)/;

export class Modules {
  readonly #folder: string;
  readonly #onDefined: (module: LocalModule) => void;
  readonly #local = new Map<string, LocalModule>();
  /** What local modules have exported, by path; of one that is still running, what it has exported so far. */
  readonly #evaluated = new Map<string, { exports: unknown }>();
  /** Those that are running, or were when they were broken off. */
  readonly #unfinished = new Set<string>();
  readonly #packages = new Map<string, Loaded>();

  /** @param onDefined hears of each local module that is new or edited */
  constructor(folder: string, onDefined: (module: LocalModule) => void) {
    this.#folder = folder;
    this.#onDefined = onDefined;
  }

  /**
   * Takes local modules as they are now; the next import runs those that were edited, and what imports them,
   * again.
   */
  define(modules: LocalModule[]): void {
    const edited = new Set<string>();
    for (const module of modules) {
      if (this.#local.get(module.path)?.source !== module.source) {
        edited.add(module.path);
        this.#onDefined(module);
      }
      this.#local.set(module.path, module);
    }
    for (const path of edited) {
      this.#evaluated.delete(path);
      for (const { path: importer, imports } of this.#local.values()) {
        if (Object.values(imports).includes(path)) edited.add(importer);
      }
    }
  }

  /** Lets modules that a stop broke off half-way run again. Must be called where none is running. */
  forgetUnfinished(): void {
    for (const path of this.#unfinished) this.#evaluated.delete(path);
    this.#unfinished.clear();
    for (const [file, module] of Object.entries(requireOwn.cache)) {
      if (module && !module.loaded) Reflect.deleteProperty(requireOwn.cache, file);
    }
  }

  /**
   * Loads what a cell imports.
   * @param local specifier → path of the local files among the modules that it
   * names
   */
  async load(imports: string[], local: Record<string, string>): Promise<Map<string, unknown>> {
    const loaded = new Map<string, unknown>();
    for (const id of imports) loaded.set(id, (await this.#load(this.#folder, local, id)).namespace);
    return loaded;
  }

  /** What the code of the cell `name` asks for. @param loaded what it imports */
  open(name: string, local: Record<string, string>, loaded?: Map<string, unknown>): CellModules {
    return {
      meta: metaOf(join(this.#folder, name)),
      module: (id) => loaded?.get(id),
      import: async (id, options) =>
        (await this.#load(this.#folder, local, moduleName(id, options))).namespace,
    };
  }

  /** `require` in a cell. */
  get require(): NodeJS.Require {
    return this.#requireFrom(join(this.#folder, "[cell]"));
  }

  /** `require` in `file`, for what is not loaded yet. */
  #requireFrom(file: string): NodeJS.Require {
    const require = createRequire(file);
    const own = (id: string): unknown => {
      if (id === "tslab") return requireTslab();
      const entry = cellModules.get(id);
      if (entry) return requireOwn(entry.default);
      const path = this.#locate(dirname(file), id);
      return path === undefined ? require(id) : this.#evaluate(path);
    };
    return Object.assign(own, require);
  }

  /** Has a local file compiled that is named only now, as by a variable: its path, if it is one. */
  #locate(folder: string, id: string): string | undefined {
    const file = localFile(folder, id) ?? workspaceFile(folder, id);
    const located = file === undefined ? undefined : ask({ type: "locate", file });
    if (!located) return undefined;
    if ("error" in located) {
      const { ename, traceback } = located.error;
      throw Object.assign(new Error(traceback.join("\n")), { name: ename });
    }
    this.define(located.modules);
    return located.path;
  }

  async #load(folder: string, local: Record<string, string>, id: string): Promise<Loaded> {
    const path = Object.hasOwn(local, id) ? local[id] : this.#locate(folder, id);
    if (path === undefined || !this.#local.has(path)) return this.#loadPackage(folder, id);
    await this.#prepare(path, new Set());
    return asLoaded(this.#evaluate(path));
  }

  /** What cannot be done while a module runs: loads the packages behind it, and runs modules that await. */
  async #prepare(path: string, seen: Set<string>): Promise<void> {
    if (seen.has(path) || this.#evaluated.has(path)) return;
    seen.add(path);
    const { packages, imports, isAsync } = this.#local.get(path)!;
    for (const id of packages) {
      if (!Object.hasOwn(imports, id)) await this.#loadPackage(dirname(path), id);
    }
    for (const imported of Object.values(imports)) await this.#prepare(imported, seen);
    if (isAsync) await this.#run(path);
  }

  #evaluate(path: string): unknown {
    const evaluated = this.#evaluated.get(path);
    if (evaluated) return evaluated.exports;
    if (this.#local.get(path)!.isAsync) {
      throw new Error(`require: ${path} awaits at its top level: import it`);
    }
    void this.#run(path);
    return this.#evaluated.get(path)!.exports;
  }

  #run(path: string): unknown {
    const { code, imports, isAsync } = this.#local.get(path)!;
    const module: { exports: unknown } = { exports: {} };
    const folder = dirname(path);
    const requireHere = this.#requireFrom(path);
    const known = (id: string): unknown => {
      if (Object.hasOwn(imports, id)) return this.#evaluate(imports[id]);
      return this.#packages.get(key(folder, id))?.exports ?? requireHere(id);
    };
    const require = Object.assign(known, requireHere);
    const cell = {
      ...interruptible,
      require,
      meta: metaOf(path),
      import: async (id: unknown, options: unknown) =>
        (await this.#load(folder, imports, moduleName(id, options))).namespace,
    };
    const evaluate = moduleFunction(code, path, isAsync)(module.exports, require, module, path, folder, cell);
    this.#evaluated.set(path, module);
    this.#unfinished.add(path);
    const failed = (error: unknown): never => {
      this.#unfinished.delete(path);
      this.#evaluated.delete(path);
      throw error;
    };
    try {
      const finished = Reflect.apply(evaluate, module.exports, []);
      return isAsync
        ? (finished as Promise<unknown>).then(() => this.#unfinished.delete(path), failed)
        : undefined;
    } catch (error) {
      return failed(error);
    } finally {
      // Not reached where a stop breaks it off.
      if (!isAsync) this.#unfinished.delete(path);
    }
  }

  async #loadPackage(folder: string, id: string): Promise<Loaded> {
    // A text is as it is now.
    const known = id.startsWith(TEXT) ? undefined : this.#packages.get(key(folder, id));
    if (known) return known;
    const loaded = id.endsWith(".wasm")
      ? await this.#instantiate(fileOf(folder, id))
      : await load(folder, id);
    this.#packages.set(key(folder, id), loaded);
    return loaded;
  }

  /** As Node does from 24.5 on. */
  async #instantiate(file: string): Promise<Loaded> {
    const module = await WebAssembly.compile(await readFile(file));
    const imports: Record<string, unknown> = {};
    for (const { module: id } of WebAssembly.Module.imports(module)) {
      imports[id] = (await this.#load(dirname(file), {}, id)).namespace;
    }
    return esModule((await WebAssembly.instantiate(module, imports)).exports);
  }
}

/** language/import_attributes.ts gives static imports these names. */
const TEXT = "text:";
function moduleName(id: unknown, options: unknown): string {
  const { with: attributes } = (options ?? {}) as { with?: { type?: unknown } };
  return attributes?.type === "text" ? `${TEXT}${String(id)}` : String(id);
}

const TYPESCRIPT = /\.[cm]?tsx?$/;

/**
 * Of a package that is a link to a folder of the project, and whose code is TypeScript, which Node does not
 * read.
 */
function workspaceFile(folder: string, id: string): string | undefined {
  if (RELATIVE.test(id) || isBuiltin(id)) return undefined;
  const file = resolve(createRequire(join(folder, "[cell]")), id);
  return file && TYPESCRIPT.test(file) && !INSTALLED.test(file) ? file.replaceAll("\\", "/") : undefined;
}
const INSTALLED = /[\\/]node_modules[\\/]/;

const fileOf = (folder: string, id: string) =>
  id.startsWith("file:") ? fileURLToPath(id) : createRequire(join(folder, "[cell]")).resolve(id);

function localFile(folder: string, id: string): string | undefined {
  // Data as large as it may be is not the compiler's.
  if (!RELATIVE.test(id) || id.endsWith(".json")) return undefined;
  const isUrl = id.startsWith("file:");
  // A query asks for another instance, which Node makes.
  if (isUrl && new URL(id).search !== "") return undefined;
  return resolvePath(folder, isUrl ? fileURLToPath(id) : id).replaceAll("\\", "/");
}

const key = (folder: string, id: string) => (isBuiltin(id) ? id : `${folder}\n${id}`);

async function load(folder: string, id: string): Promise<Loaded> {
  if (id.startsWith(TEXT)) {
    return esModule({ default: await readFile(fileOf(folder, id.slice(TEXT.length)), "utf8") });
  }
  if (id === "tslab") return asLoaded(requireTslab());
  const entry = cellModules.get(id);
  if (entry) return esModule((await import(pathToFileURL(entry.default).href)) as object);
  const require = createRequire(join(folder, "[cell]")) as Require & NodeJS.Require;
  if (id.endsWith(".json")) return asLoaded(require(id));
  const file = resolve(require, id);
  const isFile = RELATIVE.test(id) && !id.startsWith("file:") && file !== undefined;
  const namespace = await importFrom(folder)(isFile ? pathToFileURL(file).href : id).catch(
    (error: unknown) => {
      // A file deep in a package, without its ending, is found by TypeScript and by `require`.
      if (file === undefined || !NOT_FOUND.includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
      return importFrom(folder)(pathToFileURL(file).href);
    },
  );
  // Node guesses which names a CommonJS module exports, and misses some.
  const cached = file === undefined ? undefined : require.cache[file];
  return cached && cached.exports === namespace.default ? asLoaded(cached.exports) : esModule(namespace);
}

function resolve(require: NodeJS.Require, id: string): string | undefined {
  try {
    return require.resolve(id);
  } catch {
    // A package for `import` only.
    return undefined;
  }
}

const NOT_FOUND = ["ERR_MODULE_NOT_FOUND", "ERR_UNSUPPORTED_DIR_IMPORT"];

type Import = (id: string) => Promise<{ default?: unknown }>;
const importers = new Map<string, Import>();

/** Node's own `import()`, as in a file of that folder. */
function importFrom(folder: string): Import {
  const known = importers.get(folder);
  if (known) return known;
  const importer = new Script("(id) => import(id)", {
    filename: join(folder, "[cell]"),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }).runInThisContext() as Import;
  importers.set(folder, importer);
  return importer;
}

function esModule(namespace: object): Loaded {
  return { namespace, exports: Object.create(namespace, { __esModule: { value: true } }) };
}

function asLoaded(exports: unknown): Loaded {
  const isEsModule = (exports as { __esModule?: unknown } | null | undefined)?.__esModule === true;
  return { exports, namespace: isEsModule ? exports : { ...(exports as object), default: exports } };
}

/** The file may declare names of its own in place of the outer function's. */
function moduleFunction(code: string, filename: string, isAsync: boolean) {
  const inner = `${isAsync ? "async " : ""}function () {\n${code}\n}`;
  return new Script(`(function (${PARAMETERS.join()}) { return ${inner} })`, {
    filename,
    lineOffset: -1,
  }).runInThisContext() as (...args: unknown[]) => () => unknown;
}

function metaOf(filename: string): ImportMeta {
  const require = createRequire(filename);
  return {
    url: pathToFileURL(filename).href,
    filename,
    dirname: dirname(filename),
    resolve: (id: string) => {
      if (isBuiltin(id)) return id.startsWith("node:") ? id : `node:${id}`;
      return pathToFileURL(require.resolve(id)).href;
    },
  };
}
