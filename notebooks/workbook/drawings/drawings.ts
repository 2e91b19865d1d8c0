// The drawings of the workbook, by name.

import type { Locale } from "../locale.js";
import type { Displayable } from "../table.js";
import { lstmCell } from "./lstm_cell.js";
import { rnnCell } from "./rnn_cell.js";
import { lstmBackward, lstmForward } from "./two_steps.js";
import type { DrawnValues } from "./two_steps.js";
import { unrolledNetwork } from "./unrolled_network.js";

const drawings = { rnnCell, unrolledNetwork, lstmCell, lstmForward, lstmBackward };

export type DrawingName = keyof typeof drawings;

/**
 * @throws {RangeError} naming the drawings when there is none of that name, or the drawing's symbols when a
 * value is none of them
 */
export function drawingOf(locale: Locale, name: DrawingName, values: DrawnValues): Displayable {
  if (!Object.hasOwn(drawings, name)) {
    throw new RangeError(
      `book.drawing: name is "${name}", but must be one of ${Object.keys(drawings).join(", ")}`,
    );
  }
  return drawings[name](locale, values);
}
