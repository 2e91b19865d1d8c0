// What the kernel's parts say to one another. main runs the user's cells and nothing else; wire owns the
// ZeroMQ sockets and directs; language, a process of its own, turns TypeScript into JavaScript. Everything
// here is cloned on the way.

import type { MessagePort } from "node:worker_threads";

export interface MimeBundle {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

/** An error as Jupyter shows it. */
export interface CellError {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** A cell ready to run. */
export interface CompiledCell {
  /** The body of a function of `__cell`, which is in main/scope.ts. */
  code: string;
  /** Source map (JSON) from `code` to the cell as tslab sees it, which is one line below the user's. */
  map: string;
  isAsync: boolean;
  /** It has `eval`, which is to see all names. */
  evaluates: boolean;
  /** The modules that it imports. */
  imports: string[];
  /** Which of the modules that it names are local files: specifier → path. */
  localPaths: Record<string, string>;
  /** Those files, and the local files that they import. */
  localModules: LocalModule[];
}

/** A cell, or an expression, with what its errors quote. */
export interface Runnable {
  name: string;
  /** As the user wrote it. */
  source: string;
  compiled: CompiledCell;
}

/** A file next to the notebook. */
export interface LocalModule {
  path: string;
  source: string;
  /** CommonJS source. */
  code: string;
  /** Source map (JSON) from `code` to the file; empty where there is nothing to map. */
  map: string;
  isAsync: boolean;
  /** The local files that it imports: specifier → path. */
  imports: Record<string, string>;
  /** Everything else that it imports as an ES module. */
  packages: string[];
}

export type CommEvent = "comm_open" | "comm_msg" | "comm_close";

/** A message of a comm, in either direction. */
export interface CommPost {
  event: CommEvent;
  content: Record<string, unknown>;
  metadata: Record<string, unknown>;
  buffers: Uint8Array[];
}

/** What the main thread asks the wire thread, and sleeps until it is answered. */
export type Question =
  { type: "input"; cell: number; prompt: string; password: boolean } | { type: "locate"; file: string };

export interface Answers {
  /** What was typed; undefined where no one may be asked. */
  input: string | undefined;
  locate: LanguageResults["locate"];
}

export interface Answer {
  question: number;
  value: Answers[Question["type"]];
}

export type WireToMain =
  | ({ type: "run"; cell: number } & Runnable)
  | ({ type: "evaluate"; id: number } & Runnable)
  | ({ type: "comm"; id: number } & CommPost)
  /** Ends them; `calls` are those that were broken off already, as a stack has them, innermost first. */
  | { type: "stop"; runs: number[]; calls?: string[] }
  | { type: "ping"; id: number }
  | { type: "exit" };

// What is in memory that both threads see while the main thread sleeps until a child process has ended.
export const WAITS = 1;
/** The child was asked to end. */
export const WAITS_INTERRUPTED = 2;

export type MainToWire =
  | { type: "stream"; cell: number; name: "stdout" | "stderr"; text: string }
  | { type: "display"; cell: number; bundle: MimeBundle; displayId?: string; update: boolean }
  | { type: "clear"; cell: number; wait: boolean }
  | { type: "page"; cell: number; data: Record<string, unknown> }
  | { type: "result"; cell: number; bundle: MimeBundle }
  | { type: "done"; cell: number; error?: CellError }
  /** An error after its cell's end, or outside of it: in a timer, a promise, a comm's handler. */
  | { type: "error"; cell: number; error: CellError }
  /** The end of an `evaluate` or a `comm`. */
  | { type: "finished"; id: number; bundle?: MimeBundle; error?: CellError }
  /** The end, after a `stop`, of what has not ended by itself. */
  | { type: "stopped"; id: number; error: CellError }
  | ({ type: "comm"; cell: number } & CommPost)
  | { type: "commTarget"; name: string; registered: boolean }
  /** Once, at the start: how questions are answered, and whether the thread waits for a child process. */
  | { type: "answers"; port: MessagePort; bell: Int32Array; waits: Int32Array }
  /** A call begins that sleeps until a child process has ended, none of `others`. */
  | { type: "waits"; others: number[] }
  | ({ question: number } & Question)
  | { type: "pong"; id: number };

/** Requests to the language process; each is answered in order by a `LanguageReply` with the same id. */
export type LanguageRequest = { id: number } & (
  | { type: "compile"; name: string; source: string }
  | { type: "complete"; source: string; cursor: number }
  | { type: "inspect"; source: string; cursor: number; detailed: boolean }
  | { type: "isComplete"; source: string }
  | { type: "locate"; file: string }
  /** First of all, where the process takes another's place. */
  | ({ type: "restore" } & LanguageState)
);

/** What the language process knows of earlier cells. */
export interface LanguageState {
  /** What they have declared, as a .d.ts file. */
  declarations: string;
  /** How they have declared names that may be declared again. */
  sources: ReadonlyMap<string, string>;
  /** The modules that were written in cells. */
  modules: readonly VirtualModule[];
}

export interface VirtualModule {
  name: string;
  source: string;
  jsx: true | undefined;
}

export interface Completion {
  start: number;
  end: number;
  matches: { text: string; type: string; signature?: string }[];
}

/** What is said about a name, in two forms. */
export interface Inspection {
  plain: string;
  markdown: string;
}

export interface LanguageResults {
  /** `notice` is what the user is told under the cell, once: what is wrong with tsconfig.json. */
  compile: ({ compiled: CompiledCell } | { error: CellError }) & { notice?: string };
  complete: Completion;
  /** Undefined where there is nothing to say about the symbol. */
  inspect: Inspection | undefined;
  isComplete: { status: "complete" | "invalid" } | { status: "incomplete"; indent: string };
  /** The local file behind a path that may lack its ending; undefined where there is none to compile. */
  locate: { path: string; modules: LocalModule[] } | { error: CellError } | undefined;
  restore: undefined;
}

/**
 * `failure` is an error of the language process itself, not of the user's code; `state` is what has changed
 * of it, of `sources` the changed names.
 */
export type LanguageReply =
  { id: number; result: unknown; state?: Partial<LanguageState> } | { id: number; failure: string };
