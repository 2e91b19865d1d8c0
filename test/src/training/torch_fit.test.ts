// Whole training runs against PyTorch: clipping, a schedule and an optimiser together, over batches in turn.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Checkpoint, TrainingRow } from "../../../src/index.js";
import {
  adamRule,
  adamWRule,
  cosineDecay,
  fit,
  groupedRule,
  rmsPropRule,
  sgdRule,
  stepDecay,
} from "../../../src/index.js";
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
  /** parameter groups: all names with that part; null freezes */
  groups?: { part: string; options: { lr?: number; weightDecay?: number } | null }[];
}

const read = (name: string) =>
  JSON.parse(
    readFileSync(new URL(`../../vectors/torch_training/${name}.json`, import.meta.url), "utf8"),
  ) as Fit[];
const fits = read("fits");
const grouped = read("groups");
const modules = { LSTM, GRU, RNN };
const rules = { AdamW: adamWRule, Adam: adamRule, RMSprop: rmsPropRule };
const far = (a: number, b: number) => Math.abs(a - b) / Math.max(1, Math.abs(b));

/** The network of a run as it was before the first update. */
function startOf(given: Fit, dtype: "float64" | "float32" = "float64") {
  const [inputSize, hiddenSize, outputSize] = [3, 4, 2];
  const network = new SequenceNetwork({
    rnn: new modules[given.cell]({ inputSize, hiddenSize, numLayers: given.layers, biases: 2, dtype }),
    head: new Linear({ inputSize: hiddenSize, outputSize, dtype }),
  });
  network.loadStateDict(given.start as Parameters<typeof network.loadStateDict>[0]);
  return network;
}

/** What the run was made with. */
function optionsOf({ rule: name, decay: weightDecay, groups, rows }: Fit) {
  const rule = rules[name];
  const defaults = { lr: 0.05, weightDecay };
  return {
    optimizer:
      groups === undefined
        ? rule(defaults)
        : groupedRule(
            rule(defaults),
            groups.map(({ part, options }) => ({
              of: (tensor) => tensor.includes(part),
              rule: options === null ? "frozen" : rule({ ...defaults, ...options }),
            })),
          ),
    schedule:
      groups === undefined
        ? cosineDecay({ updates: rows.length, lowest: 0.1 })
        : stepDecay({ every: 1, factor: 0.9 }),
    clip: { maxNorm: 0.3 },
    updates: rows.length,
  };
}

test.each([...fits, ...grouped])(
  "$cell of $layers layers is trained with $rule as by PyTorch",
  async (given) => {
    for (const [dtype, tolerance] of [
      ["float64", 1e-12],
      ["float32", 2e-4],
    ] as const) {
      const network = startOf(given, dtype);
      const rows = await fit(network, { batches: given.batches }, optionsOf(given)).finish();
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
  },
);

test.each(grouped)("$cell with groups is resumed bit for bit", async (given) => {
  const [whole, first, second] = [0, 1, 2].map(() => startOf(given));
  const data = { batches: given.batches };
  const rows = await fit(whole, data, optionsOf(given)).finish();
  const stopped = fit(first, data, optionsOf(given));
  for await (const { update } of stopped) if (update === 8) break;
  const from = JSON.parse(JSON.stringify(stopped.checkpoint())) as Checkpoint;
  const others = await fit(second, data, { ...optionsOf(given), from }).finish();
  expect(second.stateDict()).toEqual(whole.stateDict());
  const facts = ({ loss, gradientNorm, updateRatios }: TrainingRow) => [loss, gradientNorm, updateRatios];
  expect(others.map(facts)).toEqual(rows.slice(8).map(facts));
});

test("frozen tensors stay as they are, and the rows do not count them", async () => {
  const [given] = grouped;
  const network = startOf(given);
  const before = network.stateDict();
  const optimizer = groupedRule(sgdRule({ lr: 0.1 }), [{ of: ["rnn"], rule: "frozen" }]);
  const [row] = await fit(network, { batches: given.batches }, { optimizer, updates: 1 }).finish();
  expect(Object.keys(row.updateRatios)).toEqual(["head.weight", "head.bias"]);
  const { parameters } = network.head;
  expect(row.gradientNorm).toBeCloseTo(Math.hypot(...parameters.flatMap(({ grad }) => [...grad])), 14);
  const after = network.stateDict();
  for (const [name, tensor] of Object.entries(before)) {
    if (name.startsWith("rnn.")) expect(after[name]).toEqual(tensor);
    else expect(after[name]).not.toEqual(tensor);
  }
});

test("a group that matches nothing, twice or everything is named", () => {
  const [given] = grouped;
  const rule = adamRule();
  const training = (...groups: Parameters<typeof groupedRule>[1]) =>
    fit(startOf(given), { batches: given.batches }, { optimizer: groupedRule(rule, groups), updates: 1 });
  expect(() => training({ of: ["rnn"], rule }, { of: ["head", "embedding"], rule: "frozen" })).toThrow(
    /^groupedRule: groups\[1\]\.of has "embedding", which matches no tensor, but must match some of rnn\.weight_ih_l0, .*, head\.bias$/,
  );
  // "rnn.weight_ih_l0" is no beginning of "rnn.weight_ih_l0_reverse"
  expect(() => training({ of: ["rnn.weight"], rule })).toThrow('has "rnn.weight", which matches no tensor');
  expect(() => training({ of: () => false, rule })).toThrow("groupedRule: groups[0].of matches no tensor");
  expect(() => training({ of: ["head"], rule }, { of: ["head.bias"], rule })).toThrow(
    "groupedRule: head.bias is in groups[0] and groups[1], but must be in one of them",
  );
  expect(() => training({ of: ["head", "rnn"], rule: "frozen" })).toThrow(
    "groupedRule: all tensors are frozen",
  );
  expect(() => groupedRule("adam" as never, [])).toThrow('groupedRule: rule is "adam", but must be a rule');
  expect(() => groupedRule(adamRule(), [{ of: ["rnn"], rule: "freeze" as never }])).toThrow(
    'groupedRule: groups[0].rule is "freeze", but must be a rule such as adamRule({ lr: 0.01 }), or "frozen"',
  );
  expect(() => groupedRule(rule, [{ of: ["head"], rule: groupedRule(rule, []) }])).toThrow(
    "groupedRule: groups[0].rule has groups, but must be a rule without any",
  );
  expect(() => groupedRule(rule, [{ of: "head" as never, rule }])).toThrow(
    'groupedRule: groups[0].of is "head", but must be an array of names or a function',
  );
  expect(() => groupedRule(rule, [{ of: ["head"], lr: 1 } as never])).toThrow(
    'groupedRule, groups[0]: option "lr" is unknown, but must be one of of, rule',
  );
});
