// RNN, LSTM and GRU against PyTorch's float64: every option, every parameter, in both precisions.

import { expect, test } from "vitest";
import { cellKinds } from "../../../src/engine/engine.js";
import type { RecurrentOptions } from "../../../src/nn/index.js";
import type { NestedArray } from "../../../src/nn/nested.js";
import type { NestedValues } from "./fixtures.js";
import { expectClose, moduleOf, tolerancesOf, torchVectors } from "./fixtures.js";

interface Case {
  name: string;
  options: RecurrentOptions;
  parameters: Record<string, NestedArray>;
  x: NestedArray;
  h0?: NestedArray;
  c0?: NestedArray;
  lengths?: number[];
  dropoutMasks?: NestedArray[];
  dOutput: NestedArray;
  dhN: NestedArray;
  dcN?: NestedArray;
  expected: Record<"output" | "hN" | "dx" | "dh0", NestedValues> & {
    cN?: NestedValues;
    dc0?: NestedValues;
    parameters: Record<string, NestedValues>;
    steps?: (Record<"h" | "dh" | "gates", NestedValues> & { c?: NestedValues; dc?: NestedValues })[];
  };
}

const cases = cellKinds.flatMap((cell) =>
  torchVectors<Case>(cell).map((of) => ({ cell, name: of.name, of })),
);

test.each(cases)("a layer computes what PyTorch's $cell computes: $name", ({ cell, of }) => {
  for (const dtype of ["float64", "float32"] as const) {
    const { forward, gradient } = tolerancesOf(cell, dtype);
    const { expected } = of;
    const layer = moduleOf(cell, { ...of.options, dtype });
    expect(layer.parameters.map(({ name }) => name)).toEqual(Object.keys(of.parameters));
    layer.loadStateDict(of.parameters);
    // The same memory serves several batches: what the first left must not reach the second.
    layer.backward(layer.forward(of.x, { training: true }), { output: of.dOutput });
    layer.zeroGrad();
    const { h0, c0, lengths, dropoutMasks } = of;
    const tape = layer.forward(of.x, { h0, c0, lengths, dropoutMasks });
    const back = layer.backward(tape, { output: of.dOutput, hN: of.dhN, cN: of.dcN });

    expectClose("output", tape.output, expected.output, forward);
    expectClose("hN", tape.hN, expected.hN, forward);
    expectClose("dx", back.dx, expected.dx, gradient);
    expectClose("dh0", back.dh0, expected.dh0, gradient);
    expect(tape.cN === undefined).toBe(expected.cN === undefined);
    if (expected.cN !== undefined) expectClose("cN", tape.cN!, expected.cN, forward);
    if (expected.dc0 !== undefined) expectClose("dc0", back.dc0!, expected.dc0, gradient);
    for (const parameter of layer.parameters) {
      const { name, shape, grad } = parameter;
      expectClose(name, { shape, data: grad }, expected.parameters[name], gradient);
    }
    expected.steps?.forEach((steps, place) => {
      const [lane, laneBack] = [tape.layers[place], back.layers[place]];
      expect(lane).toMatchObject({ layer: laneBack.layer, direction: laneBack.direction });
      expectClose("h", lane.h, steps.h, forward);
      expectClose("dh", laneBack.dh, steps.dh, gradient);
      if (steps.c !== undefined) expectClose("c", lane.c!, steps.c, forward);
      if (steps.dc !== undefined) expectClose("dc", laneBack.dc!, steps.dc, gradient);
      let first = 0;
      for (const [gate, values] of Object.entries(lane.gates)) {
        const end = first + values.shape[2];
        const part = (steps.gates as number[][][]).map((rows) => rows.map((row) => row.slice(first, end)));
        expectClose(`gate ${gate}`, values, part, forward);
        first = end;
      }
    });
  }
});
