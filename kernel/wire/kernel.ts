// The kernel as Jupyter sees it: takes requests, has the language process compile and the main thread run, and
// answers. It never blocks, so heartbeat, control and interrupts work whatever the user's code does.
// Source: Jupyter messaging specification 5.5.
import type { Connection } from "../protocol/connection.js";
import { MessageCodec, PROTOCOL_VERSION, type Content, type Message } from "../protocol/messages.js";
import type { CellError, CommEvent, MainToWire, MimeBundle, WireToMain } from "../threads.js";
import { Bell } from "./bell.js";
import { Comms } from "./comms.js";
import { errorContent } from "./error_content.js";
import { watchHeap } from "./heap.js";
import { History } from "./history.js";
import { openHistoryStore } from "./history_store.js";
import { Abandoned, type LanguageProcess } from "./language.js";
import { MainThread } from "./main_thread.js";
import { Parents } from "./parents.js";
import { Sockets, type RequestChannel } from "./sockets.js";
import { Stdin } from "./stdin.js";
import { WaitedChild } from "./waited_child.js";

/** What is being executed. */
class Task {
  readonly finished: Promise<Finished>;
  finish!: (outcome: Finished) => void;
  constructor(readonly id: number) {
    this.finished = new Promise((resolve) => {
      this.finish = resolve;
    });
  }
}

class RunningCell extends Task {
  /** The main thread has it. */
  isSent = false;
}

/** A request on the way to its reply. */
interface Exchange {
  channel: RequestChannel;
  request: Message;
}

/** What became of code that the main thread was asked to run. */
interface Finished {
  bundle?: MimeBundle;
  error?: CellError;
}

const INTERRUPTED: CellError = {
  ename: "Interrupted",
  evalue: "the cell was interrupted",
  traceback: ["Interrupted: the cell was interrupted; what earlier cells defined is kept"],
};
// Code still running this many ms after an interrupt must be inside a native call that cannot be interrupted.
const BLOCKED_AFTER = 700;
const BLOCKED =
  "Interrupt: the cell will stop when its current call returns; native calls and the loading of packages cannot be interrupted.\n";
// Milliseconds in which the main thread answers unless it is busy.
const ANSWERS_WITHIN = 50;
const sleep = (milliseconds: number) =>
  new Promise<undefined>((resolve) => setTimeout(resolve, milliseconds, undefined));

// A name that a client made up can be of any length.
const LONGEST_REPORT = 200;

const COMM_EVENTS = new Set<string>(["comm_open", "comm_msg", "comm_close"]);
const isCommEvent = (type: string): type is CommEvent => COMM_EVENTS.has(type);

export interface KernelInfo {
  version: string;
  nodeVersion: string;
  typescriptVersion: string;
  /** Bytes; where the main thread needs more, the process ends. */
  heapLimit: number;
}

