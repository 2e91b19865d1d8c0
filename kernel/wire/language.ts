// The language process, as the wire thread sees it: started from its snapshot where there is one, asked, and waited for.
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { buildSnapshot, languageCommand, snapshotFile } from "../language/snapshot_file.js";
import type { LanguageReply, LanguageRequest, LanguageResults } from "../threads.js";

interface Question {
  request: LanguageRequest;
  answer(reply: LanguageReply): void;
}

export class LanguageProcess {
  readonly #questions = new Map<number, Question>();
  readonly #fail: (reason: string) => void;
  #child: ChildProcess | undefined;
  #lastId = 0;

  /** @param fail is called when the process has ended; there is no going on without what it knows of earlier cells */
  constructor(fail: (reason: string) => void) {
    this.#fail = fail;
  }

  /** What was asked before waits. */
  start(): void {
    const snapshot = snapshotFile();
    const isThere = existsSync(snapshot);
    this.#spawn(isThere ? snapshot : undefined);
    if (!isThere) void this.#buildWhenIdle();
  }

  /** @throws Error where the language process itself failed, not the user's code */
  async ask<T extends LanguageRequest["type"]>(
    type: T,
    question: Omit<Extract<LanguageRequest, { type: T }>, "id" | "type">,
  ): Promise<LanguageResults[T]> {
    const id = ++this.#lastId;
    const request = { id, type, ...question } as object as LanguageRequest;
    const reply = await new Promise<LanguageReply>((answer) => {
      this.#questions.set(id, { request, answer });
      this.#child?.send(request);
    });
    if ("failure" in reply) throw new Error(reply.failure);
    return reply.result as LanguageResults[T];
  }

  #spawn(snapshot: string | undefined): void {
    const [command, ...args] = languageCommand(snapshot);
    const child = spawn(command, args, {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      serialization: "advanced",
    });
    let answered = false;
    let report = "";
    child.stderr!.on("data", (chunk: Buffer) => (report = (report + chunk.toString()).slice(-10_000)));
    child.on("message", (reply: LanguageReply) => {
      answered = true;
      this.#questions.get(reply.id)?.answer(reply);
      this.#questions.delete(reply.id);
    });
    child.on("exit", (code, signal) => {
      const reason = `the language process ended (${signal ?? `exit code ${code}`})\n${report}`;
      // A snapshot can be unusable: half written, or of another build of the same Node.
      if (answered || snapshot === undefined) this.#fail(reason);
      else this.#spawn(undefined);
    });
    this.#child = child;
    for (const { request } of this.#questions.values()) child.send(request);
  }

  async #buildWhenIdle(): Promise<void> {
    // Whatever is asked first goes first.
    await this.ask("complete", { source: "", cursor: 0 });
    await buildSnapshot().catch((error: unknown) => {
      console.error(`unrolled kernel: ${(error as Error).message}`);
    });
  }
}
