// Output of cells whose page was closed. Jupyter's pages know only of cells that they started themselves:
// closed while a cell runs, and opened again, they would show what was saved then and nothing after it. So
// each run of a cell is written down here while it lasts, and kept beyond its end if its page was away by
// then, until another takes it over.

import type { Content, SealedMessage } from "../../kernel/protocol/messages.js";
import { parseObject } from "../../kernel/protocol/messages.js";

/** A run as it is handed to the page that takes it over. */
export interface Run {
  /** Of the execute_request. */
  msg_id: string;
  /** The cell's id in its notebook. */
  cell_id: string;
  /** What was published, in order; without buffers, which no output has. */
  messages: { header: Content; parent_header: Content; content: Content }[];
}

interface Entry extends Omit<Run, "messages"> {
  /** The id of the page that shows it. */
  session: string;
  isOver: boolean;
  kept: { message: Run["messages"][number]; bytes: number }[];
  bytes: number;
}

const KEPT = new Set([
  "execute_input",
  "status",
  "stream",
  "display_data",
  "update_display_data",
  "execute_result",
  "error",
  "clear_output",
]);

/** What is written down of one run; of more, the beginning. */
const MOST_BYTES = 16 * 2 ** 20;
/** Kept however much there is: without them the cell would run for ever. They are few. */
const ESSENTIAL = new Set(["execute_input", "status"]);

export class UnattendedRuns {
  readonly #entries = new Map<string, Entry>();
  /** Pages that are connected. */
  readonly #present = new Set<string>();

  /** A page is connected: new, or back again, and then what it missed is on its way to it. */
  arrived(session: string): void {
    this.#present.add(session);
    this.#forget((entry) => entry.session === session && entry.isOver);
  }

  /** A page's connection has ended, whether for good or not. */
  left(session: string): void {
    this.#present.delete(session);
  }

  /** A page sends something to the kernel. */
  sent(session: string, [header, , metadata]: Buffer[]): void {
    const { msg_type, msg_id } = parseObject(header);
    if (msg_type !== "execute_request" || typeof msg_id !== "string") return;
    const { cellId } = parseObject(metadata);
    if (typeof cellId !== "string") return;
    // Once a cell is run again, no page will claim its earlier output.
    this.#forget((entry) => entry.cell_id === cellId && entry.isOver);
    this.#entries.set(msg_id, { msg_id, cell_id: cellId, kept: [], session, isOver: false, bytes: 0 });
  }

  /** The kernel has published something. */
  published({ parts }: SealedMessage): void {
    if (this.#entries.size === 0) return;
    const [header, parent_header, , content] = parts.map(parseObject);
    const entry = this.#entries.get(String(parent_header.msg_id));
    if (!entry || !KEPT.has(String(header.msg_type))) return;
    if (header.msg_type === "update_display_data") dropEarlierUpdate(entry, content);
    const bytes = parts.reduce((sum, { length }) => sum + length, 0);
    if (entry.bytes + bytes > MOST_BYTES && !ESSENTIAL.has(String(header.msg_type))) return;
    entry.bytes += bytes;
    entry.kept.push({ message: { header, parent_header, content }, bytes });
    if (header.msg_type === "status" && content.execution_state === "idle") this.#end(entry);
  }

  /** The process has ended, and with it whatever ran. */
  ended(): void {
    for (const entry of this.#entries.values()) this.#end(entry);
  }

  /** Hands the runs without a page to the one of that session, of the cells that it has. */
  adopt(session: string, cells: unknown[]): Run[] {
    const orphans = [...this.#entries.values()].filter(
      (entry) => !this.#present.has(entry.session) && cells.includes(entry.cell_id),
    );
    for (const entry of orphans) entry.session = session;
    this.#forget((entry) => entry.session === session && entry.isOver);
    return orphans.map(({ msg_id, cell_id, kept }) => ({
      msg_id,
      cell_id,
      messages: kept.map(({ message }) => message),
    }));
  }

  #end(entry: Entry): void {
    entry.isOver = true;
    if (this.#present.has(entry.session)) this.#entries.delete(entry.msg_id);
  }

  #forget(isForgotten: (entry: Entry) => boolean): void {
    for (const entry of this.#entries.values()) if (isForgotten(entry)) this.#entries.delete(entry.msg_id);
  }
}

/** Only the last state of a display that is updated again and again, such as a progress bar, is of use. */
function dropEarlierUpdate(entry: Entry, content: Content): void {
  const at = entry.kept.findLastIndex(
    ({ message }) =>
      message.header.msg_type === "update_display_data" && displayId(message.content) === displayId(content),
  );
  if (at >= 0) entry.bytes -= entry.kept.splice(at, 1)[0].bytes;
}

const displayId = ({ transient }: Content) => (transient as { display_id?: unknown } | undefined)?.display_id;
