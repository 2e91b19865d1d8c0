// The variables that cells share. Each cell is a CommonJS module whose `exports` inherits from one store: names of
// earlier cells are accessors on the store, so reading and assigning them reaches every cell, and names a cell
// defines are plain properties while it runs, which keeps its loops fast, and become accessors when it is done.

/** A variable of one cell. Declaring its name again makes a new one; the old cell's functions keep the old one. */
interface Variable {
  value: unknown;
  /** Assigns the cell's own local variable, which its functions read; absent for what cannot be assigned. */
  assign?: (value: unknown) => void;
}

/** By name, how a cell's local variables are assigned from outside. */
export type Assigners = Record<string, (value: unknown) => void>;

export class Scope {
  readonly #variables: Record<string, Variable> = Object.create(null) as Record<string, Variable>;
  readonly #store: object = Object.create(null) as object;

  /** The `exports` object of a new cell that declares the given names. */
  open(declared: string[]): Record<string, unknown> {
    const exports = Object.create(this.#store) as Record<string, unknown>;
    for (const name of declared) {
      // Assigning would reach an earlier cell's variable of that name.
      Object.defineProperty(exports, name, {
        value: undefined,
        configurable: true,
        enumerable: true,
        writable: true,
      });
    }
    return exports;
  }

  /**
   * Makes what the cell has defined visible to later cells. Late assignments in callbacks are still seen.
   * @param resultName the export that held the cell's result, which is nobody's variable.
   */
  close(exports: Record<string, unknown>, assigners: Assigners, resultName?: string): void {
    for (const name of Object.getOwnPropertyNames(exports)) {
      if (name === "__esModule" || name === resultName) continue;
      const variable: Variable = { value: exports[name], assign: assigners[name] };
      this.#variables[name] = variable;
      if (!(name in this.#store)) defineAccessor(this.#store, name, () => this.#variables[name]);
      // Imports are getters that cannot be redefined and never change.
      if (Object.getOwnPropertyDescriptor(exports, name)!.configurable) {
        defineAccessor(exports, name, () => variable);
      }
    }
  }
}

function defineAccessor(target: object, name: string, variable: () => Variable): void {
  Object.defineProperty(target, name, {
    get: () => variable().value,
    set: (value) => {
      variable().value = value;
      variable().assign?.(value);
    },
  });
}
