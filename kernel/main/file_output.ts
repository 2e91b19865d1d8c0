// What a cell writes into the files of the kernel's own stdout and stderr, by their numbers or their names:
// it belongs to the cell like any other print, and takes its place among them.

import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

type Stream = "stdout" | "stderr";
type Call = (...args: unknown[]) => unknown;

const STREAMS = new Map<unknown, Stream>(
  (["stdout", "stderr"] as const).flatMap((stream, index) => [
    [index + 1, stream],
    [`/dev/${stream}`, stream],
    [`/dev/fd/${index + 1}`, stream],
    [`/proc/self/fd/${index + 1}`, stream],
  ]),
);
const FILES = { stdout: 1, stderr: 2 };

/** After the streams themselves were given other ways to write. */
export function captureFiles(): void {
  const writeFile = (stream: Stream, [data, options]: unknown[]) => {
    const encoding =
      typeof options === "string" ? options : (options as { encoding?: string } | null)?.encoding;
    process[stream].write(bytesOf(data, encoding));
  };
  replace(fs, {
    writeSync: (stream, args) => print(stream, part(args)),
    write: (stream, args) => {
      call(args, print(stream, part(args)), args[0]);
    },
    writevSync: (stream, [views]) => printAll(stream, views),
    writev: (stream, args) => {
      call(args, printAll(stream, args[0]), args[0]);
    },
    writeFileSync: writeFile,
    appendFileSync: writeFile,
    writeFile: (stream, args) => {
      writeFile(stream, args);
      call(args);
    },
    appendFile: (stream, args) => {
      writeFile(stream, args);
      call(args);
    },
    openSync: (stream) => FILES[stream],
    open: (stream, args) => {
      call(args, FILES[stream]);
    },
    // Whatever is opened next would be taken for it.
    closeSync: () => undefined,
    close: (_, args) => {
      call(args);
    },
  });
  const writeLater = (stream: Stream, args: unknown[]) => Promise.resolve(writeFile(stream, args));
  replace(fs.promises, { writeFile: writeLater, appendFile: writeLater });
  syncBuiltinESMExports();
}

function replace(owner: object, instead: Record<string, (stream: Stream, args: unknown[]) => unknown>): void {
  const functions = owner as Record<string, Call>;
  for (const [name, print] of Object.entries(instead)) {
    const original = functions[name];
    const replaced = (...args: unknown[]) => {
      const stream = STREAMS.get(args[0]);
      return stream ? print(stream, args.slice(1)) : original(...args);
    };
    // Their name and length, and how they are promisified.
    functions[name] = Object.defineProperties(replaced, Object.getOwnPropertyDescriptors(original));
  }
}

function call(args: unknown[], ...results: unknown[]): void {
  const callback = args.at(-1);
  if (typeof callback === "function") process.nextTick(callback, null, ...results);
}

function print(stream: Stream, bytes: Buffer): number {
  process[stream].write(bytes);
  return bytes.length;
}

function printAll(stream: Stream, views: unknown): number {
  return print(stream, Buffer.concat((views as unknown[]).map((view) => bytesOf(view))));
}

/** The bytes that `write(data, …)` writes: a string with its position and encoding, or a part of bytes. */
function part([data, ...rest]: unknown[]): Buffer {
  if (typeof data === "string") return bytesOf(data, rest[1]);
  const bytes = bytesOf(data);
  const [first, second] = rest;
  const given = typeof first === "object" && first !== null ? first : { offset: first, length: second };
  const { offset, length } = given as { offset?: unknown; length?: unknown };
  const begin = typeof offset === "number" ? offset : 0;
  return bytes.subarray(begin, typeof length === "number" ? begin + length : undefined);
}

function bytesOf(data: unknown, encoding?: unknown): Buffer {
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (typeof data === "string")
    return Buffer.from(data, Buffer.isEncoding(String(encoding)) ? (encoding as BufferEncoding) : "utf8");
  throw new TypeError(
    `data is ${data === null ? "null" : typeof data}, but must be a string or a view of bytes`,
  );
}