export class Kernel {
  readonly #connection: Connection;
  readonly #codec: MessageCodec;
  readonly #sockets: Sockets;
  readonly #main: { postMessage(message: WireToMain): void };
  readonly #language: LanguageProcess;
  readonly #info: KernelInfo;
  readonly #exit: () => void;
  readonly #mainThread = new MainThread();
  readonly #waitedChild = new WaitedChild();
  readonly #history = new History(openHistoryStore());
  readonly #bell = new Bell();
  readonly #stdin = new Stdin(
    (type, content, { identities, header }) => {
      const message = this.#codec.create(type, content, { identities, parent: header });
      this.#sockets.send("stdin", message);
      return message.header;
    },
    (question, value) => {
      this.#bell.answer({ question, value });
    },
  );
  readonly #comms = new Comms();
  readonly #parents = new Parents();

  readonly #queue: Exchange[] = [];
  /** What is executed besides the running cell. */
  readonly #tasks = new Map<number, Task>();
  readonly #pongs = new Map<number, () => void>();
  #running: RunningCell | undefined;
  #lastCell = 0;
  #stopping: Promise<void> | undefined;
  #ready!: () => void;
  readonly #isReady = new Promise<void>((resolve) => {
    this.#ready = resolve;
  });
  #working = false;
  #executionCount = 0;
  #lastId = 0;

  constructor(options: {
    connection: Connection;
    main: { postMessage(message: WireToMain): void };
    language: LanguageProcess;
    info: KernelInfo;
    /** Ends the process. */
    exit: () => void;
  }) {
    this.#connection = options.connection;
    this.#codec = new MessageCodec(options.connection.key);
    this.#sockets = new Sockets(this.#codec);
    this.#main = options.main;
    this.#language = options.language;
    this.#info = options.info;
    this.#exit = options.exit;
  }

  async start(): Promise<void> {
    await this.#sockets.bind(this.#connection);
    this.#mainThread.connect();
    watchHeap(this.#mainThread.session, this.#info.heapLimit, (text) => {
      this.#publishFor(this.#lastCell, "stream", { name: "stderr", text });
    });
    this.#publish("status", { execution_state: "starting" });
    this.#sockets.listen(
      (channel, request) => {
        void this.#receive({ channel, request });
      },
      (topic) => {
        this.#publish("iopub_welcome", { subscription: topic });
      },
    );
  }

  /** Takes what the main thread has to say, in its order. */
  receiveFromMain(message: MainToWire): void {
    switch (message.type) {
      case "stream":
        this.#publishFor(message.cell, "stream", { name: message.name, text: message.text });
        break;
      case "display": {
        const transient = message.displayId === undefined ? {} : { display_id: message.displayId };
        const type = message.update ? "update_display_data" : "display_data";
        this.#publishFor(message.cell, type, { ...message.bundle, transient });
        break;
      }
      case "result": {
        const { count = this.#executionCount, stored = false } = this.#parents.get(message.cell) ?? {};
        this.#publishFor(message.cell, "execute_result", { ...message.bundle, execution_count: count });
        const text = message.bundle.data["text/plain"];
        if (stored && typeof text === "string") this.#history.setOutput(count, text);
        break;
      }
      case "clear":
        this.#publishFor(message.cell, "clear_output", { wait: message.wait });
        break;
      case "page":
        this.#parents.get(message.cell)?.payload.push({ source: "page", data: message.data, start: 0 });
        break;
      case "done":
        this.#find(message.cell)?.finish({ error: message.error });
        break;
      case "error":
        this.#publishFor(message.cell, "error", { ...errorContent(message.error) });
        break;
      case "finished":
      case "stopped":
        this.#find(message.id)?.finish(message);
        break;
      case "comm": {
        const { event, content, metadata } = message;
        const parent = this.#parents.get(message.cell)?.header;
        // In this thread buffers arrive as plain Uint8Arrays.
        const buffers = message.buffers.map((buffer) => Buffer.from(buffer.buffer));
        this.#comms.follow(event, content);
        this.#publish(event, content, { parent, metadata, buffers });
        break;
      }
      case "commTarget":
        this.#comms.setTarget(message.name, message.registered);
        break;
      case "answers":
        this.#bell.connect(message.port, message.bell);
        this.#waitedChild.connect(message.waits);
        this.#ready();
        break;
      case "waits":
        this.#waitedChild.begin(message.others);
        break;
      case "input":
        this.#stdin.ask(message, this.#parents.get(message.cell));
        break;
      case "locate":
        void this.#locate(message);
        break;
      case "pong":
        this.#pongs.get(message.id)?.();
        this.#pongs.delete(message.id);
    }
  }

  async #locate({ question, file }: { question: number; file: string }): Promise<void> {
    const value = await this.#language
      .ask("locate", { file })
      .catch((error: unknown) => ({ error: kernelError(error) }));
    this.#bell.answer({ question, value });
  }

  async #receive(exchange: Exchange): Promise<void> {
    const { header } = exchange.request;
    if (exchange.channel === "shell" && header.msg_type === "execute_request") {
      this.#queue.push(exchange);
      await this.#workOff();
      return;
    }
    if (exchange.channel === "stdin") {
      this.#stdin.receive(exchange.request);
      return;
    }
    this.#publish("status", { execution_state: "busy" }, { parent: header });
    try {
      await this.#answer(exchange);
    } catch (error) {
      const { message, stack = message } = error as Error;
      const content = errorContent({ ename: "KernelError", evalue: message, traceback: stack.split("\n") });
      this.#reply(exchange, header.msg_type.replace(/_request$/, "_reply"), { status: "error", ...content });
    }
    this.#publish("status", { execution_state: "idle" }, { parent: header });
    if (header.msg_type === "shutdown_request") await this.#shutDown();
  }

  async #answer(exchange: Exchange): Promise<void> {
    const { header, content } = exchange.request;
    const source = codeOf(content);
    const cursor = typeof content.cursor_pos === "number" ? content.cursor_pos : [...source].length;
    if (isCommEvent(header.msg_type)) {
      await this.#serveComm(header.msg_type, exchange.request);
      return;
    }
    switch (header.msg_type) {
      case "kernel_info_request":
        this.#reply(exchange, "kernel_info_reply", this.#kernelInfo());
        break;
      case "complete_request": {
        const { start, end, matches } = await this.#language.ask("complete", { source, cursor });
        this.#reply(exchange, "complete_reply", {
          status: "ok",
          matches: matches.map(({ text }) => text),
          cursor_start: start,
          cursor_end: end,
          metadata: { _jupyter_types_experimental: matches.map((match) => ({ ...match, start, end })) },
        });
        break;
      }
      case "inspect_request": {
        const detailed = Number(content.detail_level) > 0;
        const said = await this.#language.ask("inspect", { source, cursor, detailed });
        const data = said ? { "text/plain": said.plain, "text/markdown": said.markdown } : {};
        this.#reply(exchange, "inspect_reply", {
          status: "ok",
          found: said !== undefined,
          data,
          metadata: {},
        });
        break;
      }
      case "is_complete_request":
        this.#reply(exchange, "is_complete_reply", {
          ...(await this.#language.ask("isComplete", { source })),
        });
        break;
      case "history_request":
        this.#reply(exchange, "history_reply", {
          status: "ok",
          history: await this.#history.answer(content),
        });
        break;
      case "comm_info_request":
        this.#reply(exchange, "comm_info_reply", { status: "ok", comms: this.#comms.info(content) });
        break;
      case "connect_request": {
        const ports = Object.entries(this.#connection.ports).map(([channel, port]) => [
          `${channel}_port`,
          port,
        ]);
        this.#reply(exchange, "connect_reply", {
          status: "ok",
          ...(Object.fromEntries(ports) as Record<string, number>),
        });
        break;
      }
      case "interrupt_request":
        await this.#interrupt();
        this.#reply(exchange, "interrupt_reply", { status: "ok" });
        break;
      case "shutdown_request":
        this.#reply(exchange, "shutdown_reply", { status: "ok", restart: content.restart === true });
        break;
      default:
        console.error(`unrolled kernel: no answer to ${header.msg_type.slice(0, LONGEST_REPORT)}`);
    }
  }

  /** Messages of comms wait for no cell: widgets stay live while one awaits. */
  async #serveComm(event: CommEvent, request: Message): Promise<void> {
    const { identities, header, content, metadata, buffers } = request;
    if (!this.#comms.accepts(event, content)) {
      // The specification's answer to a target that is not registered; JupyterLab tries some whenever it connects.
      if (event === "comm_open") {
        this.#publish("comm_close", { comm_id: content.comm_id, data: {} }, { parent: header });
      }
      return;
    }
    this.#comms.follow(event, content);
    const { error } = await this.#onMain((id) => {
      const count = this.#executionCount;
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
    if (error) this.#publish("error", { ...errorContent(error) }, { parent: header });
  }

  #kernelInfo(): Content {
    const { version, nodeVersion, typescriptVersion } = this.#info;
    return {
      status: "ok",
      protocol_version: PROTOCOL_VERSION,
      implementation: "unrolled",
      implementation_version: version,
      language_info: {
        name: "typescript",
        version: typescriptVersion,
        mimetype: "text/typescript",
        file_extension: ".ts",
        pygments_lexer: "typescript",
        codemirror_mode: { name: "javascript", typescript: true },
        nbconvert_exporter: "script",
      },
      banner: `Unrolled ${version}: TypeScript ${typescriptVersion} on Node ${nodeVersion}`,
      help_links: [{ text: "TypeScript Handbook", url: "https://www.typescriptlang.org/docs/handbook/" }],
      debugger: false,
      supported_features: [],
    };
  }

  /** Runs the queued cells one after the other. */
  async #workOff(): Promise<void> {
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
    for (const exchange of this.#queue.splice(0)) {
      const { header } = exchange.request;
      this.#publish("status", { execution_state: "busy" }, { parent: header });
      // Without a number: the cell never ran, and a page would show it.
      this.#reply(exchange, "execute_reply", { status: "aborted" });
      this.#publish("status", { execution_state: "idle" }, { parent: header });
    }
  }

  /** @returns whether the cell failed. */
  async #execute(exchange: Exchange): Promise<boolean> {
    const { identities, header, content } = exchange.request;
    const mayAsk = content.allow_stdin === true;
    const source = codeOf(content);
    const silent = content.silent === true;
    const stored = !silent && content.store_history !== false && source.trim() !== "";
    const id = ++this.#lastId;
    if (stored) this.#executionCount++;
    const count = this.#executionCount;
    const payload: Content[] = [];
    this.#parents.addCell(id, { header, identities, mayAsk, silent, stored, count, payload });
    this.#publish("status", { execution_state: "busy" }, { parent: header });
    this.#publishFor(id, "execute_input", { code: source, execution_count: count });
    if (stored) this.#history.add(count, source);

    const error = await this.#run(id, `cell[${count}].ts`, source);
    if (error) {
      const content = errorContent(error);
      this.#publishFor(id, "error", { ...content });
      this.#reply(exchange, "execute_reply", {
        status: "error",
        execution_count: count,
        ...content,
        payload,
      });
    } else {
      const user_expressions = await this.#evaluateAll(content.user_expressions);
      this.#reply(exchange, "execute_reply", {
        status: "ok",
        execution_count: count,
        payload,
        user_expressions,
      });
    }
    this.#publish("status", { execution_state: "idle" }, { parent: header });
    return error !== undefined;
  }

  async #run(id: number, name: string, source: string): Promise<CellError | undefined> {
    const cell = new RunningCell(id);
    this.#running = cell;
    this.#lastCell = id;
    try {
      const compiled = this.#language.ask("compile", { name, source });
      // An interrupt does not wait for the compiler.
      const answer = await Promise.race([compiled, cell.finished]);
      if ("notice" in answer) this.#publishFor(id, "stream", { name: "stderr", text: answer.notice });
      if (!("compiled" in answer)) return answer.error;
      cell.isSent = true;
      this.#main.postMessage({ type: "run", cell: id, name, compiled: answer.compiled });
      return (await cell.finished).error;
    } catch (error) {
      return kernelError(error);
    } finally {
      this.#running = undefined;
    }
  }

  #find(id: number): Task | undefined {
    return this.#running?.id === id ? this.#running : this.#tasks.get(id);
  }

  async #evaluateAll(expressions: unknown): Promise<Content> {
    if (typeof expressions !== "object" || expressions === null) return {};
    const results: Content = {};
    for (const [name, source] of Object.entries(expressions)) {
      const answer = await this.#language
        .ask("compile", { name: "expression.ts", source: String(source) })
        .catch((error: unknown) => ({ error: kernelError(error) }));
      const { bundle, error } =
        "error" in answer
          ? { ...answer, bundle: undefined }
          : await this.#onMain((id) => ({ type: "evaluate", id, compiled: answer.compiled }));
      results[name] = error
        ? { status: "error", ...errorContent(error) }
        : { status: "ok", data: {}, metadata: {}, ...bundle };
    }
    return results;
  }

  /** Has the main thread run something that is not a cell. An interrupt ends it too. */
  async #onMain(request: (id: number) => WireToMain): Promise<Finished> {
    const id = ++this.#lastId;
    const task = new Task(id);
    this.#tasks.set(id, task);
    this.#main.postMessage(request(id));
    try {
      return await task.finished;
    } finally {
      this.#tasks.delete(id);
    }
  }

  /** Resolves when the main thread is free again, or is known to be inside a call that cannot be broken off. */
  async #interrupt(): Promise<void> {
    this.#stopping ??= this.#stop().finally(() => {
      this.#stopping = undefined;
    });
    const blocked = new Promise<void>((resolve) => setTimeout(resolve, BLOCKED_AFTER));
    await Promise.race([this.#stopping, blocked]);
  }

  /** Stops whatever the main thread is doing, and the running cell, also one that awaits for ever. */
  async #stop(): Promise<void> {
    // Before that it loads what the kernel is made of.
    await this.#isReady;
    const running = this.#running;
    const stopped = new Map(this.#tasks);
    if (running?.isSent) stopped.set(running.id, running);
    else {
      running?.finish({ error: INTERRUPTED });
      this.#language.abandonCells();
    }
    this.#stdin.forget();
    const blocked = setTimeout(() => {
      if (!running || this.#waitedChild.isEnding) return;
      this.#publishFor(running.id, "stream", { name: "stderr", text: BLOCKED });
    }, BLOCKED_AFTER);
    let calls: string[] | undefined;
    let isOver = stopped.size === 0;
    const over = Promise.all([...stopped.values()].map(({ finished }) => finished)).then(() => {
      isOver = true;
    });
    do {
      calls = (await this.#free()) ?? calls;
      clearTimeout(blocked);
      // What the cell asked for: before, it would have heard that.
      if (isOver) break;
      if (running?.isSent) this.#language.abandonCells();
      this.#main.postMessage({ type: "stop", runs: [...stopped.keys()], calls });
      // What is stopped may still end what it must, and may be inside a loop then.
      await Promise.race([over, sleep(ANSWERS_WITHIN)]);
    } while (!isOver);
  }

  /** Ends what keeps the main thread from answering. @returns the calls that it was in */
  async #free(): Promise<string[] | undefined> {
    for (let attempt = 1; !(await this.#ping()); attempt++) {
      if (await this.#waitedChild.end(this.#language.pid)) continue;
      await Promise.race([this.#mainThread.breakOff(), sleep(ANSWERS_WITHIN)]);
      // Nothing could be ended: packages are being loaded, which being looked at makes slower.
      if (attempt > 1) await sleep(3 * ANSWERS_WITHIN);
    }
    return this.#mainThread.calls();
  }

  /** Whether the main thread answers within a moment. */
  async #ping(): Promise<boolean> {
    const id = ++this.#lastId;
    const pong = new Promise<true>((resolve) => {
      this.#pongs.set(id, () => {
        resolve(true);
      });
    });
    this.#main.postMessage({ type: "ping", id });
    const answers = await Promise.race([pong, sleep(ANSWERS_WITHIN)]);
    this.#pongs.delete(id);
    return answers ?? false;
  }

  async #shutDown(): Promise<void> {
    await this.#history.flush();
    await this.#sockets.close();
    // Node would not exit while it is being inspected.
    this.#mainThread.disconnect();
    this.#main.postMessage({ type: "exit" });
    // A busy main thread does not hear that.
    setTimeout(this.#exit, 300);
  }

  #reply({ channel, request }: Exchange, type: string, content: Content): void {
    const { identities, header } = request;
    this.#sockets.send(channel, this.#codec.create(type, content, { identities, parent: header }));
  }

  #publishFor(id: number, type: string, content: Content): void {
    const known = this.#parents.get(id);
    if (!known || known.silent) return;
    const parent = known.header;
    try {
      this.#publish(type, content, { parent });
    } catch (error) {
      // JSON has no room for it: half a gigabyte is the longest string.
      const text = `An output (${type}) could not be sent: ${(error as Error).message}\n`;
      this.#publish("stream", { name: "stderr", text }, { parent });
    }
  }

  #publish(type: string, content: Content, options: Partial<Message> = {}): void {
    const topic = Buffer.from(`kernel.unrolled.${type}`);
    this.#sockets.publish(this.#codec.create(type, content, { ...options, identities: [topic] }));
  }
}

/** An error of the language process itself. */
function kernelError(error: unknown): CellError {
  if (error instanceof Abandoned) return INTERRUPTED;
  const { message } = error as Error;
  return { ename: "KernelError", evalue: message, traceback: message.split("\n") };
}

/** The code that a request brings; anything but a string counts as empty code. */
function codeOf({ code }: Content): string {
  return typeof code === "string" ? code : "";
}
