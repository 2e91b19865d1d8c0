// The kernel as Jupyter sees it: takes requests, has the language process compile and the main thread run,
// and answers. It never blocks, so heartbeat, control and interrupts work whatever the user's code does.
// Source: Jupyter messaging specification 5.5.

import type { Connection } from "../protocol/connection.js";
import type { Content, Message } from "../protocol/messages.js";
import { MessageCodec } from "../protocol/messages.js";
import type { CommEvent, Completion, Inspection, MainToWire, WireToMain } from "../threads.js";
import { Bell } from "./bell.js";
import type { Exchange } from "./clients.js";
import { Clients } from "./clients.js";
import { Comms } from "./comms.js";
import { errorContent } from "./error_content.js";
import { Execution, codeOf } from "./execution.js";
import { watchHeap } from "./heap.js";
import { History } from "./history.js";
import { openHistoryStore } from "./history_store.js";
import { MainInspector } from "./inspector.js";
import { Interrupt } from "./interrupt.js";
import type { KernelInfo } from "./kernel_info.js";
import { kernelInfo } from "./kernel_info.js";
import type { LanguageProcess } from "./language_process.js";
import { mainMessages } from "./main_messages.js";
import { MainThread } from "./main_thread.js";
import { Parents } from "./parents.js";
import { Sockets } from "./sockets.js";
import { Stdin } from "./stdin.js";
import { WaitedChild } from "./waited_child.js";

/** What is answered at once, on shell and control, whatever cell is running. */
type RequestType =
  | CommEvent
  | "kernel_info_request"
  | "complete_request"
  | "inspect_request"
  | "is_complete_request"
  | "history_request"
  | "comm_info_request"
  | "connect_request"
  | "interrupt_request"
  | "shutdown_request";

/** @returns the content of the reply, where there is one. */
type Handler = (request: Message) => Content | undefined | Promise<Content | undefined>;

// A name that a client made up can be of any length.
const REPORTED_CHARACTERS = 200;

export class Kernel {
  /** Takes what the main thread has to say, in its order. */
  readonly receiveFromMain: (message: MainToWire) => void;
  readonly #connection: Connection;
  readonly #sockets: Sockets;
  readonly #clients: Clients;
  readonly #main: MainThread;
  readonly #language: LanguageProcess;
  readonly #info: KernelInfo;
  readonly #exit: () => void;
  readonly #inspector = new MainInspector();
  readonly #waitedChild = new WaitedChild();
  readonly #history = new History(openHistoryStore());
  readonly #bell = new Bell();
  readonly #comms = new Comms();
  readonly #parents = new Parents();
  readonly #stdin: Stdin;
  readonly #execution: Execution;
  readonly #interrupt: Interrupt;

