// What an editor tells of the book's methods, which are listed nowhere but where they are defined.

import { beforeAll, expect, test } from "vitest";
import { charts } from "../../../notebooks/workbook/charts/index.js";
import { useKernel } from "../../support/kernel.js";

const kernel = useKernel();

beforeAll(async () => {
  const { error } = await kernel.client.execute(
    'import { workbook } from "unrolled/workbook";\nconst book = workbook("05", "en");',
  );
  expect(error).toBeUndefined();
});

const ask = async (type: "inspect_request" | "complete_request", code: string) =>
  (await kernel.client.request("shell", type, { code, cursor_pos: code.length, detail_level: 0 })).content;

async function told(name: string): Promise<string> {
  const { data } = await ask("inspect_request", `book.${name}`);
  return (data as Record<string, string>)["text/plain"];
}

test("hovering over a chart shows its parameters and its docstring", async () => {
  const text = await told("decayByWeight");
  expect(text).toContain("decays: WeightDecay[], shown: number");
  expect(text).not.toContain("locale");
  expect(text).toContain("P2: what is left of the gradient");
  expect(text).toContain("the w of the slider's first position");
  expect(text).toContain("RangeError");
});

test("hovering over a method that remembers or judges does so too", async () => {
  expect(await told("slide")).toMatch(
    /slide: number, values: Record<string, Value>[^]*printed value, exact value/,
  );
  expect(await told("check")).toMatch(/id: string, answer: unknown[^]*Judges an answer/);
});

test("every chart says what it is and names its parameters", async () => {
  const names = Object.keys(charts("en"));
  for (const name of names) {
    const text = await told(name);
    expect(text, name).toMatch(/^\(property\) \w+: \(\w+\??: .*\) => Chart\n\n\S/);
    // Where a parameter is taken apart in the list of parameters.
    expect(text, name).not.toContain("args_");
  }
});

test("an option that may be left out is shown as such", async () => {
  expect(await told("activationCurves")).toMatch(/options\?: ActivationCurvesOptions/);
});

test("completion knows charts and checks", async () => {
  const { matches } = await ask("complete_request", "book.");
  expect(matches).toEqual(
    expect.arrayContaining(["decayByWeight", "gatePlayground", "slide", "check", "number"]),
  );
});
