// The WebAssembly: built from its source, in blocks and edges of every kind, in memory that does not grow.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { gateCount, simdKinds } from "../../../src/engine/engine.js";
import { engineFor } from "../../../src/engine/engine_for.js";
import type { RecurrenceWeights } from "../../../src/engine/engine.js";
import type { Floats } from "../../../src/numbers/tensor.js";
import { engines, filled, numbers, relativeError } from "./numbers.js";

const [exact, , simd] = engines;

test("the committed binary is the one that its source compiles to", async () => {
  const script = "../../../scripts/simd_binary.js" as string;
  const { generate, TARGET } = (await import(script)) as {
    generate: () => Promise<string>;
    TARGET: string;
  };
  expect(readFileSync(TARGET, "utf8")).toBe(await generate());
});

test.each(
  simdKinds.flatMap((cell) =>
    [
      { cell, T: 5, B: 70, I: 9, H: 40 },
      { cell, T: 90, B: 6, I: 20, H: 264 },
    ].map((size) => ({ ...size, reverse: size.T === 90 })),
  ),
)("$cell of T $T, B $B, I $I, H $H is within float32 of float64", ({ reverse, ...size }) => {
  const { cell, T, B, I, H } = size;
  const GH = gateCount[cell] * H;
  const shapes: Record<string, number> = { Wx: GH * I, Wh: GH * H, b: GH, ...(cell === "gru" && { bn: H }) };
  const run = (engine: (typeof engines)[number]) => {
    const of = (make: (length: number, seed: number) => Floats) =>
      Object.fromEntries(
        Object.entries(shapes).map(([name, length], seed) => [name, make(length, seed)]),
      ) as unknown as RecurrenceWeights & Record<string, Floats>;
    const weights = of((length, seed) => filled(engine, numbers(length, seed, 0.8 / Math.sqrt(H))));
    const gradients = of((length) => engine.allocate(length));
    const [x, h0, dh] = [T * B * I, B * H, T * B * H].map((length, k) =>
      filled(engine, numbers(length, 9 + k)),
    );
    const [dx, dh0] = [engine.allocate(T * B * I), engine.allocate(B * H)];
    const recurrence = engine.recurrence(size);
    const options = { h0, dx, dh0, reverse };
    recurrence.forward(x, weights, options);
    const [h, gates] = [recurrence.h.slice(), recurrence.gates.slice()];
    recurrence.dh.set(dh);
    recurrence.backward(x, weights, gradients, options);
    return { forward: { h, gates }, backward: { dh: recurrence.dh, dx, dh0, ...gradients } };
  };
  const [expected, came] = [run(exact), run(simd)];
  for (const [pass, tolerance] of [
    ["forward", 2e-6],
    ["backward", 5e-6],
  ] as const) {
    for (const [name, value] of Object.entries(expected[pass])) {
      const error = relativeError((came[pass] as Record<string, Floats>)[name], value);
      expect(error, name).toBeLessThanOrEqual(tolerance);
    }
  }
});

test("sigmoid and tanh are exact to a few units of the last place, and NaN stays NaN", () => {
  const [B, H] = [1, 512];
  const values = numbers(H, 1).map((value, k) => value * 10 ** ((k % 50) / 10 - 3.4));
  const z = [0, -0, 1e-30, -1e30, 1e30, 88, -88, NaN, Infinity, -Infinity, ...values].slice(0, H);
  const at = (cell: "rnn_tanh" | "gru") => {
    const G = gateCount[cell];
    const recurrence = simd.recurrence({ cell, T: 1, B, I: 1, H });
    const weights = {
      Wx: simd.allocate(G * H),
      Wh: simd.allocate(G * H * H),
      b: filled(simd, Array.from({ length: G }, () => z).flat()),
    };
    recurrence.forward(simd.allocate(1), weights);
    return recurrence.gates.subarray(0, H);
  };
  const exactly = Float32Array.from(z, Number);
  const [tanh, sigmoid] = [at("rnn_tanh"), at("gru")];
  for (let k = 0; k < H; k++) {
    const x = exactly[k];
    for (const [came, expected] of [
      [tanh[k], Math.tanh(x)],
      [sigmoid[k], 1 / (1 + Math.exp(-x))],
    ]) {
      if (Number.isNaN(x)) expect(came).toBeNaN();
      else expect(Math.abs(came - expected)).toBeLessThanOrEqual(3e-7 * Math.abs(expected) + 1e-37);
    }
  }
});

test("the float32 engine takes SIMD where there is enough work for it", () => {
  const engine = engineFor("float32");
  const buffers = [
    // 2048 and 4096 multiplications
    { cell: "lstm", T: 1, B: 1, I: 16, H: 16 } as const,
    { cell: "lstm", T: 2, B: 1, I: 16, H: 16 } as const,
  ].map((size) => engine.recurrence(size).h.byteOffset);
  // JavaScript's arrays stand alone; those of the WebAssembly share one memory.
  expect(buffers[0]).toBe(0);
  expect(buffers[1]).toBeGreaterThan(0);
});
