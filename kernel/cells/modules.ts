// `require` for cells: packages from the notebook's folder upwards, this package and tslab from anywhere, and local
// TypeScript files as the language thread compiled them.
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { compileFunction } from "node:vm";
import { requireTslab } from "./tslab_display.js";

type Require = (id: string) => unknown;

// What Node gives a CommonJS module.
const PARAMETERS = ["exports", "require", "module", "__filename", "__dirname"];
type Body = (
  exports: object,
  require: Require,
  module: { exports: object },
  filename: string,
  folder: string,
) => void;

const requireOwn = createRequire(import.meta.url);
const OWN = /^unrolled(\/|$)/;

export class Modules {
  readonly #folder: string;
  readonly #compiled = new Map<string, string>();
  readonly #loaded = new Map<string, { exports: object }>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** `require` as a cell sees it. */
  readonly require: Require = (id) => this.#require(this.#folder, id);

  /** Takes local modules that are new or were edited; the next import runs them again. */
  define(modules: { path: string; code: string }[]): void {
    for (const { path, code } of modules) {
      this.#compiled.set(path, code);
    }
    // Whoever imported an edited file holds on to the old one.
    if (modules.length > 0) this.#loaded.clear();
  }

  #require(folder: string, id: string): unknown {
    if (/^\.{1,2}\//.test(id)) {
      const base = resolve(folder, id).replaceAll("\\", "/");
      for (const path of [`${base}.js`, base, `${base}/index.js`]) {
        if (this.#compiled.has(path)) return this.#load(path);
      }
    }
    if (OWN.test(id)) return requireOwn(id);
    if (id === "tslab") return requireTslab();
    return createRequire(join(folder, "[cell]"))(id);
  }

  #load(path: string): unknown {
    const loaded = this.#loaded.get(path);
    if (loaded) return loaded.exports;
    const module = { exports: {} };
    this.#loaded.set(path, module);
    const folder = dirname(path);
    const evaluate = compileFunction(this.#compiled.get(path)!, PARAMETERS, { filename: path }) as Body;
    evaluate(module.exports, (required) => this.#require(folder, required), module, path, folder);
    return module.exports;
  }
}
