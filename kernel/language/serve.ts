// The language process' side of its channel: answers requests in the order in which they come, whatever the user's
// cells are doing.
import type { LanguageReply, LanguageRequest } from "../threads.js";
import { Language } from "./language.js";
import { warmUp } from "./warm_up.js";

// In milliseconds: a cell that was waiting comes sooner than that, …
const PAUSE = 5;
// … so long after a question the next may follow at any moment, and so long others go first.
const QUIET = 300;
const CONTENDED = 200;

/** Serves the process that started this one, until it goes. */
export function serve(): void {
  const language = new Language();
  const idle = workWhenIdle(language);
  process.on("message", (request: LanguageRequest) => {
    idle.end();
    let reply: LanguageReply;
    try {
      reply = { id: request.id, result: answer(language, request) };
    } catch (error) {
      const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
      reply = { id: request.id, failure };
      language.restart();
    }
    process.send!(reply);
    idle.begin();
  });
  idle.begin();
  process.on("disconnect", () => process.exit());
  // Ctrl-C in the terminal that started Jupyter is for the cells.
  process.on("SIGINT", () => undefined);
}

/**
 * Between questions, gets ready for the next one, and then warms up, sample by sample, only where that takes nobody
 * else's processor.
 */
function workWhenIdle(language: Language): { begin(): void; end(): void } {
  const samples = warmUp();
  let timer: NodeJS.Timeout | undefined;
  const step = () => {
    const begun = performance.now();
    const usage = process.cpuUsage();
    if (samples.next().done) return;
    const { user, system } = process.cpuUsage(usage);
    const isContended = performance.now() - begun > 1.25e-3 * (user + system);
    timer = setTimeout(step, isContended ? CONTENDED : 0);
  };
  const prepare = () => {
    language.prepare();
    timer = setTimeout(step, QUIET);
  };
  return {
    begin: () => (timer = setTimeout(prepare, PAUSE)),
    end: () => {
      clearTimeout(timer);
    },
  };
}

function answer(language: Language, request: LanguageRequest): unknown {
  switch (request.type) {
    case "compile":
      return language.compile(request.name, request.source);
    case "complete":
      return language.complete(request.source, request.cursor);
    case "inspect":
      return language.inspect(request.source, request.cursor);
    case "isComplete":
      return language.isComplete(request.source);
  }
}
