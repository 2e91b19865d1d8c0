// Takes what the main thread has to say, in its order: what goes to clients, the ends of what it was asked to
// run, and its questions.

import type { MainToWire } from "../threads.js";
import type { Bell } from "./bell.js";
import type { Clients } from "./clients.js";
import type { Comms } from "./comms.js";
import { errorContent } from "./error_content.js";
import type { History } from "./history.js";
import type { Interrupt } from "./interrupt.js";
import { kernelError } from "./kernel_error.js";
import type { LanguageProcess } from "./language_process.js";
import type { MainThread } from "./main_thread.js";
import type { Parents } from "./parents.js";
import type { Stdin } from "./stdin.js";
import type { WaitedChild } from "./waited_child.js";

/** @returns what takes a message of the main thread */
export function mainMessages({
  clients,
  main,
  interrupt,
  language,
  parents,
  history,
  comms,
  stdin,
  bell,
  waitedChild,
}: {
  clients: Clients;
  main: MainThread;
  interrupt: Interrupt;
  language: LanguageProcess;
  parents: Parents;
  history: History;
  comms: Comms;
  stdin: Stdin;
  bell: Bell;
  waitedChild: WaitedChild;
}): (message: MainToWire) => void {
  return (message) => {
    switch (message.type) {
      case "stream":
        clients.publishFor(message.cell, "stream", { name: message.name, text: message.text });
        break;
      case "display": {
        const transient = message.displayId === undefined ? {} : { display_id: message.displayId };
        const type = message.update ? "update_display_data" : "display_data";
        clients.publishFor(message.cell, type, { ...message.bundle, transient });
        break;
      }
      case "result": {
        const parent = parents.get(message.cell);
        if (!parent) break;
        const { count, stored } = parent;
        clients.publishFor(message.cell, "execute_result", { ...message.bundle, execution_count: count });
        const text = message.bundle.data["text/plain"];
        if (stored && typeof text === "string") history.setOutput(count, text);
        break;
      }
      case "clear":
        clients.publishFor(message.cell, "clear_output", { wait: message.wait });
        break;
      case "page":
        parents.get(message.cell)?.payload.push({ source: "page", data: message.data, start: 0 });
        break;
      case "done":
        main.find(message.cell)?.finish({ error: message.error });
        break;
      case "error":
        clients.publishFor(message.cell, "error", { ...errorContent(message.error) });
        break;
      case "finished":
      case "stopped":
        main.find(message.id)?.finish(message);
        break;
      case "comm": {
        const { event, content, metadata } = message;
        const parent = parents.get(message.cell)?.header;
        // In this thread buffers arrive as plain Uint8Arrays.
        const buffers = message.buffers.map((buffer) => Buffer.from(buffer.buffer));
        comms.follow(event, content);
        clients.publish(event, content, { parent, metadata, buffers });
        break;
      }
      case "commTarget":
        comms.setTarget(message.name, message.registered);
        break;
      case "answers":
        bell.connect(message.port, message.bell);
        waitedChild.connect(message.waits);
        main.ready();
        break;
      case "waits":
        waitedChild.begin(message.others);
        break;
      case "input":
        stdin.ask(message, parents.get(message.cell));
        break;
      case "locate":
        void locate(message, language, bell);
        break;
      case "pong":
        interrupt.pong(message.id);
    }
  };
}

async function locate(
  { question, file }: { question: number; file: string },
  language: LanguageProcess,
  bell: Bell,
): Promise<void> {
  const value = await language
    .ask("locate", { file })
    .catch((error: unknown) => ({ error: kernelError(error) }));
  bell.answer({ question, value });
}
