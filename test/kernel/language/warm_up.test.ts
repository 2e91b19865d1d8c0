import { expect, test } from "vitest";
import { Compiler } from "../../../kernel/language/compiler.js";
import { warmUp } from "../../../kernel/language/warm_up.js";

test("the warm-up compiles its cells without an error and leaves the session as it is", () => {
  const session = new Compiler();
  session.compile("cell[1].ts", "let series = 1;");
  const errors: string[] = [];
  const samples = warmUp();
  // A round has six cells, the last of which is wrong on purpose.
  for (let step = 0; step < 6; step++) {
    const { value } = samples.next();
    if (value && "error" in value) errors.push(value.error.evalue);
  }
  expect(errors).toEqual(["Type 'number' is not assignable to type 'string'. (TS2322)"]);
  expect(session.compile("cell[2].ts", "series.toFixed()")).toHaveProperty("compiled");
  expect(session.compile("cell[3].ts", "layer")).toHaveProperty(
    "error.evalue",
    "Cannot find name 'layer'. (TS2304)",
  );
});
