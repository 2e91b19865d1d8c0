// Optimisers and schedules against torch.optim: committed numbers, written again where PyTorch is there.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Parameter, Schedule, UpdateRule } from "../../../src/index.js";
import * as unrolled from "../../../src/index.js";
import { findPython } from "../../support/python.js";
import { expectSameNumbers } from "../../support/same_numbers.js";

interface Optimizers {
  start: number[];
  gradients: number[][];
  cases: { rule: "sgd" | "rmsProp" | "adam" | "adamW"; options: object; expected: number[][] }[];
}
interface Schedules {
  losses: number[];
  cases: {
    schedule: "stepDecay" | "cosineDecay" | "warmUp" | "reduceOnPlateau";
    options: object;
    expected: number[];
  }[];
}

const committed = fileURLToPath(new URL("../../vectors/torch_training/", import.meta.url));
const read = <T>(folder: string, name: string) => JSON.parse(readFileSync(join(folder, name), "utf8")) as T;
const optimizers = read<Optimizers>(committed, "optimizers.json");
const schedules = read<Schedules>(committed, "schedules.json");
const far = (a: number, b: number) => Math.abs(a - b) / Math.max(1, Math.abs(b));

describe.each(["float64", "float32"] as const)("%s", (dtype) => {
  test.each(optimizers.cases.map(({ rule, options, expected }) => [rule, options, expected] as const))(
    "%s with %j moves weights as PyTorch does, over 20 updates",
    (name, options, expected) => {
      const array = dtype === "float64" ? Float64Array : Float32Array;
      const make = unrolled[`${name}Rule`] as (options: object) => UpdateRule;
      const { start, gradients } = optimizers;
      // Two parameters, so that each must have a state of its own.
      const data = [start.slice(0, 4), start.slice(4)];
      const parameters: Parameter[] = data.map((values, k) => ({
        name: `weight_${k}`,
        shape: [values.length],
        data: array.from(values),
        grad: new array(values.length),
      }));
      const optimizer = new unrolled.Optimizer(make(options), parameters);
      expect(expected).toHaveLength(20);
      gradients.forEach((gradient, n) => {
        parameters[0].grad.set(gradient.slice(0, 4));
        parameters[1].grad.set(gradient.slice(4));
        optimizer.step();
        const weights = parameters.flatMap((parameter) => [...parameter.data]);
        const worst = Math.max(...weights.map((w, k) => far(w, expected[n][k])));
        // float32 rounds the weights and what is carried on at every update.
        expect(worst, `update ${n + 1}`).toBeLessThan(dtype === "float64" ? 1e-14 : 1e-5);
      });
    },
  );
});

test("the slides' Adam and SGD are the same rules", () => {
  for (const { rule, options, expected } of optimizers.cases) {
    if (rule !== "sgd" && rule !== "adam") continue;
    const model = new unrolled.Dense({ inputSize: 2, outputSize: 2 });
    const tree = (flat: number[]) => ({ W: [flat.slice(0, 2), flat.slice(2, 4)], b: flat.slice(4) });
    model.setParameters(tree(optimizers.start));
    const optimizer =
      rule === "sgd"
        ? new unrolled.SGD(model, options as unrolled.SGDOptions)
        : new unrolled.Adam(model, options);
    optimizers.gradients.forEach((gradient, n) => {
      const { W, b } = tree(gradient);
      optimizer.step({ b, W }); // the order of the keys does not matter
      [...model.parameters.W.flat(), ...model.parameters.b].forEach((w, k) => {
        expect(far(w, expected[n][k]), `${rule}, update ${n + 1}`).toBeLessThan(1e-14);
      });
    });
  }
});

test.each(schedules.cases.map(({ schedule, options, expected }) => [schedule, options, expected] as const))(
  "%s with %j gives PyTorch's learning rates",
  (name, options, expected) => {
    const schedule = (unrolled[name] as (options: object) => Schedule)(options);
    const state = { ...schedule.initial };
    const factors = schedules.losses.map((loss, n) => {
      const factor = schedule.factor(n, state);
      schedule.observe?.(state, loss);
      return factor;
    });
    expect(factors).toHaveLength(20);
    factors.forEach((factor, n) => {
      expect(far(factor, expected[n]), `n = ${n}`).toBeLessThan(1e-14);
    });
  },
);

test.each(read<{ options: unrolled.Clipping; expected: number[] }[]>(committed, "clipping.json"))(
  "clipping with $options is PyTorch's",
  ({ options, expected }) => {
    const grad = Float64Array.from(optimizers.gradients[0]);
    const parameters: Parameter[] = [grad.subarray(0, 4), grad.subarray(4)].map((part, k) => ({
      name: `weight_${k}`,
      shape: [part.length],
      data: new Float64Array(part.length),
      grad: part,
    }));
    const norm = unrolled.clipGradients(parameters, options);
    // PyTorch adds 1e-6 to the norm that it divides by.
    const more = options.maxNorm !== undefined && norm > options.maxNorm ? 1 + 1e-6 / norm : 1;
    expect(Math.max(...grad.map((value, k) => far(value, more * expected[k])))).toBeLessThan(1e-14);
  },
);

test("another schedule begins where the warm-up ends", () => {
  const schedule = unrolled.warmUp({ updates: 4, then: unrolled.stepDecay({ every: 2, factor: 0.5 }) });
  expect([0, 1, 2, 3, 4, 5, 6, 8].map((n) => schedule.factor(n, {}))).toEqual([
    0, 0.25, 0.5, 0.75, 1, 1, 0.5, 0.25,
  ]);
});

const python = findPython(["torch"], "python3-torch libopenblas0-pthread");
test.skipIf(python === undefined)("PyTorch writes the committed numbers again", () => {
  const folder = mkdtempSync(join(tmpdir(), "torch-training-"));
  const env = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };
  execFileSync(python!, [join(committed, "write.py"), folder], { env });
  for (const name of ["optimizers", "schedules", "clipping", "fits", "groups", "truncated"]) {
    // Over 20 updates rounding grows.
    const file = `${name}.json`;
    expectSameNumbers(read(folder, file), read(committed, file), () => 1e-12);
  }
});

test("rules and schedules name an option that does not fit", () => {
  const { sgdRule, rmsPropRule, adamWRule, stepDecay, reduceOnPlateau, cosineDecay } = unrolled;
  expect(() => sgdRule({ lr: 0.1, nesterov: true })).toThrow(
    "sgdRule: momentum is 0 and dampening 0, but nesterov needs momentum and no dampening",
  );
  expect(() => sgdRule({ lr: 0.1, momentum: -1 })).toThrow(
    "sgdRule: momentum is -1, but must be a number of at least 0",
  );
  expect(() => rmsPropRule({ alpha: 1 })).toThrow("rmsPropRule: alpha is 1, but must be in [0, 1)");
  expect(() => adamWRule({ amsgrad: true } as never)).toThrow('adamWRule: option "amsgrad" is unknown');
  expect(() => stepDecay({ every: 0, factor: 0.5 })).toThrow("stepDecay: every is 0");
  expect(() => cosineDecay({ updates: 5, lowest: 2 })).toThrow("cosineDecay: lowest is 2");
  expect(() => reduceOnPlateau({ patience: 0.5 })).toThrow("reduceOnPlateau: patience is 0.5");
});
