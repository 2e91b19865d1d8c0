// A kernel as its clients see it: one id for as long as it is wanted, whatever becomes of its processes. When
// one ends by itself, the next is started and the pages are told; a kernel that keeps ending is given up.
// Source: Jupyter Server "REST API"; jupyter_client `restarter.py` (when it is given up).

import { randomUUID } from "node:crypto";
import type { WebSocket } from "ws";
import type { SealedMessage } from "../../kernel/protocol/messages.js";
import { parseObject } from "../../kernel/protocol/messages.js";
import { HttpError } from "./http.js";
import { inTurn } from "../../kernel/protocol/in_turn.js";
import { KernelConnection } from "./kernel_connection.js";
import { KernelProcess } from "./kernel_process.js";
import type { KernelSpec } from "./kernelspecs.js";
import { report } from "./report.js";
import { UnattendedRuns } from "./unattended_runs.js";
import type { Serialisation } from "./websocket_messages.js";

export interface KernelModel {
  id: string;
  name: string;
  last_activity: string;
  execution_state: string;
  connections: number;
}

export interface KernelOptions {
  spec: KernelSpec;
  cwd: string;
  env?: Record<string, string>;
  missedBeats?: number;
}

const MOST_RESTARTS = 5;
/** A kernel that has lived this long counts as started successfully. */
const STABLE_AFTER_MS = 10_000;
/** Pages that are away and waited for. */
const MOST_PAGES_AWAY = 4;

// Of the WebSocket protocol.
const GONE = 1000;

export class Kernel {
  readonly id = randomUUID();
  readonly spec: KernelSpec;
  readonly cwd: string;
  readonly unattendedRuns = new UnattendedRuns();
  readonly #options: KernelOptions;
  readonly #connections = new Map<string, KernelConnection>();
  /**
   * The execute requests that are being served: a completion's idle does not mean that the cell has ended.
   */
  readonly #running = new Set<string>();
  #process!: KernelProcess;
  #launching: Promise<void> = Promise.resolve();
  #startedAt = 0;
  #restarts = 0;
  #state = "starting";
  #lastActivity = new Date();
  /** What ends a process is done one after the other. */
  readonly #inTurn = inTurn();
  #isWanted = true;
  #endedOnPurpose: KernelProcess | undefined;

  private constructor(options: KernelOptions) {
    this.spec = options.spec;
    this.cwd = options.cwd;
    this.#options = options;
  }

  /** @throws {HttpError} 500 when the program cannot be started */
  static async start(options: KernelOptions): Promise<Kernel> {
    const kernel = new Kernel(options);
    await kernel.#launch();
    return kernel;
  }

  get isBusy(): boolean {
    return this.#running.size > 0;
  }

  get isDead(): boolean {
    return this.#state === "dead";
  }

  get lastActivity(): Date {
    return this.#lastActivity;
  }

