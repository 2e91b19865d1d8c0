// Runs of the adding problem as they were recorded: training takes minutes, reading them an instant.

import { readData } from "./data.js";

/** The test loss of one run after a number of training sequences. */
export interface AddingRow {
  /** T */
  steps: number;
  network: "LSTM" | "tanh RNN";
  seed: number;
  sequences: number;
  /** mean squared error; that of always guessing 1 is 1/6 */
  loss: number;
}

interface Run {
  name: string;
  seed: number;
  steps: number;
  rows: { sequences: number; loss: number }[];
}

/**
 * Every run of the adding problem that `npm run papers` has recorded; see
 * `notebooks/workbook/data/README.md`.
 */
export function addingRuns(): AddingRow[] {
  return (JSON.parse(readData("papers.json")) as Run[]).flatMap(({ name, seed, steps, rows }) => {
    const network = /^adding \d+, (LSTM|tanh RNN)$/.exec(name)?.[1] as AddingRow["network"] | undefined;
    return network === undefined
      ? []
      : rows.map(({ sequences, loss }) => ({ steps, network, seed, sequences, loss }));
  });
}
