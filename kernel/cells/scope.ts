// The variables that cells share. Each cell is a CommonJS module whose `exports` inherits from one store: names of
// earlier cells are accessors on the store, so reading and assigning them reaches every cell, and names a cell
// defines are plain properties while it runs, which keeps its loops fast, and move to the store when it is done.
export class Scope {
  readonly #values: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  readonly #store: object = Object.create(null) as object;

  /** The `exports` object of a new cell. */
  open(): Record<string, unknown> {
    return Object.create(this.#store) as Record<string, unknown>;
  }

  /**
   * Makes what the cell has defined visible to later cells. Late assignments in callbacks are still seen.
   * @param resultName the export that held the cell's result, which is nobody's variable.
   */
  close(exports: Record<string, unknown>, resultName?: string): void {
    for (const name of Object.getOwnPropertyNames(exports)) {
      if (name === "__esModule" || name === resultName) continue;
      const { configurable } = Object.getOwnPropertyDescriptor(exports, name)!;
      this.#values[name] = exports[name];
      this.#declare(name);
      // Imports are getters that cannot be removed and never change.
      if (configurable) delete exports[name];
    }
  }

  #declare(name: string): void {
    if (name in this.#store) return;
    Object.defineProperty(this.#store, name, {
      get: () => this.#values[name],
      set: (value) => {
        this.#values[name] = value;
      },
    });
  }
}
