// What the server says on the terminal in which it was started.

import { inspect } from "node:util";

/** Names of files and what kernels send can hold anything; a terminal would obey its control characters. */
export function report(message: string, error?: unknown): void {
  const text = error === undefined ? message : `${message}: ${inspect(error)}`;
  console.error(`unrolled lab: ${escapeControls(text)}`);
}

const escapeControls = (text: string) =>
  text.replace(
    /(?![\n\t])\p{Cc}/gu,
    (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
