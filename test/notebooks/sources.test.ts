// What every notebook of the workbook keeps, read from its source: short code cells, the same formulas in
// both languages, every quantity of its slides compared, folded answers at the end.

import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readSource } from "../../notebooks/tooling/generate.js";
import { lectureSlides } from "../../notebooks/workbook/lecture/lecture_slides.js";
import { reconstructedSlides } from "../../notebooks/workbook/lecture/reconstructed_slides.js";

const folder = fileURLToPath(new URL("../../notebooks/source/", import.meta.url));
const files = readdirSync(folder).filter((name) => /^\d\d_.*\.md$/.test(name));
const sourceOf = (file: string) => readSource(readFileSync(folder + file, "utf8"), file);
const all = (pattern: RegExp, text: string) => [...text.matchAll(pattern)].map(([match]) => match);

const namesForAll = [
  'import { add, hadamard, matVec, norm, outer, scale, shape, sub, zeros } from "unrolled";',
  'import { sigmoid, sigmoidPrime, tanh, tanhPrime, transpose, transposedMatVec } from "unrolled";',
];

describe.each(files)("%s", (file) => {
  const { number, minutes, cells } = sourceOf(file);
  const prose = cells.flatMap((cell) => (cell.kind === "prose" ? [cell] : []));
  const code = cells.flatMap((cell) => (cell.kind === "code" ? [cell] : []));

  test("has code cells of 12 lines or fewer", () => {
    const long = code.filter((cell) => cell.code.split("\n").length > 12);
    expect(long.map(({ id }) => id)).toEqual([]);
  });

  test("imports the names of notebook 00's list first", () => {
    const [first, second] = code[0].code.split("\n");
    expect([first, second]).toEqual(namesForAll);
  });

  test("has comments in English only", () => {
    const korean = code.filter((cell) => /[가-힣]/.test(cell.code));
    expect(korean.map(({ id }) => id)).toEqual([]);
  });

  test("says the same formulas in both languages", () => {
    for (const { id, text } of prose) {
      const display = /\$\$[^$]+\$\$/g;
      expect(all(display, text.ko), id).toEqual(all(display, text.en));
      const inline = (language: "en" | "ko") => new Set(all(/(?<!\$)\$[^$\n]+\$(?!\$)/g, text[language]));
      expect(inline("ko"), id).toEqual(inline("en"));
      expect(text.en.match(/<details>/g)?.length, id).toBe(text.ko.match(/<details>/g)?.length);
    }
  });

  test("has Korean in the Korean text and none in the English except the lecture's name", () => {
    for (const { id, text } of prose) {
      expect(text.ko, id).toMatch(/[가-힣]|^## .*\n\n\$\$/);
      const english = text.en.replaceAll("RNN과 LSTM", "").replaceAll("재구성", "");
      expect(english, id).not.toMatch(/[가-힣]/);
    }
  });

  test("gives credit and asks for a guess", () => {
    expect(prose[0].text.en).toContain("ONECLICK AI");
    expect(prose[0].text.ko).toContain("ONECLICK AI");
    expect(prose.map(({ id }) => id)).toContain("predict");
  });

  // Notebook 00 teaches nothing to be asked about; it ends where the reader can go on.
  if (number === "00") {
    test("ends in links to what else there is", () => {
      const recap = cells.at(-1);
      const text = recap?.kind === "prose" ? recap.text : { en: "", ko: "" };
      expect(all(/\]\([a-z]+\.md\)/g, text.en)).not.toEqual([]);
      expect(all(/\]\([a-z]+\.md\)/g, text.ko)).toEqual(all(/\]\([a-z]+\.md\)/g, text.en));
    });
  } else {
    test("ends in three questions", () => {
      // The last notebook takes its leave behind them.
      const farewell = number === "09" ? ["learned", "slide-73"] : [];
      const [recap, ...behind] = prose.slice(-1 - farewell.length);
      expect(recap.text.en.match(/<details>/g)?.length).toBe(3);
      expect(behind.map(({ id }) => id)).toEqual(farewell);
      // Behind the last text there is at most the cell that takes the answers.
      expect(cells.slice(-2)).toContain(prose.at(-1));
    });
  }

  test("takes as long as its front matter says", () => {
    expect(prose[0].text.en).toContain(`about ${minutes} minutes`);
    expect(prose[0].text.ko).toContain(`약 ${minutes}분`);
  });
});

const compared = (file: string) => {
  const source = readFileSync(folder + file, "utf8");
  return (slide: number, name: string) =>
    [...source.matchAll(/book\.slide\((\d+), \{(.*?)\}\)/gs)].some(
      ([, number, values]) =>
        Number(number) === slide &&
        new RegExp(`"${escape(name)}":|(^|[,\\s])${escape(name)}(:|,|\\s|$)`).test(values),
    );
};
const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

test.each([
  ["02_vanishing_gradients.md", 13, 19],
  ["03_exploding_gradients.md", 20, 26],
  ["05_lstm_forward.md", 36, 43],
  ["06_lstm_backward.md", 44, 57],
  ["07_update_and_train.md", 58, 59],
])("%s compares every quantity of slides %i–%i", (file, first, last) => {
  const isCompared = compared(file);
  const missing = [...reconstructedSlides, ...lectureSlides]
    .filter(({ slide, name }) => slide >= first && slide <= last && !isCompared(slide, name))
    .map(({ slide, name }) => `${slide} ${name}`);
  expect(missing).toEqual([]);
});