  get connections(): number {
    return [...this.#connections.values()].filter(({ isAttached }) => isAttached).length;
  }

  /** Resolves when the kernel answers; rejects if it ended before. */
  get ready(): Promise<void> {
    return this.#process.ready;
  }

  model(): KernelModel {
    return {
      id: this.id,
      name: this.spec.name,
      last_activity: this.#lastActivity.toISOString(),
      execution_state: this.isBusy ? "busy" : this.#state,
      connections: this.connections,
    };
  }

  /**
   * @param sessionId the page's own, by which it is known when it comes back; without one nothing waits for
   * it
   */
  attach(sessionId: string | undefined, socket: WebSocket, serialisation: Serialisation): void {
    const session = sessionId ?? randomUUID();
    const connection =
      this.#connections.get(session) ??
      new KernelConnection(
        async () => {
          await this.#launching;
          return this.#process;
        },
        (parts) => {
          this.unattendedRuns.sent(session, parts);
        },
      );
    // Counted as the newest.
    this.#connections.delete(session);
    this.#connections.set(session, connection);
    connection.attach(socket, serialisation);
    this.unattendedRuns.arrived(session);
    socket.once("close", () => {
      if (!connection.detach(socket)) return;
      this.unattendedRuns.left(session);
      if (sessionId === undefined) this.#drop(session);
      else this.#dropOldest();
    });
    if (this.isDead) connection.status("dead");
  }

  interrupt(): void {
    this.#process.interrupt();
  }

  /** Resolves when the new process is ready. @throws {HttpError} 500 when it does not become so */
  async restart(): Promise<void> {
    const restarted = await this.#inTurn(async () => {
      this.#restarts = 0;
      await this.#end(true);
      await this.#launch();
      return this.#process;
    });
    // Not in turn: a kernel that does not answer can be shut down in the meantime.
    await restarted.ready.catch((error: unknown) => {
      throw new HttpError(500, `${this.spec.name}: ${(error as Error).message}`);
    });
  }

  shutdown(): Promise<void> {
    return this.#inTurn(async () => {
      this.#isWanted = false;
      await this.#end(false);
      for (const connection of this.#connections.values()) connection.close(GONE, "the kernel was shut down");
      this.#connections.clear();
    });
  }

  /** At once, when nothing can be waited for. */
  kill(): void {
    this.#isWanted = false;
    this.#process.kill();
  }

  #launch(): Promise<void> {
    const launched = this.#startProcess();
    this.#launching = launched.catch(() => undefined);
    return launched;
  }

  async #startProcess(): Promise<void> {
    const { spec, cwd, env, missedBeats = 30 } = this.#options;
    this.#state = "starting";
    this.#startedAt = performance.now();
    const process = await KernelProcess.start({
      spec,
      cwd,
      env,
      missedBeats,
      onPublish: (message) => {
        this.#publish(message);
      },
    }).catch((error: unknown) => {
      this.#state = "dead";
      throw new HttpError(500, `${spec.name} cannot be started: ${(error as Error).message}`);
    });
    this.#process = process;
    void process.exited.then((reason) => this.#inTurn(() => this.#onExit(process, reason)));
    process.ready.then(
      () => {
        if (process === this.#process && this.#state === "starting") this.#state = "idle";
      },
      () => undefined,
    );
  }

  async #end(restart: boolean): Promise<void> {
    this.#endedOnPurpose = this.#process;
    await this.#process.shutdown(restart);
    this.#running.clear();
    this.unattendedRuns.ended();
  }

  async #onExit(ended: KernelProcess, reason: string): Promise<void> {
    if (ended !== this.#process || ended === this.#endedOnPurpose || !this.#isWanted) return;
    report(`the ${this.spec.name} kernel ${this.id} ended (${reason})`);
    this.#running.clear();
    this.unattendedRuns.ended();
    this.#restarts = performance.now() - this.#startedAt > STABLE_AFTER_MS ? 1 : this.#restarts + 1;
    if (this.#restarts > MOST_RESTARTS) {
      this.#state = "dead";
      for (const connection of this.#connections.values()) connection.status("dead");
      return;
    }
    for (const connection of this.#connections.values()) connection.status("restarting");
    try {
      await this.#launch();
    } catch (error) {
      report((error as Error).message);
      for (const connection of this.#connections.values()) connection.status("dead");
    }
  }

  #publish(message: SealedMessage): void {
    this.#lastActivity = new Date();
    const [header, parent, , content] = message.parts;
    const { msg_type } = parseObject(header);
    const ends = msg_type === "status" && this.#follow(parseObject(content), parseObject(parent));
    this.unattendedRuns.published(message);
    for (const connection of this.#connections.values()) {
      connection.publish(message, String(msg_type));
      if (ends) connection.resetLimit();
    }
  }

  /** Takes note of a status. @returns true at the end of a cell */
  #follow(
    { execution_state }: Record<string, unknown>,
    { msg_id, msg_type }: Record<string, unknown>,
  ): boolean {
    if (typeof execution_state === "string") this.#state = execution_state;
    if (msg_type !== "execute_request" || typeof msg_id !== "string") return false;
    if (execution_state === "busy") this.#running.add(msg_id);
    if (execution_state === "idle") return this.#running.delete(msg_id);
    return false;
  }

  #dropOldest(): void {
    const away = [...this.#connections].filter(([, { isAttached }]) => !isAttached);
    for (const [session] of away.slice(0, -MOST_PAGES_AWAY)) this.#drop(session);
  }

  #drop(session: string): void {
    this.#connections.get(session)?.close(GONE, "");
    this.#connections.delete(session);
  }
}
