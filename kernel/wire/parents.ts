// Which request each piece of the user's code answers: outputs, also late ones of timers and promises, are
// published under it, and questions go to the client that sent it.

import type { Content, Header } from "../protocol/messages.js";

export interface Parent {
  header: Header;
  /** Of the client that sent it. */
  identities: Buffer[];
  /** Whether that client answers questions. */
  mayAsk: boolean;
  /** Nothing of it is shown. */
  silent: boolean;
  /** It has a count of its own, and is in the history. */
  stored: boolean;
  /** The cell's execution count. */
  count: number;
  /** Grows while the cell runs; part of its reply. */
  payload: Content[];
}

// After this many later cells (or calls of comm handlers), late output can no longer be attributed to the
// cell that caused it, and appears under the last one. The two are counted apart: a slider that is dragged
// calls hundreds of handlers while one cell awaits.
const REMEMBERED_CELLS = 1000;
const REMEMBERED_HANDLERS = 1000;

export class Parents {
  readonly #cells = new Map<number, Parent>();
  readonly #handlers = new Map<number, Parent>();
  /** The last cell that shows something. */
  #last: Parent | undefined;

  addCell(id: number, parent: Parent): void {
    if (!parent.silent) this.#last = parent;
    add(this.#cells, REMEMBERED_CELLS, id, parent);
  }

  addHandler(id: number, parent: Parent): void {
    add(this.#handlers, REMEMBERED_HANDLERS, id, parent);
  }

  get(id: number): Parent | undefined {
    return this.#cells.get(id) ?? this.#handlers.get(id) ?? this.#last;
  }
}

function add(parents: Map<number, Parent>, limit: number, id: number, parent: Parent): void {
  parents.set(id, parent);
  // A Map keeps the order of insertion: the first is the oldest.
  if (parents.size > limit) parents.delete(parents.keys().next().value!);
}
