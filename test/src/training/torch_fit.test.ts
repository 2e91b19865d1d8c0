// Whole training runs against PyTorch: clipping, a schedule and an optimiser together, over batches in turn.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { TrainingRow } from "../../../src/index.js";
import { adamRule, adamWRule, cosineDecay, fit, rmsPropRule } from "../../../src/index.js";
import type { NestedNumbers } from "../../../src/nn/index.js";
import { GRU, Linear, LSTM, RNN, SequenceNetwork } from "../../../src/nn/index.js";

interface Fit {
  cell: "LSTM" | "GRU" | "RNN";
  layers: number;
  rule: "AdamW" | "Adam" | "RMSprop";
  decay: number;
  start: Record<string, NestedNumbers>;
  batches: { x: number[][][]; y: number[] }[];
  rows: Pick<TrainingRow, "loss" | "gradientNorm" | "lr">[];
  expected: Record<string, NestedNumbers>;
}

const fits = JSON.parse(
  readFileSync(new URL("../../vectors/torch_training/fits.json", import.meta.url), "utf8"),
) as Fit[];
const modules = { LSTM, GRU, RNN };
const rules = { AdamW: adamWRule, Adam: adamRule, RMSprop: rmsPropRule };
const far = (a: number, b: number) => Math.abs(a - b) / Math.max(1, Math.abs(b));

test.each(fits)("$cell of $layers layers is trained with $rule as by PyTorch", async (given) => {
  const [inputSize, hiddenSize, outputSize] = [3, 4, 2];
  for (const [dtype, tolerance] of [
    ["float64", 1e-12],
    ["float32", 2e-4],
  ] as const) {
    const network = new SequenceNetwork({
      rnn: new modules[given.cell]({ inputSize, hiddenSize, numLayers: given.layers, biases: 2, dtype }),
      head: new Linear({ inputSize: hiddenSize, outputSize, dtype }),
    });
    network.loadStateDict(given.start as Parameters<typeof network.loadStateDict>[0]);
    const rows = await fit(
      network,
      { batches: given.batches },
      {
        optimizer: rules[given.rule]({ lr: 0.05, weightDecay: given.decay }),
        schedule: cosineDecay({ updates: given.rows.length, lowest: 0.1 }),
        clip: { maxNorm: 0.3 },
        updates: given.rows.length,
      },
    ).finish();
    expect(rows).toHaveLength(20);
    // Some gradients are clipped and some are not.
    expect(new Set(rows.map(({ gradientNorm }) => gradientNorm > 0.3)).size).toBe(2);
    given.rows.forEach((row, n) => {
      for (const key of ["loss", "gradientNorm", "lr"] as const) {
        expect(far(rows[n][key], row[key]), `${dtype}, ${key} of update ${n + 1}`).toBeLessThan(tolerance);
      }
    });
    for (const { name, data } of network.parameters) {
      const expected = [given.expected[name]].flat(2) as number[];
      expect(data).toHaveLength(expected.length);
      const worst = Math.max(...expected.map((value, k) => far(data[k], value)));
      expect(worst, `${dtype}, ${name}`).toBeLessThan(tolerance);
    }
  }
});
