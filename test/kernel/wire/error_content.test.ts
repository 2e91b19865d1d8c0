// Colours of tracebacks; what the messages of a real kernel look like is in execution.test.ts and
// comms.test.ts.

import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { errorContent } from "../../../kernel/wire/error_content.js";

const error = (...traceback: string[]) => errorContent({ ename: "RangeError", evalue: "no", traceback });

test("a traceback's names, marks and places are coloured, and nothing is added or lost", () => {
  const lines = [
    "RangeError: no",
    "",
    "> 1 | f()",
    "    | ^",
    "",
    "    at f (cell[1].ts:1:1)",
    "    at cell[1].ts:1:1",
  ];
  const { ename, evalue, traceback } = error(...lines);
  expect([ename, evalue]).toEqual(["RangeError", "no"]);
  expect(traceback.map(stripVTControlCharacters)).toEqual(lines);
  expect(traceback.map((line, at) => line !== lines[at])).toEqual([
    true,
    false,
    true,
    true,
    false,
    true,
    true,
  ]);
});

test("a message of any length is coloured as fast as its title", () => {
  const long = "Caused by: Error: x\n".repeat(6_000);
  expect(error(`RangeError: no\n${long}`).traceback[0]).toBe(`\x1b[31mRangeError\x1b[39m: no\n${long}`);
});
