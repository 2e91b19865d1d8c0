// What the engines hold: nothing grows with steps, and what nobody uses any more is given back.

import { expect, test } from "vitest";
import { heldMemory } from "../../support/memory.js";
import { engines, filled, numbers } from "./numbers.js";

test.each(engines)("10 000 training steps of $name allocate no array and leave nothing", (engine) => {
  const [T, B, I, H] = [5, 3, 2, 9];
  const GH = 4 * H;
  const arena = filled(engine, numbers(GH * (I + H + 1), 1, 0.3));
  const gradients = engine.allocate(arena.length);
  const views = (from: typeof arena) => ({
    Wx: from.subarray(0, GH * I),
    Wh: from.subarray(GH * I, GH * (I + H)),
    b: from.subarray(GH * (I + H)),
  });
  const [weights, grads] = [views(arena), views(gradients)];
  const x = filled(engine, numbers(T * B * I, 2));
  const dx = engine.allocate(T * B * I);
  const options = { lengths: Int32Array.of(5, 2, 3), dx };
  const recurrence = engine.recurrence({ cell: "lstm", T, B, I, H });
  const sums = new Float64Array(2 * T * B);
  const train = (steps: number) => {
    for (let step = 0; step < steps; step++) {
      recurrence.forward(x, weights, options);
      recurrence.dh.set(recurrence.h);
      gradients.fill(0);
      recurrence.backward(x, weights, grads, options);
      engine.gemm(false, true, T * B, GH, H, recurrence.h, weights.Wh, recurrence.gates, true);
      engine.softmax(GH, 1, recurrence.gates, recurrence.gates, sums);
      engine.addColumnSums(GH, recurrence.gates, grads.b);
    }
  };
  train(1000);
  const before = heldMemory();
  const { arrayBuffers } = process.memoryUsage();
  train(10_000);
  // Without a collection in between, arrays of a step would still be counted.
  expect(process.memoryUsage().arrayBuffers - arrayBuffers).toBeLessThan(64 * 1024);
  const after = heldMemory();
  expect(after.heapUsed - before.heapUsed).toBeLessThan(1e6);
  expect(after.external - before.external).toBeLessThan(64 * 1024);
});

test.each(engines)("dropped recurrences of $name give their memory back", (engine) => {
  const size = { cell: "lstm", T: 50, B: 32, I: 8, H: 128 } as const;
  const make = (count: number) => {
    for (let k = 0; k < count; k++) {
      const recurrence = engine.recurrence(size);
      recurrence.h.fill(1);
      recurrence.gates.fill(1);
    }
    return process.memoryUsage().rss;
  };
  const before = make(20);
  // Together 1 GB and more, of which at most what a collection waits for is there at once.
  expect(make(200) - before).toBeLessThan(300e6);
});
