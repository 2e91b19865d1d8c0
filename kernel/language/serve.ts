// The language process' side of its channel: answers requests in the order in which they come, whatever the user's
// cells are doing.
import type { LanguageReply, LanguageRequest } from "../threads.js";
import { Language } from "./language.js";

/** Serves the process that started this one, until it goes. */
export function serve(): void {
  const language = new Language();
  process.on("message", (request: LanguageRequest) => {
    let reply: LanguageReply;
    try {
      reply = { id: request.id, result: answer(language, request) };
    } catch (error) {
      const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
      reply = { id: request.id, failure };
      language.restart();
    }
    process.send!(reply);
  });
  process.on("disconnect", () => process.exit());
  // Ctrl-C in the terminal that started Jupyter is for the cells.
  process.on("SIGINT", () => undefined);
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
