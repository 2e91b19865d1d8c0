// The sigmoid and tanh of many gates, against Math, to the last bit.

import { afterEach, expect, test, vi } from "vitest";
import type { Activation } from "../../../src/engine/activations.js";
import { activate } from "../../../src/engine/activations.js";
import { numbers } from "./numbers.js";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

const functions = { sigmoid: (z: number) => 1 / (1 + Math.exp(-z)), tanh: Math.tanh };

/** Where fdlibm takes another formula, and where eᶻ or tanh z no longer change. */
const borders = [
  0,
  5e-324,
  2 ** -55,
  2 ** -28,
  Math.LN2 / 4,
  Math.LN2 / 2,
  0.75 * Math.LN2,
  1.5 * Math.LN2,
  1,
  22,
]
  .concat([7, 19.8, 36.7, 709.782712893384, 710, 745.2, 1e300, Infinity, NaN])
  .flatMap((z) => [z, -z]);

/** At and near the borders; and of every size from 10⁻¹⁸ to 10³, most where neither function is flat. */
const values = (length: number) =>
  numbers(length, 1).map((value, k) => {
    if (k < borders.length) return borders[k];
    if (k % 3 === 0) return borders[k % borders.length] * (1 + value * 2 ** -(k % 53));
    if (k % 3 === 1) return value * 10 ** ((k % 64) / 3 - 18);
    // 1 + z lies in the middle between two doubles.
    return k % 9 === 2 ? (Math.round(value * 2 ** 24) * 2 + 1) * 2 ** -53 : value * (1 + (k % 24));
  });

test("both functions are those of Math to the last bit, for doubles of every size", () => {
  const z = values(60_000);
  for (const name of ["sigmoid", "tanh"] as const) {
    const came = Float64Array.from(z);
    activate(came, 0, z.length / 40, 40, [name]);
    const wrong = z.filter((value, k) => !Object.is(came[k], functions[name](value)));
    expect(wrong, name).toEqual([]);
  }
});

const blocks: (Activation | undefined)[] = ["sigmoid", undefined, "tanh"];
/** Few numbers; an odd width; more than are copied at a time; a row that is longer than that. */
const sizes = [
  { rows: 1, H: 1 },
  { rows: 5, H: 41 },
  { rows: 700, H: 16 },
  { rows: 2, H: 3001 },
];

function expectActivated(activated: typeof activate, { rows, H }: (typeof sizes)[number]): void {
  for (const floats of [Float64Array, Float32Array]) {
    const z = floats.from(values(7 + 3 * rows * H + 2));
    const expected = z.map((value, k) => {
      const name = k < 7 ? undefined : blocks[Math.floor((k - 7) / H) % 3];
      return name === undefined || k >= 7 + 3 * rows * H ? value : functions[name](value);
    });
    activated(z, 7, rows, H, blocks);
    expect(z.every((value, k) => Object.is(value, expected[k]))).toBe(true);
  }
}

test.each(sizes)("of $rows rows of blocks of $H only what is named is activated", (size) => {
  expectActivated(activate, size);
});

test("where there is no WebAssembly, JavaScript does it", async () => {
  vi.stubGlobal("WebAssembly", undefined);
  vi.resetModules();
  const { activate: without } = await import("../../../src/engine/activations.js");
  for (const size of sizes) expectActivated(without, size);
});
