// Executes cells one after the other, and the user expressions that come with them.
// Source: Jupyter messaging specification 5.5, "Execute".

import type { Content } from "../protocol/messages.js";
import type { CellError } from "../threads.js";
import type { Clients, Exchange } from "./clients.js";
import { errorContent } from "./error_content.js";
import type { History } from "./history.js";
import { kernelError } from "./kernel_error.js";
import type { LanguageProcess } from "./language_process.js";
import type { MainThread } from "./main_thread.js";
import { RunningCell } from "./main_thread.js";
import type { Parents } from "./parents.js";

export class Execution {
  readonly #clients: Clients;
  readonly #main: MainThread;
  readonly #language: LanguageProcess;
  readonly #history: History;
  readonly #parents: Parents;
  readonly #queue: Exchange[] = [];
  #working = false;
  #count = 0;
  #lastCell = 0;

  constructor(parts: {
    clients: Clients;
    main: MainThread;
    language: LanguageProcess;
    history: History;
    parents: Parents;
  }) {
    this.#clients = parts.clients;
    this.#main = parts.main;
    this.#language = parts.language;
    this.#history = parts.history;
    this.#parents = parts.parents;
  }

  /** The execution count of the last cell. */
  get count(): number {
    return this.#count;
  }

  get lastCell(): number {
    return this.#lastCell;
  }

  /** Executes a cell when those before it are done. */
  async enqueue(exchange: Exchange): Promise<void> {
    this.#queue.push(exchange);
    if (this.#working) return;
    this.#working = true;
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
        const failed = await this.#execute(next);
        if (failed && next.request.content.stop_on_error !== false) this.#abortQueue();
      }
    } finally {
      this.#working = false;
    }
  }

  #abortQueue(): void {
    for (const { channel, request } of this.#queue.splice(0)) {
      const { header } = request;
      this.#clients.publish("status", { execution_state: "busy" }, { parent: header });
      // Without a number: the cell never ran, and a page would show it.
      this.#clients.reply(channel, request, "execute_reply", { status: "aborted" });
      this.#clients.publish("status", { execution_state: "idle" }, { parent: header });
    }
  }

  /** @returns whether the cell failed. */
  async #execute({ channel, request }: Exchange): Promise<boolean> {
    const { identities, header, content } = request;
    const mayAsk = content.allow_stdin === true;
    const source = codeOf(content);
    const silent = content.silent === true;
    const stored = !silent && content.store_history !== false && source.trim() !== "";
    const id = this.#main.nextId();
    if (stored) this.#count++;
    const count = this.#count;
    const payload: Content[] = [];
    this.#parents.addCell(id, { header, identities, mayAsk, silent, stored, count, payload });
    this.#clients.publish("status", { execution_state: "busy" }, { parent: header });
    this.#clients.publishFor(id, "execute_input", { code: source, execution_count: count });
    if (stored) this.#history.add(count, source);

    const error = await this.#run(id, `cell[${count}].ts`, source);
    if (error) {
      const content = errorContent(error);
      this.#clients.publishFor(id, "error", { ...content });
      this.#clients.reply(channel, request, "execute_reply", {
        status: "error",
        execution_count: count,
        ...content,
        payload,
      });
    } else {
      const user_expressions = await this.#evaluateAll(content.user_expressions);
      this.#clients.reply(channel, request, "execute_reply", {
        status: "ok",
        execution_count: count,
        payload,
        user_expressions,
      });
    }
    this.#clients.publish("status", { execution_state: "idle" }, { parent: header });
    return error !== undefined;
  }

  async #run(id: number, name: string, source: string): Promise<CellError | undefined> {
    const cell = new RunningCell(id);
    this.#main.running = cell;
    this.#lastCell = id;
    try {
      const compiled = this.#language.ask("compile", { name, source });
      // An interrupt does not wait for the compiler.
      const answer = await Promise.race([compiled, cell.finished]);
      if ("notice" in answer) {
        this.#clients.publishFor(id, "stream", { name: "stderr", text: answer.notice });
      }
      if (!("compiled" in answer)) return answer.error;
      return (await this.#main.run(cell, { name, source, compiled: answer.compiled })).error;
    } catch (error) {
      return kernelError(error);
    } finally {
      this.#main.running = undefined;
    }
  }

  async #evaluateAll(expressions: unknown): Promise<Content> {
    if (typeof expressions !== "object" || expressions === null) return {};
    const results: Content = {};
    for (const [key, expression] of Object.entries(expressions)) {
      const code = { name: "expression.ts", source: String(expression) };
      const answer = await this.#language
        .ask("compile", code)
        .catch((error: unknown) => ({ error: kernelError(error) }));
      const { bundle, error } =
        "error" in answer
          ? { ...answer, bundle: undefined }
          : await this.#main.runBesides((id) => ({
              type: "evaluate",
              id,
              ...code,
              compiled: answer.compiled,
            }));
      results[key] = error
        ? { status: "error", ...errorContent(error) }
        : { status: "ok", data: {}, metadata: {}, ...bundle };
    }
    return results;
  }
}

/** The code that a request brings; anything but a string counts as empty code. */
export function codeOf({ code }: Content): string {
  return typeof code === "string" ? code : "";
}
