// The comms that are open and the targets a client may open one for. The user's handlers live on the main
// thread; this is what the wire thread must know to answer while that one is busy.
// Source: Jupyter messaging specification 5.5, "Custom Messages" and "Comm info".

import type { Content } from "../protocol/messages.js";
import type { CommEvent } from "../threads.js";

export class Comms {
  readonly #targets = new Set<string>();
  /** Target names by comm id. */
  readonly #open = new Map<string, string>();

  setTarget(name: string, registered: boolean): void {
    if (registered) this.#targets.add(name);
    else this.#targets.delete(name);
  }

  /** Takes note of a message in either direction. */
  follow(event: CommEvent, { comm_id, target_name }: Content): void {
    if (event === "comm_open") this.#open.set(String(comm_id), String(target_name));
    if (event === "comm_close") this.#open.delete(String(comm_id));
  }

  /** Whether there is a receiver for a client's message. */
  accepts(event: CommEvent, { comm_id, target_name }: Content): boolean {
    if (typeof comm_id !== "string") return false;
    const isOpen = this.#open.has(comm_id);
    if (event !== "comm_open") return isOpen;
    return !isOpen && typeof target_name === "string" && this.#targets.has(target_name);
  }

  /** The content of a comm_info_reply; of one target only if `target_name` says so. */
  info({ target_name }: Content): Record<string, { target_name: string }> {
    const listed = [...this.#open].filter(
      ([, target]) => typeof target_name !== "string" || target === target_name,
    );
    return Object.fromEntries(listed.map(([id, target]) => [id, { target_name: target }]));
  }
}
