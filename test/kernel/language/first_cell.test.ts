// After a restart a notebook still shows what the kernel before had computed, and the next cell finds nothing
// of it.

import { expect, test } from "vitest";
import { Compiler } from "../../../kernel/language/compiler.js";

const ADVICE = "run the cells above first";
const complaint = (compiler: Compiler, code: string) => {
  const answer = compiler.compile("cell[1].ts", code);
  return "error" in answer ? answer.error.traceback.join("\n") : "";
};

test("the error about a missing name in a fresh kernel says that a cell above may define it", () => {
  const compiler = new Compiler();
  const text = complaint(compiler, "book.check(h1, { z1 })");
  expect(text).toContain("Cannot find name 'book'");
  expect(text.endsWith(`If a cell above defines book, ${ADVICE}.`)).toBe(true);
  expect(complaint(compiler, "[1].map((x) => ({ x, z1 }))")).toContain("If a cell above defines z1,");
  expect(complaint(compiler, "matht.sin(1)")).toContain(ADVICE);
});

test("other errors, and those of a kernel in which cells have run, do not mention cells above", () => {
  const compiler = new Compiler();
  expect(complaint(compiler, 'const n: number = "one"')).toContain("not assignable");
  expect(complaint(compiler, "const = book")).not.toContain(ADVICE);
  expect(complaint(compiler, 'const n: number = "one"')).not.toContain(ADVICE);
  expect("compiled" in compiler.compile("cell[2].ts", "const book = 1")).toBe(true);
  expect(complaint(compiler, "boook")).toContain("Cannot find name 'boook'");
  expect(complaint(compiler, "boook")).not.toContain(ADVICE);
});
