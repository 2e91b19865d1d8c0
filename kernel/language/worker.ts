// The language thread: answers requests in the order in which they come, whatever the user's cells are doing.
import { workerData } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import type { LanguageReply, LanguageRequest } from "../threads.js";
import { Language } from "./language.js";

const { port } = workerData as { port: MessagePort };
const language = new Language();
// The first conversion loads lib.d.ts files; done now, it does not make the user's first cell wait.
language.complete("", 0);

function answer(request: LanguageRequest): unknown {
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

port.on("message", (request: LanguageRequest) => {
  let reply: LanguageReply;
  try {
    reply = { id: request.id, result: answer(request) };
  } catch (error) {
    reply = {
      id: request.id,
      failure: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
    language.restart();
  }
  port.postMessage(reply);
});
