import { expect, test } from "vitest";
import { normalInitializer, spectralRadius } from "../../../src/index.js";

/** Φ(x) by Simpson's rule on the density; good to 1e-9. */
function cumulative(x: number): number {
  const density = (t: number) => Math.exp(-t * t * 0.5) / Math.sqrt(2 * Math.PI);
  const n = 400;
  const step = x / n;
  let sum = density(0) + density(x);
  for (let k = 1; k < n; k++) sum += (k % 2 === 1 ? 4 : 2) * density(k * step);
  return 0.5 + (sum * step) / 3;
}

test("normal numbers are normal by Kolmogorov–Smirnov against Φ", () => {
  for (const seed of [1, 2, 3]) {
    const count = 20_000;
    const sorted = normalInitializer({ std: 2, seed })
      .vector(count)
      .map((x) => x / 2)
      .sort((a, b) => a - b);
    const distance = Math.max(
      ...sorted.map((x, k) => Math.max((k + 1) / count - cumulative(x), cumulative(x) - k / count)),
    );
    expect(distance).toBeLessThan(1.63 / Math.sqrt(count)); // the 1 % level
  }
});

test("the standard deviation is the one asked for", () => {
  const count = 100_000;
  const x = normalInitializer({ std: 3, seed: 6 }).vector(count);
  const variance = x.reduce((sum, value) => sum + value * value, 0) / count / 9;
  expect(Math.abs(variance - 1)).toBeLessThan(3 * Math.sqrt(2 / count));
});

test("normal numbers are uncorrelated with the ones before", () => {
  const x = normalInitializer({ seed: 4 }).vector(20_000);
  const correlation = x.slice(1).reduce((sum, value, k) => sum + value * x[k], 0) / x.length;
  expect(Math.abs(correlation)).toBeLessThan(3 / Math.sqrt(x.length));
});

test("the same seed gives the same numbers, row by row; another seed others", () => {
  const matrix = normalInitializer({ seed: 7 }).matrix(3, 4);
  expect(matrix.flat()).toEqual(normalInitializer({ seed: 7 }).vector(12));
  expect(matrix.map((row) => row.length)).toEqual([4, 4, 4]);
  expect(normalInitializer({ seed: 8 }).vector(12)).not.toEqual(matrix.flat());
  expect(normalInitializer().vector(2)).toEqual(normalInitializer({ std: 1, seed: 0 }).vector(2));
});

test("std = g/√n gives a matrix whose spectral radius is near the gain g", () => {
  const radius = spectralRadius(normalInitializer({ std: 1.5 / 10, seed: 1 }).matrix(100, 100));
  expect(radius).toBeGreaterThan(1.5 * 0.85);
  expect(radius).toBeLessThan(1.5 * 1.15);
});

test("normalInitializer names an option that does not fit", () => {
  expect(() => normalInitializer({ std: 0 })).toThrow(
    "normalInitializer: std is 0, but must be a positive number",
  );
  expect(() => normalInitializer({ seed: 0.5 })).toThrow("normalInitializer: seed is 0.5");
  expect(() => normalInitializer({ mean: 1 } as never)).toThrow('option "mean" is unknown');
});
