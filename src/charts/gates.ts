// What charts of the gates' activations have in common: a panel for each gate of each layer and direction.

import type { GateName, LanePlace } from "../flow/flow_row.js";
import type { Language, strings } from "./strings.js";

/** The rows of one gate in one layer and direction, and the name that its panel begins with. */
export interface GatePanel<Row> {
  name: string;
  rows: Row[];
}

/** In the order of the rows; the layer is named where there are several. */
export function gatePanels<Row extends LanePlace & { gate: GateName }>(
  rows: readonly Row[],
  text: (typeof strings)[Language],
): GatePanel<Row>[] {
  const several = rows.some((row) => row.layer !== rows[0].layer || row.direction !== rows[0].direction);
  const panels = new Map<string, Row[]>();
  for (const row of rows) {
    const gate = text.gates.names[row.gate];
    const name = several ? text.flow.lane(gate, row.layer, row.direction) : gate;
    const found = panels.get(name);
    if (found) found.push(row);
    else panels.set(name, [row]);
  }
  return [...panels].map(([name, of]) => ({ name, rows: of }));
}

export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))}%`;
}

/** One panel below the other, each with its name above. */
export function stacked(titles: string[]): object {
  return {
    columns: 1,
    facet: {
      field: "panel",
      type: "nominal",
      title: null,
      sort: titles,
      header: { labelAnchor: "start", labelFontWeight: "bold", labelLimit: 460 },
    },
  };
}
