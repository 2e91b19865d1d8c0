// `prompt()` in a cell: asks the user and waits, as in Deno and in browsers.
// Source: Jupyter messaging specification 5.5, "Messages on the stdin channel".
import { cell } from "./frontend.js";
import { ask } from "./questions.js";

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

/** Makes `prompt` known to cells. */
export function installPrompt(): void {
  const value = Object.assign(
    (message = "", defaultValue?: string) => {
      const text = defaultValue === undefined ? String(message) : `${message} [${defaultValue}] `;
      return askUser("prompt", text, false) || (defaultValue ?? "");
    },
    { password: (message = "") => askUser("prompt.password", String(message), true) },
  );
  Object.defineProperty(globalThis, "prompt", { value, writable: true, configurable: true });
}

function askUser(name: string, prompt: string, password: boolean): string {
  const value = ask({ type: "input", cell: cell(), prompt, password });
  if (value !== undefined) return value;
  throw new StdinNotImplementedError(
    `${name}: nobody can be asked here, as the client that runs this cell takes no input (allow_stdin is false)`,
  );
}
