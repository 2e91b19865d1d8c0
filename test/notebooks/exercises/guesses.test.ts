// Predict first: guesses are noted, revealed beside the truth, and drawn where the chart has the answer.

import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { View, parse } from "vega";
import { compile } from "vega-lite";
import type { TopLevelSpec } from "vega-lite";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { predictions } from "../../../notebooks/workbook/exercises/predictions.js";
import { workbook } from "../../../notebooks/workbook/index.js";
import type { Book, Chart, GuessPlace } from "../../../notebooks/workbook/index.js";
import { lectureSlides } from "../../../notebooks/workbook/lecture/lecture_slides.js";
import { jupyterDisplay } from "../../../notebooks/workbook/table.js";
import { decayChart } from "../../../src/index.js";

let folder: string;
let printed: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unrolled-guesses-"));
  vi.stubEnv("UNROLLED_PROGRESS", join(folder, "progress.json"));
  printed = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void printed.push(line));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

describe("a guess", () => {
  test("is remembered, replaced and taken back", () => {
    const book = workbook("02", "en");
    expect(book.guessed("02-a")).toBeNull();
    book.guess("02-a", 0.5);
    expect(book.guessed("02-a")).toBe(0.5);
    book.guess("02-a", 0.25);
    expect(book.guessed("02-a")).toBe(0.25);
    expect(book.guessed("02-b")).toBeNull();
    book.guess("02-a", null);
    expect(book.guessed("02-a")).toBeNull();
    expect(printed[0]).toContain("Guess 02-a: 0.5");
    expect(printed.at(-1)).toContain("none yet");
  });

  test("that is not a number is refused without an error", () => {
    const book = workbook("02", "en");
    book.guess("02-a", NaN);
    book.guess("02-b", "six" as never);
    expect(printed[0]).toContain("NaN is not a number");
    expect(printed[1]).toContain("six is not a number");
    expect(book.guessed("02-a")).toBeNull();
  });

  test.each([
    ["en", "you said 5, the answer is 6 (difference 1)", "exactly as you said", "You made no guess"],
    ["ko", "예상은 5, 답은 6입니다(차이 1)", "정확히 맞혔습니다", "예상은 적지 않았습니다"],
  ] as const)("in %s stands next to the truth when it is revealed", (language, missed, hit, none) => {
    const book = workbook("02", language);
    book.guess("02-b", 5);
    book.reveal("02-b", 6);
    book.guess("02-b", 6);
    book.reveal("02-b", 6);
    book.reveal("02-c", 6);
    expect(printed[1]).toContain(missed);
    expect(printed[3]).toContain(hit);
    expect(printed[4]).toContain(none);
  });

  test("that is some times the truth is told how many, and one that rounds it is right", () => {
    for (const language of ["en", "ko"] as const) {
      const book = workbook("01", language);
      book.guess("01-a", 500);
      book.reveal("01-a", 10);
      book.guess("06-b", 0.91);
      book.reveal("06-b", 0.9118);
    }
    expect(printed[1]).toContain("difference 490, 50 times as much");
    expect(printed[3]).toContain("the answer is 0.9118: right to the digits you gave");
    expect(printed[5]).toContain("차이 490, 50배");
    expect(printed[7]).toContain("적은 자릿수까지 맞혔습니다");
  });
});

const predictionsOf = (book: Book) => book.predictions()[jupyterDisplay]()["text/plain"].split("\n");

