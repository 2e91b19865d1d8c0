// The engine against PyTorch's float64: every cell, one direction and two, with lengths, initial states and
// gradients that arrive at the last state; gates, c and total gradients at every step.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Recurrence, RecurrenceWeights } from "../../../src/engine/engine.js";
import { gateCount, simdKinds } from "../../../src/engine/engine.js";
import type { Floats } from "../../../src/numbers/tensor.js";
import { engines, filled, relativeError } from "./numbers.js";

type Nested = number | Nested[];
interface Case {
  name: string;
  options: { inputSize: number; hiddenSize: number; biases: 0 | 1 | 2; bidirectional?: boolean };
  parameters: Record<string, Nested>;
  x: number[][][];
  h0?: Nested[];
  c0?: Nested[];
  lengths?: number[];
  dOutput: number[][][];
  dhN: Nested[];
  dcN?: Nested[];
  expected: {
    output: number[][][];
    dx: Nested;
    dh0: Nested[];
    dc0?: Nested[];
    parameters: Record<string, Nested>;
    steps?: Record<"h" | "dh" | "gates" | "c" | "dc", Nested | undefined>[];
  };
}

const flat = (nested: Nested | undefined): number[] => [nested ?? []].flat(9) as number[];
const names = ["one layer", "no bias", "two biases", "lengths", "bidirectional"];
const tolerances = {
  float64: { forward: 1e-14, gradient: 1e-13 },
  float32: { forward: 2e-6, gradient: 5e-6 },
} as const;

const cases = simdKinds.flatMap((cell) => {
  const file = new URL(`../../vectors/torch/${cell}.json`, import.meta.url);
  const all = JSON.parse(readFileSync(file, "utf8")) as Case[];
  return names.map((name) => ({ cell, name, of: all.find((found) => found.name === name)! }));
});

test.each(cases)("an engine computes PyTorch's $cell: $name", ({ cell, of }) => {
  for (const engine of engines) {
    const { forward, gradient } = tolerances[engine.dtype];
    const { inputSize: I, hiddenSize: H, biases, bidirectional = false } = of.options;
    const [T, B, D, GH] = [of.x.length, of.x[0].length, bidirectional ? 2 : 1, gateCount[cell] * H];
    const lengths = of.lengths && Int32Array.from(of.lengths);
    const floats = (nested: Nested | undefined) =>
      nested === undefined ? undefined : filled(engine, flat(nested));

    // Beyond the ends stands what must never be read.
    const padded = (values: number[][][]) =>
      values.flatMap((rows, t) =>
        rows.flatMap((row, b) => (lengths && t >= lengths[b] ? row.map(() => NaN) : row)),
      );
    const x = filled(engine, padded(of.x));
    const dxSum = new Float64Array(T * B * I);
    const output = new Float64Array(T * B * D * H);
    for (let d = 0; d < D; d++) {
      const key = `l0${d === 1 ? "_reverse" : ""}`;
      const weights: RecurrenceWeights = {
        Wx: floats(of.parameters[`weight_ih_${key}`])!,
        Wh: floats(of.parameters[`weight_hh_${key}`])!,
        b: engine.allocate(GH),
        ...(cell === "gru" && { bn: engine.allocate(H) }),
      };
      if (biases === 1) weights.b.set(flat(of.parameters[`bias_${key}`]));
      if (biases === 1) weights.bn?.set(flat(of.parameters[`bias_hn_${key}`]));
      if (biases === 2) {
        const hidden = flat(of.parameters[`bias_hh_${key}`]);
        weights.bn?.set(hidden.slice(2 * H));
        const outside = (k: number) => (cell === "gru" && k >= 2 * H ? 0 : hidden[k]);
        weights.b.set(flat(of.parameters[`bias_ih_${key}`]).map((value, k) => value + outside(k)));
      }
      const gradients = Object.fromEntries(
        Object.entries(weights).map(([name, { length }]: [string, Floats]) => [
          name,
          engine.allocate(length),
        ]),
      ) as unknown as RecurrenceWeights;
      const recurrence: Recurrence = engine.recurrence({ cell, T, B, I, H });
      const options = {
        h0: floats(of.h0?.[d]),
        c0: floats(of.c0?.[d]),
        lengths,
        reverse: d === 1,
        dhT: floats(of.dhN[d]),
        dcT: floats(of.dcN?.[d]),
        dx: engine.allocate(T * B * I).fill(7),
        dh0: engine.allocate(B * H),
        dc0: engine.allocate(B * H),
      };
      recurrence.forward(x, weights, options);
      for (let row = 0; row < T * B; row++) {
        output.set(recurrence.h.subarray(row * H, (row + 1) * H), (row * D + d) * H);
      }
      const steps = of.expected.steps?.[d];
      if (steps) {
        expect(relativeError(recurrence.h, flat(steps.h)), "h").toBeLessThanOrEqual(forward);
        expect(relativeError(recurrence.gates, flat(steps.gates)), "gates").toBeLessThanOrEqual(forward);
        if (steps.c) expect(relativeError(recurrence.c!, flat(steps.c)), "c").toBeLessThanOrEqual(forward);
      }
      const { dh } = recurrence;
      dh.set(padded(of.dOutput.map((rows) => rows.map((row) => row.slice(d * H, (d + 1) * H)))));
      recurrence.backward(x, weights, gradients, options);
      if (steps) {
        expect(relativeError(dh, flat(steps.dh)), "dh").toBeLessThanOrEqual(gradient);
        if (steps.dc)
          expect(relativeError(recurrence.dc!, flat(steps.dc)), "dc").toBeLessThanOrEqual(gradient);
      }
      options.dx.forEach((value, k) => (dxSum[k] += value));
      const expected = of.expected.parameters;
      const checks: [string, Floats | undefined, Nested | undefined][] = [
        ["dWx", gradients.Wx, expected[`weight_ih_${key}`]],
        ["dWh", gradients.Wh, expected[`weight_hh_${key}`]],
        ["db", gradients.b, expected[biases === 2 ? `bias_ih_${key}` : `bias_${key}`]],
        ["dbn", gradients.bn, biases === 1 ? expected[`bias_hn_${key}`] : undefined],
        ["dh0", options.dh0, of.expected.dh0[d]],
        ["dc0", options.dc0, of.expected.dc0?.[d]],
      ];
      for (const [name, came, wanted] of checks) {
        if (wanted !== undefined)
          expect(relativeError(came!, flat(wanted)), name).toBeLessThanOrEqual(gradient);
      }
    }
    expect(relativeError(output, flat(of.expected.output)), "output").toBeLessThanOrEqual(forward);
    expect(relativeError(dxSum, flat(of.expected.dx)), "dx").toBeLessThanOrEqual(gradient);
  }
});
