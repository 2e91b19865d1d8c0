import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addingProblem,
  copyTask,
  modularSum,
  parity,
  randomStream,
  temporalOrder,
} from "../../../src/index.js";
import type { Tensor } from "../../../src/numbers/tensor.js";

/** Row [t, b] of a tensor [T, B, F]. */
const row = ({ shape: [, B, F], data }: Tensor, t: number, b: number) =>
  Array.from(data.subarray((t * B + b) * F, (t * B + b + 1) * F));
const steps = ({ shape: [T] }: Tensor) => Array.from({ length: T }, (_, t) => t);
const hot = (vector: number[]) => {
  expect(vector.filter((v) => v !== 0)).toEqual([1]);
  return vector.indexOf(1);
};

test("the adding problem has two marks, one in each half, and their sum as its target", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 40 }), fc.integer(), (T, seed) => {
      const { x, y } = addingProblem({ steps: T }).draw(randomStream(seed), 3);
      expect([x.shape, y.shape]).toEqual([
        [T, 3, 2],
        [3, 1],
      ]);
      for (const b of [0, 1, 2]) {
        const marked = steps(x).filter((t) => row(x, t, b)[1] === 1);
        expect(steps(x).every((t) => [0, 1].includes(row(x, t, b)[1]))).toBe(true);
        expect(marked).toHaveLength(2);
        expect([marked[0] < Math.floor(T / 2), marked[1] < Math.floor(T / 2)]).toEqual([true, false]);
        expect(y.data[b]).toBe(row(x, marked[0], b)[0] + row(x, marked[1], b)[0]);
      }
    }),
    { numRuns: 30 },
  );
});

test("guessing 1 in the adding problem costs 1/6, and every step of a half is marked sometimes", () => {
  const task = addingProblem({ steps: 10 });
  const { x, y } = task.draw(randomStream(0), 20_000);
  const cost = [...y.data].reduce((sum, target) => sum + (target - 1) ** 2, 0) / 20_000;
  expect(Math.abs(cost - task.baseline)).toBeLessThan(0.004); // 3 standard errors are 0.0033
  for (const t of steps(x)) {
    let marks = 0;
    for (let b = 0; b < 20_000; b++) marks += x.data[(t * 20_000 + b) * 2 + 1];
    expect(Math.abs(marks / 20_000 - 1 / 5)).toBeLessThan(0.01);
  }
});

test("the copy task has ten symbols, blanks, a signal before the answer, and the symbols as targets", () => {
  const task = copyTask({ delay: 7 });
  const { x, y } = task.draw(randomStream(3), 4);
  expect([task.steps, x.shape, y.shape]).toEqual([27, [27, 4, 10], [27, 4]]);
  expect(task.baseline).toBeCloseTo((10 * Math.log(8)) / 27, 15);
  for (const b of [0, 1, 2, 3]) {
    const symbols = steps(x).map((t) => hot(row(x, t, b)));
    expect(symbols.slice(0, 10).every((symbol) => symbol < 8)).toBe(true);
    expect(symbols.slice(10)).toEqual([...Array<number>(6).fill(8), 9, ...Array<number>(10).fill(8)]);
    const targets = steps(y).map((t) => y.data[t * 4 + b]);
    expect(targets).toEqual([...Array<number>(17).fill(8), ...symbols.slice(0, 10)]);
  }
  const drawn = new Set(copyTask({ delay: 1 }).draw(randomStream(1), 50).y.data);
  expect([...drawn].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

test("temporal order has two meaningful symbols, where and in the order that the class says", () => {
  const task = temporalOrder({ steps: 40 });
  const { x, y } = task.draw(randomStream(5), 400);
  expect(x.shape).toEqual([40, 400, 6]);
  const places = [new Set<number>(), new Set<number>()];
  for (let b = 0; b < 400; b++) {
    const symbols = steps(x).map((t) => hot(row(x, t, b)));
    const meaning = steps(x).filter((t) => symbols[t] < 2);
    expect(meaning).toHaveLength(2);
    meaning.forEach((t, k) => places[k].add(t));
    expect(y.data[b]).toBe(2 * symbols[meaning[0]] + symbols[meaning[1]]);
  }
  expect(places.map((place) => [...place].sort((a, b) => a - b))).toEqual([
    [4, 5, 6, 7],
    [16, 17, 18, 19],
  ]);
  expect(new Set(y.data).size).toBe(4);
});

test("parity is odd where the ones are, and a modular sum what is left of the sum of digits", () => {
  const odd = parity({ steps: 9 }).draw(randomStream(2), 200);
  const left = modularSum({ steps: 9, modulus: 5 }).draw(randomStream(2), 200);
  expect([odd.x.shape, odd.y.shape, left.x.shape]).toEqual([[9, 200, 2], [200], [9, 200, 5]]);
  const counts = [new Array<number>(2).fill(0), new Array<number>(5).fill(0)];
  for (let b = 0; b < 200; b++) {
    const [bits, digits] = [odd.x, left.x].map((x) => steps(x).map((t) => hot(row(x, t, b))));
    expect(odd.y.data[b] === 1).toBe(bits.filter((bit) => bit === 1).length % 2 === 1);
    expect((digits.reduce((sum, digit) => sum + digit, 0) - left.y.data[b]) % 5).toBe(0);
    counts[0][odd.y.data[b]]++;
    counts[1][left.y.data[b]]++;
  }
  // Every class is as likely, so that guessing costs its logarithm.
  expect(Math.min(...counts[0]) > 70 && Math.min(...counts[1]) > 20).toBe(true);
  expect([parity({ steps: 3 }).baseline, modularSum({ steps: 3, modulus: 5 }).baseline]).toEqual([
    Math.log(2),
    Math.log(5),
  ]);
  expect(modularSum({ steps: 9, modulus: 2 }).draw(randomStream(2), 200)).toEqual(odd);
});

test("the same random numbers draw the same, others draw something else", () => {
  for (const task of [
    addingProblem({ steps: 9 }),
    copyTask({ delay: 3 }),
    temporalOrder({ steps: 12 }),
    parity({ steps: 9 }),
    modularSum({ steps: 9, modulus: 3 }),
  ]) {
    const drawn = (seed: number) => task.draw(randomStream(seed, 4), 5);
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
  }
});

test("tasks name a size that does not fit", () => {
  expect(() => addingProblem({ steps: 1 })).toThrow("addingProblem: steps is 1, but must be at least 2");
  expect(() => temporalOrder({ steps: 9 })).toThrow("temporalOrder: steps is 9, but must be at least 10");
  expect(() => copyTask({ delay: 0 })).toThrow("copyTask: delay is 0, but must be a positive integer");
  expect(() => copyTask({ steps: 3 } as never)).toThrow('copyTask: option "steps" is unknown');
  expect(() => parity({ steps: 0 })).toThrow("parity: steps is 0, but must be a positive integer");
  expect(() => modularSum({ steps: 3, modulus: 1 })).toThrow(
    "modularSum: modulus is 1, but must be at least 2",
  );
});
