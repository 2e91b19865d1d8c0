// The language process' side of its channel: answers requests in the order in which they come, whatever the
// user's cells are doing.

import type { LanguageReply, LanguageRequest, LanguageState } from "../threads.js";
import { Compiler } from "./compiler.js";
import { warmUp } from "./warm_up.js";

// After a question: a cell that was waiting has come by then; one that a user has yet to write has not;
// nor is it about to come.
const NEXT_MS = 5;
const WRITTEN_MS = 30;
const QUIET_MS = 300;
// How long children of cells have to end by themselves.
const ENDED_AFTER_MS = 1000;
// How long other requests take precedence over compiling ahead.
const CONTENDED_MS = 200;

/** Serves the process that started this one, until it goes. */
export function serve(): void {
  const compiler = new Compiler();
  const idle = workWhenIdle(compiler);
  const newsOf = follow(compiler);
  process.on("message", (request: LanguageRequest) => {
    idle.end();
    let reply: LanguageReply;
    try {
      const result = answer(compiler, request);
      reply = { id: request.id, result, ...newsOf(request) };
    } catch (error) {
      const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
      reply = { id: request.id, failure };
      compiler.restart();
    }
    process.send!(reply);
    idle.begin();
  });
  idle.begin();
  const end = () => {
    endGroup(Number(process.argv[2]));
  };
  if (process.connected) process.on("disconnect", end);
  else end();
  // Ctrl-C in the terminal that started Jupyter is for the cells.
  process.on("SIGINT", () => undefined);
}

/**
 * Once the kernel is gone, however that came about, what its cells have started goes as well, this process
 * included: first asked, then made to. Jupyter starts a kernel as the leader of a group of processes; where
 * that was not done, and on Windows, there is no such group.
 * @param group the kernel's, which has this process in it, so that no other can get its number
 */
function endGroup(group: number): void {
  // -1 stands for every process that there is.
  if (!(group > 1)) process.exit();
  process.on("SIGTERM", () => undefined);
  process.kill(-group, "SIGTERM");
  setTimeout(() => process.kill(-group, "SIGKILL"), ENDED_AFTER_MS);
}

/**
 * Finds what a request has changed of what the compiler knows, for the process that takes this one's place.
 */
function follow(compiler: Compiler): (request: LanguageRequest) => { state?: Partial<LanguageState> } {
  let declarations = "";
  let modules = compiler.state.modules;
  const sources = new Map<string, string>();
  return ({ type }) => {
    if (type !== "compile" && type !== "restore") return {};
    const now = compiler.state;
    const changed = new Map([...now.sources].filter(([name, source]) => sources.get(name) !== source));
    const state: Partial<LanguageState> = {};
    if (now.declarations !== declarations) state.declarations = declarations = now.declarations;
    if (now.modules !== modules) state.modules = modules = now.modules;
    if (changed.size > 0) state.sources = changed;
    for (const [name, source] of changed) sources.set(name, source);
    return Object.keys(state).length > 0 ? { state } : {};
  };
}

/**
 * Between questions, gets ready for the next one, and then warms up; in short bits, since the question may
 * come. The warm-up only where no other process needs the processor.
 */
function workWhenIdle(compiler: Compiler): { begin(): void; end(): void } {
  const samples = warmUp();
  let timer: NodeJS.Timeout | undefined;
  const warm = () => {
    const begun = performance.now();
    const usage = process.cpuUsage();
    if (samples.next().done) return;
    const { user, system } = process.cpuUsage(usage);
    const isContended = performance.now() - begun > 1.25e-3 * (user + system);
    timer = setTimeout(warm, isContended ? CONTENDED_MS : 0);
  };
  const prepare = (bits: Iterator<void>, pause: number) => {
    let done = true;
    try {
      done = bits.next().done === true;
    } catch {
      // The next request is told what is wrong.
      compiler.restart();
    }
    timer = done ? setTimeout(warm, QUIET_MS) : setTimeout(prepare, pause, bits, 0);
  };
  return {
    begin: () => {
      timer = setTimeout(() => {
        prepare(compiler.prepare(), WRITTEN_MS);
      }, NEXT_MS);
    },
    end: () => {
      clearTimeout(timer);
    },
  };
}

function answer(compiler: Compiler, request: LanguageRequest): unknown {
  switch (request.type) {
    case "compile":
      return compiler.compile(request.name, request.source);
    case "complete":
      return compiler.complete(request.source, request.cursor);
    case "inspect":
      return compiler.inspect(request.source, request.cursor, request.detailed);
    case "isComplete":
      return compiler.isComplete(request.source);
    case "locate":
      return compiler.locate(request.file);
    case "restore":
      return compiler.restore(request);
  }
}