describe("predictions", () => {
  test("the guess that is revealed first is kept, over restarts and for all notebooks", () => {
    const book = workbook("02", "en");
    book.guess("02-a", 0.5);
    book.reveal("02-a", 0.0457);
    book.guess("02-a", 0.0457);
    book.reveal("02-a", 0.0457);
    workbook("03", "ko").guess("03-a", 4.1);
    const [caption] = predictionsOf(workbook("00", "en"));
    expect(caption).toBe(
      `Your predictions: 1 of ${Object.keys(predictions).length} made, 0 right or within a tenth, 0 within a factor of two`,
    );
    expect(predictionsOf(workbook("00", "en")).find((line) => line.startsWith("02-a"))).toMatch(
      / 0\.5 +0\.0457 +○ 10\.9 × the answer$/,
    );
  });

  test("a guess after the answer was shown is none", () => {
    const book = workbook("02", "en");
    book.reveal("02-a", 0.0457);
    book.guess("02-a", 0.0457);
    book.reveal("02-a", 0.0457);
    expect(predictionsOf(book)).toEqual([`Your predictions: none of ${Object.keys(predictions).length} yet`]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each<[id: string, guess: number, answer: number, verdict: string]>([
    ["02-a", 0.048, 0.0457, "✓ within a tenth"],
    ["02-a", 0.03, 0.0457, "≈ within a factor of two"],
    ["07-b", 2, 2, "✓ right"],
    ["06-a", 0, 0, "✓ right"],
    ["09-b", 0, 1e-17, "✓ right"],
    ["06-a", 0.01, 0, "○ not it"],
    ["09-a", 0.5887, -0.5887, "○ not it"],
    ["09-a", -0.55, -0.5887, "✓ within a tenth"],
    ["05-b", 39, 40, "○ not it"],
    ["04-a", 2, 1, "○ not it"],
  ])("%s: %d for %d is %s", (id, guess, answer, verdict) => {
    const book = workbook(id.slice(0, 2), "en");
    book.guess(id, guess);
    book.reveal(id, answer);
    expect(predictionsOf(book).find((line) => line.startsWith(id))).toMatch(new RegExp(`  ${verdict}$`));
  });

  test("a number that stands for something is told with it", () => {
    const book = workbook("04", "ko");
    book.guess("04-a", 2);
    book.reveal("04-a", 1);
    expect(printed.at(-1)).toBe("예상 04-a: 예상은 2(아래쪽), 답은 1(위쪽)입니다.");
    expect(predictionsOf(book).find((line) => line.startsWith("04-a"))).toMatch(
      /2\(아래쪽\) +1\(위쪽\) +○ 틀림$/,
    );
  });

  test("all that the notebooks ask for are revealed, and in the list", () => {
    const sources = fileURLToPath(new URL("../../../notebooks/source/", import.meta.url));
    const text = readdirSync(sources)
      .map((name) => readFileSync(sources + name, "utf8"))
      .join("\n");
    const code = [...text.matchAll(/^```ts id=.*?^```/gms)].map(([cell]) => cell).join("\n");
    const ids = (call: string) =>
      [...code.matchAll(new RegExp(`book\\.${call}\\("(.*?)"`, "g"))].map(([, id]) => id).sort();
    expect(ids("guess")).toEqual(Object.keys(predictions));
    expect(ids("reveal")).toEqual(Object.keys(predictions));
  });
});

/** The SVG of a chart; fails if Vega-Lite or Vega complains. */
async function draw(chart: Chart): Promise<string> {
  const complain = (...parts: readonly unknown[]) => {
    const message = parts.map(String).join(" ");
    // Without a browser there is no window to drag over.
    if (!message.includes("event source: window")) throw new Error(message);
    return logger;
  };
  const quiet = () => logger;
  const logger = { level: () => 0, error: complain, warn: complain, info: quiet, debug: quiet } as never;
  const { spec } = compile(JSON.parse(JSON.stringify(chart)) as TopLevelSpec, { logger });
  return new View(parse(spec), { renderer: "none", logger }).toSVG();
}

const charts: Record<string, [(book: Book) => Chart, GuessPlace, guess: number]> = {
  decay: [
    ({ language }) =>
      decayChart(
        Array.from({ length: 51 }, (_, k) => ({ k, series: "actual" as const, ratio: 0.08 ** k })),
        { language },
      ),
    { axis: "x" },
    12,
  ],
  slideDifferences: [
    (book) => {
      const quantity = (slide: number, name: string) =>
        lectureSlides.find((candidate) => candidate.slide === slide && candidate.name === name)!
          .exact as never;
      book.slide(38, { "h₁": quantity(38, "h₁") });
      book.slide(40, { "C₂": quantity(40, "C₂") });
      return book.slideDifferences();
    },
    { axis: "x" },
    38,
  ],
  oneStepBack: [
    (book) =>
      book.oneStepBack({
        rnn: 0.046,
        rnnSameWeights: 0.066,
        lstmHidden: 0.096,
        lstmForget: 0.762,
        lstmCell: 0.912,
      }),
    { axis: "x" },
    0.4,
  ],
  lossCurves: [
    (book) => book.lossCurves({ tied: [0.9, 0.7, 0.1], untied: [0.9, 0.71, 0.2] }),
    { axis: "y", x: 1 },
    0.6,
  ],
};

describe.each(Object.entries(charts))("book.markGuess on %s", (_, [chartOf, place, guess]) => {
  test.each([
    ["en", "your guess: "],
    ["ko", "내 예상: "],
  ] as const)(
    "in %s draws the guess with its label, and mentions it in the description",
    async (language, label) => {
      const book = workbook("02", language);
      const chart = chartOf(book);
      expect(book.markGuess(chart, "02-b", place)).toBe(chart);
      book.guess("02-b", guess);
      const marked = book.markGuess(chart, "02-b", place);
      const [before, after] = [await draw(chart), await draw(marked)];
      expect(before).not.toContain(label);
      expect(after).toContain(`>${label}${guess}<`);
      expect(marked.description).toContain(chart.description);
      expect(marked.description).toContain(String(guess));
      // The axes keep their titles.
      const titles = (svg: string) => svg.match(/role-axis-title.*?<\/text>/gs)?.length;
      expect(titles(after)).toBe(titles(before));
    },
  );
});

describe("a guess beyond the axis", () => {
  const [decay, place] = charts.decay;
  test("stands at the end of the axis, with its own number", async () => {
    const book = workbook("02", "en");
    book.guess("02-b", 1000);
    const marked = book.markGuess(decay(book), "02-b", place);
    expect(await draw(marked)).toContain(">your guess: 1000<");
    expect(JSON.stringify(marked.layer)).toContain('"guess":50');
  });

  test("is not drawn on a logarithmic axis if it is not positive", () => {
    const book = workbook("07", "en");
    book.guess("07-a", -1);
    const chart = charts.lossCurves[0](book);
    expect(book.markGuess(chart, "07-a", { axis: "y", x: 1 })).toBe(chart);
  });
});
