import { expect, test } from "vitest";
import type { Parameter } from "../../../src/index.js";
import { clipGradients, clipGradNorm, gradientNorm } from "../../../src/index.js";

const parameter = (name: string, ...grad: number[]): Parameter => ({
  name,
  shape: [grad.length],
  data: new Float64Array(grad.length),
  grad: Float64Array.from(grad),
});
const gradients = (parameters: Parameter[]) => parameters.map(({ grad }) => [...grad]);

test("clipGradients by norm is clipGradNorm in place", () => {
  const parameters = [parameter("a", 1, -2, 4), parameter("b", 0, -4, 2, 2, 2)];
  expect(gradientNorm(parameters)).toBeCloseTo(7, 14);
  const [a, b] = gradients(parameters);
  const expected = clipGradNorm({ a, b }, { maxNorm: 0.7 }).gradients;
  expect(clipGradients(parameters, { maxNorm: 0.7 })).toBeCloseTo(7, 14);
  expect(gradients(parameters)).toEqual([expected.a, expected.b]);
  expect(gradientNorm(parameters)).toBeCloseTo(0.7, 14);
  clipGradients(parameters, { maxNorm: 1 });
  expect(gradients(parameters)).toEqual([expected.a, expected.b]);
});

test("clipping by value keeps each number within the limit", () => {
  const parameters = [parameter("a", 1, -2, 0.5), parameter("b", -0.1)];
  clipGradients(parameters, { maxValue: 0.6 });
  expect(gradients(parameters)).toEqual([[0.6, -0.6, 0.5], [-0.1]]);
});

test("clipGradients needs one limit, and a positive one", () => {
  expect(() => clipGradients([], {})).toThrow(
    "clipGradients: maxNorm and maxValue are both undefined, but exactly one must be given",
  );
  expect(() => clipGradients([], { maxNorm: 1, maxValue: 1 })).toThrow(
    "maxNorm and maxValue are both given, but exactly one must be given",
  );
  expect(() => clipGradients([], { maxValue: 0 })).toThrow(
    "clipGradients: maxValue is 0, but must be a positive",
  );
});

test("a limit that is undefined counts as not given", () => {
  const parameter = { name: "w", shape: [2], data: new Float64Array(2), grad: Float64Array.of(3, 4) };
  expect(clipGradients([parameter], { maxNorm: 1, maxValue: undefined })).toBe(5);
  expect(() => clipGradients([parameter], { maxNorm: 1, maxValue: 1 })).toThrow(
    "clipGradients: maxNorm and maxValue are both given, but exactly one must be given",
  );
  expect(() => clipGradients([parameter], {})).toThrow("maxNorm and maxValue are both undefined");
  expect(() => clipGradients([parameter], { maxNorm: "1" as never })).toThrow(
    'clipGradients: maxNorm is "1", but must be a positive number',
  );
});

test("gradientNorm says what came instead of gradients", () => {
  expect(() => gradientNorm([{ grad: null }])).toThrow(
    "gradientNorm: the gradients are an array, but must be",
  );
});
