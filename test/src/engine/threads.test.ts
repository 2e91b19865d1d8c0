// Several threads: what they compute together is what one computes, and the same every time.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { cellKinds, cellStateSize } from "../../../src/engine/engine.js";
import type { Engine, Recurrence, RecurrenceWeights } from "../../../src/engine/engine.js";
import { engineFor } from "../../../src/engine/engine_for.js";
import { threadedRecurrence } from "../../../src/engine/threads/threaded_recurrence.js";
import type { Floats } from "../../../src/numbers/tensor.js";
import { filled, numbers, relativeError, weightLengths } from "./numbers.js";

test("the committed program of a thread is the one that its source is bundled to", async () => {
  const script = "../../../scripts/thread_source.js" as string;
  const { generate, TARGET } = (await import(script)) as { generate: () => Promise<string>; TARGET: string };
  expect(readFileSync(TARGET, "utf8")).toBe(await generate());
});

const cases = cellKinds.flatMap((cell) =>
  (["float64", "float32"] as const).flatMap((dtype) =>
    [false, true].map((reverse) => ({ cell, dtype, reverse })),
  ),
);

test.each(cases)(
  "$cell, $dtype, reverse $reverse: three threads compute as one",
  ({ cell, dtype, reverse }) => {
    // The state of an MLSTM has H² numbers.
    const [I, H] = cell === "mlstm" ? [600, 40] : [250, 200];
    const size = { cell, T: 20, B: 7, I, H };
    const engine = engineFor(dtype);
    // Read from the first step on without lengths, from each sequence's last with them, and with all ends.
    const one = run(engine, engine.recurrence(size), reverse);
    const recurrence = threadedRecurrence(engine, size, 3);
    expect(recurrence.constructor.name).toBe("ThreadedRecurrence");
    const three = run(engine, recurrence, reverse);
    expect(Object.keys(three).sort()).toEqual(Object.keys(one).sort());
    for (const [name, value] of Object.entries(one)) {
      // What goes back is summed in blocks of rows, and those of a part are others.
      if (["h", "c", "gates", "keep"].includes(name)) expect(isSame(three[name], value), name).toBe(true);
      else expect(relativeError(three[name], value), name).toBeLessThan(dtype === "float64" ? 1e-13 : 2e-6);
    }
    for (const [name, value] of Object.entries(run(engine, recurrence, reverse))) {
      expect(isSame(value, three[name]), name).toBe(true);
    }
  },
);

/** To the last bit; an array at a time, for there are many. */
const isSame = (a: Floats, b: Floats) =>
  a.length === b.length && a.every((value, k) => Object.is(value, b[k]));

/** Everything that comes out of a pass forward, back, and of the norms. */
function run(engine: Engine, recurrence: Recurrence, reverse: boolean): Record<string, Floats> {
  const { cell, T, B, I, H } = recurrence.size;
  const S = cellStateSize(cell, H);
  const shapes = weightLengths(recurrence.size);
  const weights = Object.fromEntries(
    Object.entries(shapes).map(([name, length], k) => [
      name,
      filled(engine, numbers(length, k, 0.8 / Math.sqrt(H))),
    ]),
  ) as unknown as RecurrenceWeights;
  const gradients = Object.fromEntries(
    Object.entries(shapes).map(([name, length]) => [name, engine.allocate(length)]),
  ) as unknown as RecurrenceWeights & Record<string, Floats>;
  const given = (length: number, seed: number) => filled(engine, numbers(length, seed));
  const x = given(T * B * I, 9);
  const states = {
    h0: given(B * H, 10),
    dhT: given(B * H, 11),
    ...(S > 0 && { c0: given(B * S, 12), dcT: given(B * S, 13) }),
  };
  const into = {
    dx: engine.allocate(T * B * I),
    dh0: engine.allocate(B * H),
    ...(S > 0 && { dc0: engine.allocate(B * S) }),
  };
  const lengths = reverse ? Int32Array.from({ length: B }, (_, b) => 1 + ((b * 5) % T)) : undefined;
  const options = { ...states, ...into, lengths, reverse };
  recurrence.forward(x, weights, options);
  const forward = { h: recurrence.h.slice(), gates: recurrence.gates.slice() };
  const also = {
    ...(recurrence.c && { c: recurrence.c.slice() }),
    ...(recurrence.keep && { keep: recurrence.keep.slice() }),
  };
  recurrence.dh.set(given(T * B * H, 14));
  recurrence.backward(x, weights, gradients, options);
  const sums = Object.entries(
    recurrence.flow(x, { h0: states.h0, lengths }) as unknown as Record<string, Floats>,
  );
  return {
    ...forward,
    ...also,
    dz: recurrence.gates.slice(),
    dh: recurrence.dh.slice(),
    ...(recurrence.dc && { dc: recurrence.dc.slice() }),
    ...into,
    ...Object.fromEntries(Object.entries(gradients).map(([name, value]) => [`Σ d${name}`, value])),
    ...Object.fromEntries(sums.map(([name, value]) => [`Σ ‖${name}‖`, value.slice()])),
  };
}

test("little work stays on one thread", () => {
  const engine = engineFor("float32");
  const recurrence = threadedRecurrence(engine, { cell: "lstm", T: 20, B: 8, I: 2, H: 16 }, 8);
  expect(recurrence.constructor.name).not.toBe("ThreadedRecurrence");
});

test("dropped recurrences of several threads give their memory back", async () => {
  const engine = engineFor("float32");
  const make = async (count: number) => {
    for (let k = 0; k < count; k++) {
      threadedRecurrence(engine, { cell: "lstm", T: 50, B: 32, I: 8, H: 128 }, 2).h.fill(1);
      // Threads are told after a collection, when the program has a moment.
      await new Promise(setImmediate);
    }
    return process.memoryUsage().rss;
  };
  const before = await make(20);
  await make(200);
  // On a busy machine the other thread lags behind; what is never given back only grows.
  await expect.poll(async () => (await make(5)) - before).toBeLessThan(500e6);
});
