// The mutant hunt: the score of one test as a table, and several tests side by side as a grid.

import { bugs } from "../mutants/bugs.js";
import type { Bug } from "../mutants/bugs.js";
import { hunt } from "../mutants/hunt.js";
import type { Hunt, LstmTest } from "../mutants/hunt.js";
import type { Language } from "../strings.js";
import type { Table } from "../table.js";
import { vegaLite } from "./chart.js";
import type { Chart } from "./chart.js";
import { forecastStrings } from "./forecast_strings.js";

/** The score of one test, whether the right LSTM was accepted, and what became of each broken one. */
export function huntTable({ objection, killed }: Hunt, language: Language): Table {
  const text = forecastStrings[language].hunt;
  return {
    caption: `${text.score(killed.length, bugs.length)}. ${objection === null ? text.passes : text.objects(objection)}.`,
    head: text.head,
    rows: bugs.map((bug, k) => [
      String(k + 1),
      bug.name[language],
      killed.includes(bug) ? `■ ${text.killed}` : `○ ${text.alive}`,
    ]),
    remarks: [],
  };
}

/** One row a bug that survives any of the tests, one column a test. */
export function huntGrid(tests: Record<string, LstmTest>, language: Language): Chart {
  const text = forecastStrings[language].hunt;
  const columns = Object.entries(tests).map(([name, test]) => {
    const { killed } = hunt(test);
    return { label: `${name} ${killed.length}/${bugs.length}`, killed };
  });
  const alive = bugs.filter((bug) => columns.some(({ killed }) => !killed.includes(bug)));
  const rowOf = (bug: Bug) => `${bugs.indexOf(bug) + 1}. ${bug.name[language]}`;
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
