// `prompt()` in a cell: asks the user and waits, as in Deno and in browsers. The cell's thread sleeps meanwhile, and
// the wire thread, which sends the question, wakes it; an interrupt ends the wait like any other code.
// Source: Jupyter messaging specification 5.5, "Messages on the stdin channel".
import { MessageChannel, receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import type { InputAnswer } from "../threads.js";
import { cell, post } from "./frontend.js";

declare global {
  /**
   * Asks the user for a line of text and waits for it.
   * @param message the text at the prompt
   * @param defaultValue what an empty answer means
   * @throws StdinNotImplementedError where nobody can be asked, as when a notebook is executed by a program
   */
  function prompt(message?: string, defaultValue?: string): string;
  // The one way to give a global function a property that also holds where a package brings the browser's types.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace prompt {
    /** The same for secrets: what is typed is not shown. */
    function password(message?: string): string;
  }
}

/** Nobody can be asked: the request that runs the cell says `allow_stdin: false`. */
class StdinNotImplementedError extends Error {
  override name = "StdinNotImplementedError";
}

let answers: MessagePort;
// Rung for each answer, so that the sleeping thread wakes.
let bell: Int32Array;
let lastQuestion = 0;

/** Makes `prompt` known to cells. */
export function installPrompt(): void {
  const { port1, port2 } = new MessageChannel();
  answers = port1;
  bell = new Int32Array(new SharedArrayBuffer(4));
  post({ type: "stdin", answers: port2, bell }, [port2]);
  const value = Object.assign(
    (message = "", defaultValue?: string) => {
      const text = defaultValue === undefined ? String(message) : `${message} [${defaultValue}] `;
      return ask("prompt", text, false) || (defaultValue ?? "");
    },
    { password: (message = "") => ask("prompt.password", String(message), true) },
  );
  Object.defineProperty(globalThis, "prompt", { value, writable: true, configurable: true });
}

function ask(name: string, prompt: string, password: boolean): string {
  const question = ++lastQuestion;
  post({ type: "input", cell: cell(), question, prompt, password });
  for (;;) {
    const rung = Atomics.load(bell, 0);
    const answer = receiveMessageOnPort(answers)?.message as InputAnswer | undefined;
    if (!answer) Atomics.wait(bell, 0, rung);
    // An answer that came too late for an interrupted question may lie in front.
    if (answer?.question !== question) continue;
    const { value } = answer;
    if (value !== undefined) return value;
    throw new StdinNotImplementedError(
      `${name}: nobody can be asked here, as the client that runs this cell takes no input (allow_stdin is false)`,
    );
  }
}
