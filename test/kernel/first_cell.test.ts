// After a restart a notebook still shows what the kernel before had computed, and the next cell finds nothing
// of it.

import { expect, test } from "vitest";
import { Language } from "../../kernel/language/language.js";

const ADVICE = "run the cells above first";
const complaint = (language: Language, code: string) => {
  const answer = language.compile("cell[1].ts", code);
  return "error" in answer ? answer.error.traceback.join("\n") : "";
};

test("a name that is missing in a fresh kernel may be defined by a cell above, and it says so", () => {
  const language = new Language();
  const text = complaint(language, "book.check(h1, { z1 })");
  expect(text).toContain("Cannot find name 'book'");
  expect(text.endsWith(`If a cell above defines book, ${ADVICE}.`)).toBe(true);
  expect(complaint(language, "[1].map((x) => ({ x, z1 }))")).toContain("If a cell above defines z1,");
  expect(complaint(language, "matht.sin(1)")).toContain(ADVICE);
});

test("other complaints, and those of a kernel in which cells have run, say nothing of it", () => {
  const language = new Language();
  expect(complaint(language, 'const n: number = "one"')).toContain("not assignable");
  expect(complaint(language, "const = book")).not.toContain(ADVICE);
  expect(complaint(language, 'const n: number = "one"')).not.toContain(ADVICE);
  expect("compiled" in language.compile("cell[2].ts", "const book = 1")).toBe(true);
  expect(complaint(language, "boook")).toContain("Cannot find name 'boook'");
  expect(complaint(language, "boook")).not.toContain(ADVICE);
});
