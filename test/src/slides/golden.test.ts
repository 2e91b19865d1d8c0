import { expect, test } from "vitest";
import * as library from "../../../src/index.js";
import {
  assertAsymmetric,
  assertDeck,
  assertRNN,
  assertUntiedDeck,
  compare,
  countNumbers,
  exactPart,
  vectorFile,
} from "./golden.js";

test("the deck with tied gates gives every exact value of slides 36 to 59", () => {
  const { exact } = vectorFile<{ exact: Record<string, number[]> }>("deck_vectors");
  expect(Object.keys(exact)).toHaveLength(69);
  expect(assertDeck(library)).toBe(countNumbers(exact));
});

test("the deck with untied gates gives gradients, update and losses over 200 steps", () => {
  const exact = exactPart(vectorFile("deck_untied_vectors"), ["note"]);
  expect(assertUntiedDeck(library)).toBe(countNumbers(exact));
});

test("the asymmetric LSTM gives every state and every gradient", () => {
  const inputs = ["note", "params", "Why", "by", "x", "y", "h0", "c0"];
  expect(assertAsymmetric(library)).toBe(countNumbers(exactPart(vectorFile("asymmetric_vector"), inputs)));
});

test("the RNN agrees with the golden vectors of five cases", () => {
  const { note, ...cases } = vectorFile<Record<string, object>>("rnn_vectors");
  expect(typeof note).toBe("string");
  const exact = Object.entries(cases).map(([name, file]) =>
    exactPart(file, name.startsWith("deck_") ? ["Wh"] : ["Wx", "Wh", "b", "Why", "by", "x", "h0", "y"]),
  );
  expect(exact).toHaveLength(5);
  expect(assertRNN(library)).toBe(exact.reduce((sum, file) => sum + countNumbers(file), 0));
});

test("the comparison itself fails on a wrong digit, a missing key and one too many", () => {
  expect(() => compare("a", { x: [1 + 1e-11] }, { x: [1] })).toThrow("a.x.0: computed");
  expect(() => compare("a", { x: [1e-14] }, { x: [0] })).toThrow("a.x.0: computed");
  expect(() => compare("a", { x: [NaN] }, { x: [1] })).toThrow("a.x.0: computed");
  expect(() => compare("a", {}, { x: [1] })).toThrow("a: x on one side only");
  expect(() => compare("a", { x: [1, 2] }, { x: [1] })).toThrow("a.x: 1 on one side only");
});
