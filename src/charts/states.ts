// What charts of one kind of state, h or C, have in common: which one is drawn, and in which layer.

import type { LanePlace } from "../flow/flow_row.js";
import { checkChoice } from "../numbers/validation.js";
import type { FlowChartOptions } from "./jacobians.js";
import type { Language, strings } from "./strings.js";

export interface StateChartOptions extends FlowChartOptions {
  /** "c" by default, where there are cell states; else "h" */
  quantity?: "h" | "c";
}

/**
 * The rows of one kind of state.
 *
 * @throws {RangeError} for a quantity that there is not, or when rows has nothing of it
 */
export function rowsOfState<Row extends { quantity: "h" | "c" }>(
  where: string,
  rows: readonly Row[],
  quantity: "h" | "c" = rows.some((row) => row.quantity === "c") ? "c" : "h",
): { quantity: "h" | "c"; shown: Row[] } {
  checkChoice(where, "quantity", quantity, ["h", "c"]);
  const shown = rows.filter((row) => row.quantity === quantity);
  if (shown.length === 0) throw new RangeError(`${where}: rows has nothing of ${quantity} to draw`);
  return { quantity, shown };
}

/** Rows by layer and direction, under the name of each. */
export function byLane<Row extends LanePlace>(
  rows: readonly Row[],
  what: string,
  text: (typeof strings)[Language],
): Map<string, Row[]> {
  const lanes = new Map<string, Row[]>();
  for (const row of rows) {
    const name = text.flow.lane(what, row.layer, row.direction);
    const found = lanes.get(name);
    if (found) found.push(row);
    else lanes.set(name, [row]);
  }
  return lanes;
}
