// What every benchmark prints: a table of times and, next to each peer that a goal names, the ratio to it.

export interface Goal {
  /** The column that is compared with; without one it is the value itself. */
  peer?: string;
  /** Ours, divided by the peer's: not above this … */
  must: number;
  /** … and better not above that. */
  aim?: number;
}

export interface Row {
  what: string;
  /** By column, ours first; undefined where a contender cannot do it. */
  values: Record<string, number | undefined>;
  goals: Goal[];
  unit?: string;
}

/** The value below which the share `p` of the sorted values lies. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))];
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

const digits = (value: number) => (value < 10 ? value.toFixed(2) : value.toFixed(0));

/** Prints the rows as a Markdown table and returns whether every goal was reached. */
export function printTable(columns: readonly string[], rows: readonly Row[]): boolean {
  const [ours] = columns;
  console.log(`| | ${columns.join(" | ")} | ratio | goal |`);
  console.log(`|---|${"--:|".repeat(columns.length)}---|---|`);
  let reached = true;
  for (const { what, values, goals, unit = "ms" } of rows) {
    const cells = columns.map((column) => {
      const value = values[column];
      return value === undefined ? "–" : digits(value);
    });
    const ratios = goals.map(({ peer, must }) => {
      const [own, other] = [values[ours], peer === undefined ? 1 : values[peer]];
      // A peer that never ends is beaten by whoever does.
      if (own === undefined || other === undefined) return own === undefined ? "**not reached**" : "ends";
      if (own / other > must) reached = false;
      const ratio = peer === undefined ? `${digits(own)} ${unit}` : `${(own / other).toFixed(2)}× ${peer}`;
      return own / other > must ? `**${ratio}**` : ratio;
    });
    const wanted = goals.map(({ peer, must, aim }) => {
      const of = peer === undefined ? ` ${unit}` : "×";
      return `≤ ${must}${of}${aim === undefined ? "" : `, aim ${aim}${of}`}`;
    });
    console.log(`| ${what}, ${unit} | ${cells.join(" | ")} | ${ratios.join("; ")} | ${wanted.join("; ")} |`);
  }
  return reached;
}
