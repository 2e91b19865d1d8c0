// What is bold in the source is bold on the page. Between a bracket and a Korean particle Markdown does not
// see that the bold text ends, and shows the asterisks.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { marked } from "marked";
import { expect, test } from "vitest";
import { packageRoot } from "../../kernel/package_root.js";
import { parseNotebook } from "../../kernel/protocol/nbformat.js";
import { keepGuesses } from "../../notebooks/workbook/exercises/guesses.js";
import { predictions } from "../../notebooks/workbook/exercises/predictions.js";
import type { Progress } from "../../notebooks/workbook/exercises/progress.js";

/** The asterisks that a reader sees around texts, as "답은 **2(Dense 층)**입니다". */
function asterisks(markdown: string): string[] {
  const withoutFormulas = markdown.replace(/\$\$[^]*?\$\$|\$[^$\n]*\$/g, "x");
  const html = marked.parse(withoutFormulas, { async: false });
  const withoutCode = html.replace(/<(code|pre)\b[^]*?<\/\1>/g, "");
  return withoutCode.match(/.{0,40}\*\*.{0,40}/g) ?? [];
}

const folder = join(packageRoot, "notebooks");
const notebooks = ["en", "ko"].flatMap((language) =>
  readdirSync(join(folder, language))
    .filter((name) => name.endsWith(".ipynb"))
    .map((name) => `${language}/${name}`),
);

test.each(notebooks)("in the cells and outputs of %s", (name) => {
  const { cells } = parseNotebook(readFileSync(join(folder, name), "utf8"), name);
  const text = (value: unknown) => (Array.isArray(value) ? value.join("") : String(value));
  const shown = cells.flatMap(({ cell_type: type, source, outputs = [] }) => [
    ...(type === "markdown" ? [text(source)] : []),
    ...outputs.flatMap((output) =>
      "data" in output && "text/markdown" in output.data ? [text(output.data["text/markdown"])] : [],
    ),
  ]);
  expect(shown.length).toBeGreaterThan(5);
  expect(shown.flatMap(asterisks)).toEqual([]);
});

test.each(["en", "ko"] as const)("in all that is told of a guess, in %s", (language) => {
  const progress = { recordGuess: () => undefined } as unknown as Progress;
  const told = Object.entries(predictions).flatMap(([id, { choices = {} }]) => {
    const values = [...Object.keys(choices).map(Number), -0.25, 3];
    return values.flatMap((truth) => {
      const guesses = keepGuesses(language, () => progress);
      return [null, ...values].flatMap((guess) => [guesses.make(id, guess), guesses.reveal(id, truth)]);
    });
  });
  expect(told.join()).toContain("**");
  expect(told.flatMap(asterisks)).toEqual([]);
});
