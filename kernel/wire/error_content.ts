// Errors as they are published: with a traceback in ANSI colours, which front-ends draw and files keep.

import type { CellError } from "../threads.js";

const red = (text: string) => `\x1b[31m${text}\x1b[39m`;
// JupyterLab's cyan cannot be read on the light red that is behind errors; its bold cyan is a darker one.
const cyan = (text: string) => `\x1b[1;36m${text}\x1b[22;39m`;

const TITLE = /^(Uncaught )?([\p{L}\p{N}_$]+)(?=:|$)/u;
const PART_TITLE = /^(Caused by: |\[\d+ of \d+\] )([\p{L}\p{N}_$]+)(?=:|$)/u;
const MARK = /^>(?= +\d+ \|)/;
const CARETS = /^( +\|\s+)(\^+)$/;
const CALL = /^(\s+at (?:.* \(|async )?)([^()]+:\d+:\d+)(?=\)?$)/;
const COMPLAINT = /^(.+:\d+:\d+)( - )(error)(?= TS\d+: )/;

// A longer part is a message that nobody reads to its end, and the wire thread has others to
// serve.
const COLOURED_CHARACTERS = 100_000;

/** What an `error` message says, and a reply that tells of one. */
export function errorContent({ ename, evalue, traceback }: CellError): CellError {
  const [first = "", ...rest] = traceback;
  const parts = [first.replace(TITLE, named), ...rest];
  return { ename, evalue, traceback: parts.map(coloured) };
}

const named = (_: string, before = "", name: string) => before + red(name);

function coloured(part: string): string {
  return part.length > COLOURED_CHARACTERS ? part : part.split("\n").map(colouredLine).join("\n");
}

function colouredLine(line: string): string {
  return line
    .replace(PART_TITLE, named)
    .replace(MARK, red)
    .replace(CARETS, (_, before: string, carets: string) => before + red(carets))
    .replace(CALL, (_, before: string, place: string) => before + cyan(place))
    .replace(COMPLAINT, (_, place: string, dash: string, word: string) => cyan(place) + dash + red(word));
}
