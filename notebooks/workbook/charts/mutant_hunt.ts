// The mutant hunt: the score of one test as a table, and several tests side by side as a grid.

import type { Chart } from "../../../src/index.js";
import type { Locale } from "../locale.js";
import { bugs } from "../mutants/bugs.js";
import type { Bug } from "../mutants/bugs.js";
import { hunt } from "../mutants/hunt.js";
import type { Hunt, LstmTest } from "../mutants/hunt.js";
import type { Table } from "../table.js";
import { vegaLite } from "./chart.js";

/** The score of one test, whether the right LSTM was accepted, and what became of each broken one. */
export function huntTable(locale: Locale, { objection, killed }: Hunt): Table {
  const text = strings[locale];
  return {
    caption: `${text.score(killed.length, bugs.length)}. ${objection === null ? text.passes : text.objects(objection)}.`,
    head: text.head,
    rows: bugs.map((bug, k) => [
      String(k + 1),
      bug.name[locale],
      killed.includes(bug) ? `■ ${text.killed}` : `○ ${text.alive}`,
    ]),
    remarks: [],
  };
}

/** One row a bug that survives any of the tests, one column a test. */
export function mutantHunts(locale: Locale, tests: Record<string, LstmTest>): Chart {
  const text = strings[locale];
  const columns = Object.entries(tests).map(([name, test]) => {
    const { killed } = hunt(test);
    return { label: `${name} ${killed.length}/${bugs.length}`, killed };
  });
  const alive = bugs.filter((bug) => columns.some(({ killed }) => !killed.includes(bug)));
  const rowOf = (bug: Bug) => `${bugs.indexOf(bug) + 1}. ${bug.name[locale]}`;
  const values = columns.flatMap(({ label, killed }) =>
    alive.map((bug) => ({
      test: label,
      bug: rowOf(bug),
      verdict: killed.includes(bug) ? text.killed : text.alive,
    })),
  );
  const scale = (range: string[]) => ({ domain: [text.killed, text.alive], range });
  return {
    $schema: vegaLite,
    description: text.description(alive.length, columns.map(({ label }) => label).join(", ")),
    title: { text: text.title, subtitle: text.others(bugs.length - alive.length) },
    data: { values },
    width: { step: 124 },
    height: { step: 22 },
    mark: { type: "point", size: 110, strokeWidth: 2, opacity: 1 },
    encoding: {
      x: {
        field: "test",
        type: "nominal",
        sort: null,
        title: null,
        axis: { orient: "top", labelAngle: 0, labelLimit: 124, domain: false, ticks: false },
      },
      y: {
        field: "bug",
        type: "nominal",
        sort: null,
        title: null,
        axis: { labelLimit: 520, labelPadding: 8, grid: true, domain: false, ticks: false },
      },
      shape: {
        field: "verdict",
        type: "nominal",
        title: text.verdict,
        scale: scale(["square", "circle"]),
        legend: { orient: "bottom" },
      },
      stroke: {
        field: "verdict",
        type: "nominal",
        title: text.verdict,
        scale: scale(["#0072B2", "#D55E00"]),
        legend: { orient: "bottom" },
      },
      fill: {
        field: "verdict",
        type: "nominal",
        title: text.verdict,
        scale: scale(["#0072B2", "transparent"]),
        legend: { orient: "bottom" },
      },
      tooltip: [
        { field: "bug", title: text.bug },
        { field: "test", title: "" },
        { field: "verdict", title: text.verdict },
      ],
    },
  };
}

const en = {
  score: (killed: number, count: number) => `Your test kills ${killed} of ${count} broken LSTMs`,
  objects: (objection: string) =>
    `✗ It also rejects the right LSTM (${objection}), so what it kills does not count`,
  passes: "✓ It accepts the right LSTM",
  head: ["", "the bug", "verdict"],
  killed: "killed",
  alive: "alive",
  title: "Which test kills which broken LSTM?",
  others: (count: number) =>
    count === 0 ? "No bug is killed by every test" : `The other ${count} are killed by every test`,
  description: (count: number, scores: string) =>
    `Grid of ${count} broken LSTMs by test: a filled square where the test rejects the LSTM, an empty circle where the LSTM survives. ${scores}.`,
  verdict: "verdict",
  bug: "the bug",
};

const ko: typeof en = {
  score: (killed, count) => `고장 난 LSTM ${count}개 가운데 ${killed}개를 잡았습니다`,
  objects: (objection) => `✗ 올바른 LSTM까지 거부했으므로(${objection}) 몇 개를 잡았는지는 의미가 없습니다`,
  passes: "✓ 올바른 LSTM은 통과시켰습니다",
  head: ["", "버그", "판정"],
  killed: "잡음",
  alive: "살아남음",
  title: "어떤 테스트가 어떤 고장을 잡을까?",
  others: (count) =>
    count === 0 ? "모든 테스트가 잡은 버그는 없습니다" : `나머지 ${count}개는 모든 테스트가 잡았습니다`,
  description: (count, scores) =>
    `고장 난 LSTM ${count}개를 테스트별로 나타낸 격자입니다. 채운 사각형은 테스트가 잡은 LSTM, 빈 원은 살아남은 LSTM입니다. ${scores}.`,
  verdict: "판정",
  bug: "버그",
};

const strings: Record<Locale, typeof en> = { en, ko };
