// What a learner gets of the workbook's files: the notebooks as they are committed, but not executed. On
// GitHub the outputs are shown; a learner would have the answers before the questions.

import { parseNotebook, serialiseNotebook } from "../kernel/protocol/nbformat.js";

/** A file of `notebooks/en` or `notebooks/ko` as it is laid into a learner's folder. */
export function learnersCopy(name: string, original: Buffer): Buffer {
  if (!name.endsWith(".ipynb")) return original;
  const notebook = parseNotebook(original.toString("utf8"), name);
  for (const cell of notebook.cells)
    if (cell.cell_type === "code") Object.assign(cell, { outputs: [], execution_count: null });
  return Buffer.from(serialiseNotebook(notebook));
}
