// The variables that cells share. Each cell's body is compiled (language/emit.ts) to a function of `__cell`,
// which is made here: it declares the cell's names as its statements run, and finds those of earlier cells by
// name.
//
// Declaring a name again makes a new variable, and functions see names as they were declared last, those of
// their own cell too: a new cell can repair one function of a long cell, or change the rate for all of them.

import { interruptible } from "./runs.js";

interface Variable {
  value: unknown;
}

/** A name, whichever variable it means now. */
interface Name {
  now: Variable;
}

/** What a cell's code is given besides the names: its modules, and what can be interrupted. */
export interface CellModules {
  meta: ImportMeta;
  module(id: string): unknown;
  import(id: string, options?: unknown): Promise<unknown>;
}

export interface Cell extends CellModules {
  name(name: string): Name;
  /** A variable that any cell may assign. */
  let(name: string, value: unknown): Variable;
  /** What keeps its value: constants, functions, classes. */
  define(name: string, value: unknown): void;
  /** What is kept elsewhere: imports, `var` variables. */
  share(name: string, get: () => unknown, set?: (value: unknown) => void): void;
  /** The value of its last expression. */
  result: unknown;
}

export class Scope {
  readonly #names = new Map<string, Name>();
  /** Those that are declared, and whether each may be assigned. */
  readonly #declared = new Map<string, boolean>();
  /** All of them as properties, for `eval` to find. */
  readonly properties = new Proxy(
    {},
    {
      has: (_, key) => this.#declared.has(key as string),
      get: (_, key) => (key === Symbol.unscopables ? undefined : this.#name(key as string).now.value),
      set: (_, key, value) => {
        if (!this.#declared.get(key as string)) throw new TypeError("Assignment to constant variable.");
        this.#name(key as string).now.value = value;
        return true;
      },
    },
  );

  /** The `__cell` of a new cell. */
  open(modules: CellModules): Cell {
    const declare = (name: string, variable: Variable, isAssignable = false) => {
      this.#declared.set(name, isAssignable);
      return (this.#name(name).now = variable);
    };
    return {
      ...modules,
      ...interruptible,
      name: (name) => this.#name(name),
      let: (name, value) => declare(name, variable(value), true),
      define: (name, value) => {
        declare(name, variable(value));
      },
      share: (name, get, set) => {
        const shared = {
          get value() {
            return get();
          },
          set value(value) {
            set?.(value);
          },
        };
        declare(name, shared, set !== undefined);
      },
      result: undefined,
    };
  }

  #name(name: string): Name {
    const known = this.#names.get(name) ?? { now: undeclared(name) };
    this.#names.set(name, known);
    return known;
  }
}

/**
 * V8 keeps a property as a plain double, or calls a function in it directly, as long as all objects of the
 * same kind agree: variables have nothing in common, so each is the only one of its kind, by a prototype of
 * its own.
 */
function variable(value: unknown): Variable {
  const own = Object.create({}) as Variable;
  own.value = value;
  return own;
}

/** A global that a cell has said to be there (`declare const`), or a name that its cell has not come to. */
function undeclared(name: string): Variable {
  const globals = () => {
    if (name in globalThis) return globalThis as Record<string, unknown>;
    throw new ReferenceError(`${name} is not defined: what declares it has not run`);
  };
  return {
    get value() {
      return globals()[name];
    },
    set value(value) {
      globals()[name] = value;
    },
  };
}
