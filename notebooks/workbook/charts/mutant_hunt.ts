// The mutant hunt: the score of one test as a table, and several tests side by side as a grid.
import { bugs } from "../mutants/bugs.js";
import { hunt } from "../mutants/hunt.js";
import type { LstmTest } from "../mutants/hunt.js";
import type { Language } from "../strings.js";
import type { Table } from "../table.js";
import { vegaLite } from "./chart.js";
import type { Chart } from "./chart.js";
import { forecastStrings } from "./forecast_strings.js";

/** The score, whether the right LSTM was accepted, and what became of each broken one. */
export function huntTable(test: LstmTest, language: Language): Table {
  const text = forecastStrings[language].hunt;
  const { objection, killed } = hunt(test);
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

/** One row a bug, one column a test. */
export function huntGrid(tests: Record<string, LstmTest>, language: Language): Chart {
  const text = forecastStrings[language].hunt;
  const columns = Object.entries(tests).map(([name, test]) => {
    const { killed } = hunt(test);
    return { label: `${name} ${killed.length}/${bugs.length}`, killed };
  });
  const rows = bugs.map((bug, k) => `${bug.name[language]}  ${String(k + 1).padStart(2)}`);
  const values = columns.flatMap(({ label, killed }) =>
    bugs.map((bug, k) => ({
      test: label,
      bug: rows[k],
      verdict: killed.includes(bug) ? text.killed : text.alive,
    })),
  );
  const scale = (range: string[]) => ({ domain: [text.killed, text.alive], range });
  return {
    $schema: vegaLite,
    description: text.description(columns.map(({ label }) => label).join(", ")),
    title: text.title,
    data: { values },
    width: { step: 84 },
    height: { step: 18 },
    mark: { type: "point", size: 110, strokeWidth: 2 },
    encoding: {
      x: {
        field: "test",
        type: "nominal",
        sort: null,
        title: null,
        axis: { orient: "top", labelAngle: 0, labelLimit: 84, domain: false, ticks: false },
      },
      y: {
        field: "bug",
        type: "nominal",
        sort: null,
        title: null,
        axis: { labelLimit: 460, grid: true, domain: false, ticks: false },
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
