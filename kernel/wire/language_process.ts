// The language process, as the wire thread sees it: started from its snapshot where there is one, asked, and
// waited for. It can end at any time, and is ended where it computes what is no longer needed; another takes
// its place, and knows what it knew of earlier cells.

import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { buildSnapshotInBackground, findSnapshot, languageCommand } from "../language/snapshot_file.js";
import type { LanguageReply, LanguageRequest, LanguageResults, LanguageState } from "../threads.js";

interface Question {
  request: LanguageRequest;
  /** How many processes ended while it was the first in line. */
  ended: number;
  answer: (reply: LanguageReply) => void;
  giveUp: () => void;
}

/** What was asked for a cell that has been interrupted. */
export class Abandoned extends Error {}

const MOST_ENDED_PROCESSES = 2;
const REPORTED_CHARACTERS = 10_000;

export class LanguageProcess {
  readonly #questions = new Map<number, Question>();
  readonly #sources = new Map<string, string>();
  readonly #state: LanguageState = { declarations: "", sources: this.#sources, modules: [] };
  #isStarted = false;
  #child: ChildProcess | undefined;
  #lastId = 0;

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** What was asked before waits. */
  start(): void {
    this.#isStarted = true;
    const snapshot = findSnapshot();
    this.#spawn(snapshot);
    if (snapshot !== undefined) return;
    // Whatever is asked first goes first.
    this.ask("complete", { source: "", cursor: 0 }).then(buildSnapshotInBackground, () => undefined);
  }

  /**
   * @throws {Error} where the language process itself failed, not the user's code
   * @throws {Abandoned} where the answer is no longer wanted
   */
  async ask<T extends LanguageRequest["type"]>(
    type: T,
    question: Omit<Extract<LanguageRequest, { type: T }>, "id" | "type">,
  ): Promise<LanguageResults[T]> {
    const id = ++this.#lastId;
    const request = { id, type, ...question } as object as LanguageRequest;
    const reply = await new Promise<LanguageReply>((answer, reject) => {
      this.#questions.set(id, {
        request,
        ended: 0,
        answer,
        giveUp: () => {
          reject(new Abandoned());
        },
      });
      if (this.#child) send(this.#child, request);
      else if (this.#isStarted) this.#spawn(findSnapshot());
    });
    if ("failure" in reply) throw new Error(reply.failure);
    return reply.result as LanguageResults[T];
  }

  /** Ends what is being done for cells; what else was asked is asked again. */
  abandonCells(): void {
    const abandoned = [...this.#questions].filter(
      ([, { request }]) => request.type === "compile" || request.type === "locate",
    );
    if (abandoned.length === 0) return;
    for (const [id, { giveUp }] of abandoned) {
      this.#questions.delete(id);
      giveUp();
    }
    const child = this.#child;
    if (!child) return;
    this.#spawn(findSnapshot());
    child.kill("SIGKILL");
  }

  #spawn(snapshot: string | undefined): void {
    const [command, ...args] = languageCommand(snapshot);
    const child = spawn(command, args, {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      serialization: "advanced",
    });
    this.#child = child;
    let answered = false;
    let report = "";
    child.stderr!.on(
      "data",
      (chunk: Buffer) => (report = (report + chunk.toString()).slice(-REPORTED_CHARACTERS)),
    );
    child.on("message", (reply: LanguageReply) => {
      if (child !== this.#child) return;
      answered = true;
      if ("state" in reply && reply.state) this.#keep(reply.state);
      this.#questions.get(reply.id)?.answer(reply);
      this.#questions.delete(reply.id);
    });
    const end = (how: string) => {
      if (child !== this.#child) return;
      this.#child = undefined;
      // A snapshot can be unusable: half written, or of another build of the same Node.
      if (!answered && snapshot !== undefined) {
        this.#spawn(undefined);
        return;
      }
      this.#failFirst(how, report);
      // One that never works is tried again when there is something to ask.
      if (answered || this.#questions.size > 0) this.#spawn(findSnapshot());
    };
    child.on("error", (error) => {
      end(error.message);
    });
    child.on("close", (code, signal) => {
      end(signal ?? `exit code ${code}`);
    });
    if (this.#state.declarations !== "" || this.#state.modules.length > 0) {
      send(child, { id: ++this.#lastId, type: "restore", ...this.#state });
    }
    for (const { request } of this.#questions.values()) send(child, request);
  }

  #keep({ sources, ...rest }: Partial<LanguageState>): void {
    Object.assign(this.#state, rest);
    for (const [name, source] of sources ?? []) this.#sources.set(name, source);
  }

  /**
   * What the process was at work on, or may not have begun, is asked again once: a third would end the same
   * way.
   */
  #failFirst(how: string, report: string): void {
    const [first] = this.#questions.values();
    if (!first) return;
    const isOutOfMemory = report.includes("heap out of memory");
    if (++first.ended < MOST_ENDED_PROCESSES && !isOutOfMemory) return;
    const { id } = first.request;
    this.#questions.delete(id);
    const reason = isOutOfMemory ? "out of memory" : how;
    const failure = `The compiler ended while it was working on this (${reason}). What earlier cells defined is kept.`;
    first.answer({ id, failure: isOutOfMemory ? failure : `${failure}\n${report}`.trimEnd() });
  }
}

/** To one that is gone it is sent in vain; the next one is sent what was not answered. */
function send(child: ChildProcess, request: LanguageRequest): void {
  child.send(request, () => undefined);
}