  readonly #handlers: Record<RequestType, Handler> = {
    kernel_info_request: () => kernelInfo(this.#info),
    complete_request: async ({ content }) =>
      completeContent(await this.#language.ask("complete", codeAndCursor(content))),
    inspect_request: async ({ content }) => {
      const detailed = Number(content.detail_level) > 0;
      return inspectContent(await this.#language.ask("inspect", { ...codeAndCursor(content), detailed }));
    },
    is_complete_request: async ({ content }) => ({
      ...(await this.#language.ask("isComplete", { source: codeOf(content) })),
    }),
    history_request: async ({ content }) => ({
      status: "ok",
      history: await this.#history.answer(content),
    }),
    comm_info_request: ({ content }) => ({ status: "ok", comms: this.#comms.info(content) }),
    comm_open: (request) => this.#serveComm("comm_open", request),
    comm_msg: (request) => this.#serveComm("comm_msg", request),
    comm_close: (request) => this.#serveComm("comm_close", request),
    connect_request: () => {
      const ports = Object.entries(this.#connection.ports);
      return {
        status: "ok",
        ...Object.fromEntries(ports.map(([channel, port]) => [`${channel}_port`, port])),
      };
    },
    interrupt_request: async () => {
      await this.#interrupt.interrupt();
      return { status: "ok" };
    },
    shutdown_request: ({ content }) => ({ status: "ok", restart: content.restart === true }),
  };

  constructor(options: {
    connection: Connection;
    main: { postMessage(message: WireToMain): void };
    language: LanguageProcess;
    info: KernelInfo;
    /** Ends the process. */
    exit: () => void;
  }) {
    this.#connection = options.connection;
    this.#language = options.language;
    this.#info = options.info;
    this.#exit = options.exit;
    this.#main = new MainThread(options.main);
    const codec = new MessageCodec(options.connection.key);
    this.#sockets = new Sockets(codec);
    this.#clients = new Clients(codec, this.#sockets, this.#parents);
    this.#stdin = new Stdin(
      (type, content, parent) => this.#clients.reply("stdin", parent, type, content),
      (question, value) => {
        this.#bell.answer({ question, value });
      },
    );
    this.#execution = new Execution({
      clients: this.#clients,
      main: this.#main,
      language: this.#language,
      history: this.#history,
      parents: this.#parents,
    });
    this.#interrupt = new Interrupt({
      clients: this.#clients,
      main: this.#main,
      inspector: this.#inspector,
      waitedChild: this.#waitedChild,
      language: this.#language,
      stdin: this.#stdin,
    });
    this.receiveFromMain = mainMessages({
      clients: this.#clients,
      main: this.#main,
      interrupt: this.#interrupt,
      language: this.#language,
      parents: this.#parents,
      history: this.#history,
      comms: this.#comms,
      stdin: this.#stdin,
      bell: this.#bell,
      waitedChild: this.#waitedChild,
    });
  }

  async start(): Promise<void> {
    await this.#sockets.bind(this.#connection);
    this.#inspector.connect();
    watchHeap(this.#inspector.session, this.#info.heapLimit, (text) => {
      this.#clients.publishFor(this.#execution.lastCell, "stream", { name: "stderr", text });
    });
    this.#clients.publish("status", { execution_state: "starting" });
    this.#sockets.listen(
      (channel, request) => {
        void this.#receive({ channel, request });
      },
      (topic) => {
        this.#clients.publish("iopub_welcome", { subscription: topic });
      },
    );
  }

  async #receive(exchange: Exchange): Promise<void> {
    const { channel, request } = exchange;
    const { header } = request;
    if (channel === "shell" && header.msg_type === "execute_request") {
      await this.#execution.enqueue(exchange);
      return;
    }
    if (channel === "stdin") {
      this.#stdin.receive(request);
      return;
    }
    const replyType = header.msg_type.replace(/_request$/, "_reply");
    this.#clients.publish("status", { execution_state: "busy" }, { parent: header });
    try {
      const content = await this.#answer(request);
      if (content) this.#clients.reply(channel, request, replyType, content);
    } catch (error) {
      const { message, stack = message } = error as Error;
      const content = errorContent({ ename: "KernelError", evalue: message, traceback: stack.split("\n") });
      this.#clients.reply(channel, request, replyType, { status: "error", ...content });
    }
    this.#clients.publish("status", { execution_state: "idle" }, { parent: header });
    if (header.msg_type === "shutdown_request") await this.#shutDown();
  }

  #answer(request: Message): ReturnType<Handler> {
    const type = request.header.msg_type;
    if (this.#isAnswered(type)) return this.#handlers[type](request);
    console.error(`unrolled kernel: no answer to ${type.slice(0, REPORTED_CHARACTERS)}`);
    return undefined;
  }

  #isAnswered(type: string): type is RequestType {
    return Object.hasOwn(this.#handlers, type);
  }

  /** Messages of comms wait for no cell: widgets stay live while one awaits. */
  async #serveComm(event: CommEvent, request: Message): Promise<undefined> {
    const { identities, header, content, metadata, buffers } = request;
    if (!this.#comms.accepts(event, content)) {
      // The specification's answer to a target that is not registered; JupyterLab tries some whenever it
      // connects.
      if (event === "comm_open" && typeof content.comm_id === "string") {
        this.#clients.publish("comm_close", { comm_id: content.comm_id, data: {} }, { parent: header });
      }
      return;
    }
    this.#comms.follow(event, content);
    const { error } = await this.#main.runBesides((id) => {
      const { count } = this.#execution;
      this.#parents.addHandler(id, {
        header,
        identities,
        mayAsk: false,
        silent: false,
        stored: false,
        count,
        payload: [],
      });
      return { type: "comm", id, event, content, metadata, buffers };
    });
    if (error) this.#clients.publish("error", { ...errorContent(error) }, { parent: header });
  }

  async #shutDown(): Promise<void> {
    await this.#history.flush();
    await this.#sockets.close();
    // Node would not exit while it is being inspected.
    this.#inspector.disconnect();
    this.#main.port.postMessage({ type: "exit" });
    // A busy main thread does not hear that.
    setTimeout(this.#exit, 300);
  }
}

function codeAndCursor(content: Content): { source: string; cursor: number } {
  const source = codeOf(content);
  const cursor = typeof content.cursor_pos === "number" ? content.cursor_pos : [...source].length;
  return { source, cursor };
}

function completeContent({ start, end, matches }: Completion): Content {
  return {
    status: "ok",
    matches: matches.map(({ text }) => text),
    cursor_start: start,
    cursor_end: end,
    metadata: { _jupyter_types_experimental: matches.map((match) => ({ ...match, start, end })) },
  };
}

function inspectContent(said: Inspection | undefined): Content {
  const data = said ? { "text/plain": said.plain, "text/markdown": said.markdown } : {};
  return { status: "ok", found: said !== undefined, data, metadata: {} };
}
