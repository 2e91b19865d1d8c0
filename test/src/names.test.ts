// One vocabulary: names that differ only in case are mistaken for each other. Types are not counted: a type
// may have the name of the function whose result it describes, as GradientFlow of gradientFlow.

import { expect, test } from "vitest";
import * as library from "../../src/index.js";
import * as nn from "../../src/nn/index.js";
import * as weights from "../../src/weights/index.js";

const onlyInCase = (names: string[]) =>
  names.filter((name) => names.some((other) => other !== name && other.toLowerCase() === name.toLowerCase()));

test.each([
  ["unrolled", library],
  ["unrolled/nn", nn],
  ["unrolled/weights", weights],
])("no two exports of %s differ only in case", (_, entry) => {
  expect(onlyInCase(Object.keys(entry))).toEqual([]);
});
