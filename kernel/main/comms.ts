// Comms on the side of the cells: who handles what a client sends, and what is sent to it.
// Source: Jupyter messaging specification 5.5, "Custom Messages".

import { randomUUID } from "node:crypto";
import type { CommEvent, CommPost } from "../threads.js";
import { cell, isConnected, post } from "./frontend.js";
import { toJson } from "../rendering/json.js";

/** What a comm brings: JSON data, and binary buffers next to it. */
export interface CommMessage {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
  buffers: Uint8Array[];
}

export interface CommOptions {
  metadata?: Record<string, unknown>;
  /** Bytes that travel as they are, next to the JSON. */
  buffers?: (ArrayBuffer | ArrayBufferView)[];
}

export interface OpenOptions extends CommOptions {
  /** What the other side's constructor gets. */
  data?: Record<string, unknown>;
  /** A UUID if not given. */
  id?: string;
}

/** The client is told that a request is done when the promise a handler returns has settled. */
export type CommHandler = (message: CommMessage) => unknown;

/** One end of a channel between a cell and the client; the other end is JavaScript in the notebook. */
export class Comm {
  readonly id: string;
  readonly targetName: string;
  #messageHandlers: CommHandler[] = [];
  #closeHandlers: CommHandler[] = [];
  #closed = false;

  /** Use `openComm`; a target's handler is given its comm. */
  constructor(id: string, targetName: string) {
    this.id = id;
    this.targetName = targetName;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Calls `handler` for each message that the client sends, also while a cell awaits. */
  onMessage(handler: CommHandler): this {
    this.#messageHandlers.push(handler);
    return this;
  }

  /** Calls `handler` when the client closes the comm. */
  onClose(handler: CommHandler): this {
    this.#closeHandlers.push(handler);
    return this;
  }

  /**
   * Sends a `comm_msg`.
   * @throws {Error} when the comm is closed
   * @throws {TypeError} when `data` cannot be written as JSON
   */
  send(data: Record<string, unknown>, options: CommOptions = {}): void {
    if (this.#closed) throw new Error(`Comm.send: the comm ${this.id} (${this.targetName}) is closed`);
    postComm("Comm.send", "comm_msg", { comm_id: this.id, data }, options);
  }

  /** Tells the client that this is the end. A second call does nothing. */
  close(data: Record<string, unknown> = {}, options: CommOptions = {}): void {
    if (this.#closed) return;
    postComm("Comm.close", "comm_close", { comm_id: this.id, data }, options);
    this.#end();
  }

  /** @internal */
  async receive(event: CommEvent, message: CommMessage): Promise<void> {
    if (event === "comm_close") this.#end();
    const handlers = event === "comm_close" ? this.#closeHandlers : this.#messageHandlers;
    await Promise.all(handlers.map((handler) => handler(message)));
  }

  #end(): void {
    this.#closed = true;
    open.delete(this.id);
  }
}

/** Called with each comm that a client opens for a target. */
export type TargetHandler = (comm: Comm, message: CommMessage) => unknown;

const open = new Map<string, Comm>();
const targets = new Map<string, TargetHandler>();

/**
 * Opens a comm to the client, where `targetName` must be registered; where it is not, the client closes it at
 * once.
 * @throws {Error} when a comm with that id is open already
 * @throws {TypeError} when `data` cannot be written as JSON
 */
export function openComm(
  targetName: string,
  { data = {}, id = randomUUID(), ...options }: OpenOptions = {},
): Comm {
  if (open.has(id)) throw new Error(`openComm: a comm with the id ${id} is open already`);
  const comm = new Comm(id, targetName);
  postComm("openComm", "comm_open", { comm_id: id, target_name: targetName, data }, options);
  if (isConnected()) open.set(id, comm);
  return comm;
}

/** Lets clients open comms for `targetName`; the last handler registered is the one that counts. */
export function registerTarget(targetName: string, handler: TargetHandler): void {
  targets.set(targetName, handler);
  post({ type: "commTarget", name: targetName, registered: true });
}

export function unregisterTarget(targetName: string): void {
  targets.delete(targetName);
  post({ type: "commTarget", name: targetName, registered: false });
}

/** Gives a client's message to whom it is for. */
export async function receiveComm({ event, content, metadata, buffers }: CommPost): Promise<void> {
  const { comm_id: id, target_name: target } = content as { comm_id: string; target_name?: string };
  const data = (content.data ?? {}) as Record<string, unknown>;
  const message = { data, metadata, buffers };
  if (event !== "comm_open") {
    await open.get(id)?.receive(event, message);
    return;
  }
  const comm = new Comm(id, String(target));
  open.set(id, comm);
  try {
    await targets.get(String(target))?.(comm, message);
  } catch (error) {
    // The client must not take for open what its handler could not take on.
    comm.close();
    throw error;
  }
}

function postComm(
  caller: string,
  event: CommEvent,
  content: Record<string, unknown>,
  { metadata = {}, buffers = [] }: CommOptions,
): void {
  post({
    type: "comm",
    cell: cell(),
    event,
    content: toJson(`${caller}: data`, content),
    metadata: toJson(`${caller}: metadata`, metadata),
    // Copies: what the cell writes into its buffer afterwards is another message's.
    buffers: buffers.map((buffer) =>
      buffer instanceof ArrayBuffer
        ? new Uint8Array(buffer.slice(0))
        : new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength).slice(),
    ),
  });
}
