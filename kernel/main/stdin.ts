// `process.stdin` in a cell. The kernel's own is of no use: it would be the terminal that started Jupyter, or
// nothing. A readline interface on this one asks the user line by line.

import { createRequire } from "node:module";
import type * as readlineModule from "node:readline";
import type * as promisesModule from "node:readline/promises";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { askUser } from "./prompt.js";

const require = createRequire(import.meta.url);
const askLine = (query: string) => askUser("readline", query, false);

/** Opened when a cell first looks at it. */
export function installStdin(): void {
  let stdin: Readable | undefined;
  Object.defineProperty(process, "stdin", {
    get: () => (stdin ??= openStdin()),
    configurable: true,
    enumerable: true,
  });
}

function openStdin(): Readable {
  // With its number a child can be given the kernel's own.
  const stdin = Object.assign(new Readable({ read: () => undefined }), { fd: 0 });
  const { Interface } = require("node:readline") as typeof readlineModule;
  const promises = require("node:readline/promises") as typeof promisesModule;

  /** In the place of a method, for interfaces that read from here. */
  const replace = (prototype: object, name: string, own: (target: readlineModule.Interface) => Method) => {
    const methods = prototype as Record<string, Method>;
    const original = methods[name];
    methods[name] = function (this: readlineModule.Interface & { input?: unknown }, ...args) {
      const called = this.input === stdin ? own(this) : original;
      return called.apply(this, args);
    };
    return methods[name];
  };

  const question = replace(Interface.prototype, "question", () => (query, ...rest) => {
    const answer = askLine(String(query));
    process.nextTick(rest.at(-1) as (answer: string) => void, answer);
  });
  const promised: Method = (query) => new Promise((resolve) => resolve(askLine(String(query))));
  Object.defineProperty(question, promisify.custom, { value: promised });
  replace(promises.Interface.prototype, "question", () => promised);
  // Both kinds inherit it.
  replace(Object.getPrototypeOf(Interface.prototype) as object, "prompt", (target) => () => {
    const answer = askLine(target.getPrompt());
    process.nextTick(() => target.emit("line", answer));
  });
  return stdin;
}

type Method = (...args: unknown[]) => unknown;
