// What notebook 08 gets from its workbook besides the mutants: the CO₂ series, tables of agreement, and
// charts that draw in both languages.

import { expect, test } from "vitest";
import { addingRuns, monthlyCo2, workbook } from "../../../notebooks/workbook/index.js";
import type { Chart, Displayable } from "../../../notebooks/workbook/index.js";
import { jupyterDisplay } from "../../../notebooks/workbook/table.js";
import { drawChart } from "../../support/draw_chart.js";

const [english, korean] = [workbook("08", "en"), workbook("08", "ko")];
const text = (shown: Displayable) => shown[jupyterDisplay]()["text/plain"];

test("the CO₂ series is complete from May 1964 to April 2020 and has the values of the record", () => {
  const months = monthlyCo2();
  expect(months).toHaveLength(672);
  expect(months[0]).toEqual({ year: 1964, month: 5, ppm: 322.26 });
  expect(months.at(-1)).toEqual({ year: 2020, month: 4, ppm: 416.18 });
  months.forEach(({ year, month, ppm }, k) => {
    expect(12 * year + month).toBe(12 * 1964 + 5 + k);
    expect(ppm).toBeGreaterThan(300);
    expect(ppm).toBeLessThan(420);
  });
});

test("a table of agreement names what differs, is missing, or has another shape", () => {
  const { forward } = english.golden("asymmetric").truth;
  expect(text(english.agree(forward, forward))).toContain("✓ All 3 agree to 1e-10");
  expect(text(korean.agree(forward, forward))).toContain("3개가 모두 1e-10 이내로 일치합니다");
  const wrong = text(english.agree({ h: forward.h, c: [[1]], loss: forward.loss * (1 + 1e-6) }, forward));
  expect(wrong).toContain("✗ 2 of 3 do not agree");
  expect(wrong).toMatch(/^h +3 × 3 +< 1e-10 +✓$/m);
  expect(wrong).toMatch(/^c +3 × 3 +another shape, or not finite +✗$/m);
  expect(wrong).toMatch(/^loss +a number +1\.0e-6 +✗$/m);
  expect(text(english.agree({}, { loss: 1 }))).toMatch(/^loss +a number +missing +✗$/m);
  expect(english.agrees({ loss: 1 + 1e-9 }, { loss: 1 })).toBe(false);
  expect(english.agrees({ loss: 1 + 1e-9 }, { loss: 1 }, 1e-8)).toBe(true);
  expect(english.agrees({ h: [NaN] }, { h: [0] })).toBe(false);
});

test("book.golden refuses a name that it does not know", () => {
  expect(() => english.golden("desk" as never)).toThrow(
    'golden: name is "desk", but must be "deck" or "asymmetric"',
  );
});

test("the hunt's table gives the score and every bug's fate, and shows what a test does to the right LSTM", () => {
  const { parameters, sample, truth } = english.golden("asymmetric");
  const hunted = english.mutantHunt(({ forward }) =>
    english.agrees(forward(parameters, sample), truth.forward),
  );
  expect(hunted.killed).toBe(6);
  expect(text(hunted)).toContain("Your test kills 6 of 26 broken LSTMs. ✓ It accepts the right LSTM.");
  expect(text(hunted).match(/■ killed/g)).toHaveLength(6);
  expect(text(hunted).match(/○ alive/g)).toHaveLength(20);
  expect(text(korean.mutantHunt(() => false))).toContain("올바른 LSTM까지 거부했으므로(false)");
});

const heldOut = monthlyCo2().slice(-30);
const charts: [string, (book: typeof english) => Chart, string[]][] = [
  [
    "mutantHunts",
    (book) => book.mutantHunts({ nothing: () => true, everything: () => false }),
    ["nothing 0/26", "everything 26/26"],
  ],
  ["trainingLoss", (book) => book.trainingLoss([1, 0.5, 0.2]), ["0.2", "0.5"]],
  [
    "forecast",
    (book) => book.forecast(heldOut.map((month) => ({ ...month, forecast: month.ppm + 0.3 }))),
    ["2018", "2020"],
  ],
  [
    "forecastErrors",
    (book) =>
      book.forecastErrors({ lastValue: 1.3, lastYear: 2.3, lastYearStep: 0.5, calendar: 0.4, lstm: 0.41 }),
    ["2.30", "0.41"],
  ],
  ["addingCurves", (book) => book.addingCurves(addingRuns()), ["T = 100", "T = 400", "tanh RNN"]],
];
test.each(charts)(
  "book.%s draws in both languages and says in words what it shows",
  async (_, chartOf, shown) => {
    const [en, ko] = [chartOf(english), chartOf(korean)];
    expect(en.description).not.toMatch(/[가-힣]/);
    expect(ko.description).toMatch(/[가-힣]/);
    for (const chart of [en, ko]) {
      const { svg, complaints } = await drawChart(chart);
      expect(complaints).toEqual([]);
      for (const label of shown) expect(svg).toContain(label);
    }
  },
);

test("a guess at the error is a rule across the bars, not a bar of its own", async () => {
  const book = workbook("08", "en");
  book.guess("08-c", 0.9);
  const bars = book.forecastErrors({
    lastValue: 1.3,
    lastYear: 2.3,
    lastYearStep: 0.5,
    calendar: 0.4,
    lstm: 0.41,
  });
  const { svg, complaints } = await drawChart(book.markGuess(bars, "08-c", { axis: "x" }));
  expect(complaints).toEqual([]);
  expect(svg).toContain("your guess: 0.9");
  expect(svg).not.toContain("undefined");
});

test("charts of nothing are refused", () => {
  expect(() => english.trainingLoss([])).toThrow("book.trainingLoss: losses is empty");
  expect(() => english.forecast([])).toThrow("book.forecast: months is empty");
  expect(() => english.addingCurves([])).toThrow("book.addingCurves: rows is empty");
});
