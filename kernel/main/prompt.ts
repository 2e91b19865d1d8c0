// `prompt()`, `confirm()` and `alert()` in a cell: they ask the user and wait, as in Deno and in browsers.
// Source: Jupyter messaging specification 5.5, "Messages on the stdin channel".

import { cell } from "./frontend.js";
import { ask } from "./questions.js";

declare global {
  /**
   * Asks the user for a line of text and waits for it.
   * @param message the text at the prompt
   * @param defaultValue what an empty answer means
   * @throws {StdinNotImplementedError} where no one can be asked, as when a notebook is executed by a program
   */
  function prompt(message?: string, defaultValue?: string): string;
  // The one way to give a global function a property that also holds where a package brings the browser's
  // types.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace prompt {
    /** The same for secrets: what is typed is not shown. */
    function password(message?: string): string;
  }

  /**
   * Asks the user for yes or no and waits for it; only "y" and "yes" mean yes.
   * @throws {StdinNotImplementedError} where no one can be asked
   */
  function confirm(message?: string): boolean;

  /** Shows a text and waits until the user has seen it; where no one can be asked, it is printed. */
  function alert(message?: string): void;
}

/** No one can be asked: the request that runs the cell says `allow_stdin: false`. */
class StdinNotImplementedError extends Error {
  override name = "StdinNotImplementedError";
}

/** Makes `prompt` and its like known to cells. */
export function installPrompt(): void {
  const prompt = Object.assign(
    (message = "", defaultValue?: string) => {
      const text = defaultValue === undefined ? String(message) : `${message} [${defaultValue}] `;
      return askUser("prompt", text, false) || (defaultValue ?? "");
    },
    { password: (message = "") => askUser("prompt.password", String(message), true) },
  );
  const confirm = (message = "Confirm") =>
    /^\s*y(es)?\s*$/i.test(askUser("confirm", `${message} [y/N] `, false));
  const alert = (message = "Alert") => {
    const answer = ask({ type: "input", cell: cell(), prompt: `${message} [Enter] `, password: false });
    if (answer === undefined) console.log(message);
  };
  for (const [name, value] of Object.entries({ prompt, confirm, alert })) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  }
}

/** @throws {StdinNotImplementedError} that names the caller */
export function askUser(name: string, prompt: string, password: boolean): string {
  const value = ask({ type: "input", cell: cell(), prompt, password });
  if (value !== undefined) return value;
  throw new StdinNotImplementedError(
    `${name}: no one can be asked here, because the client that runs this cell does not accept input (allow_stdin is false)`,
  );
}
