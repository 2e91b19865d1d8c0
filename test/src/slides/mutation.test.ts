// How good are the golden vectors as a test? 24 mistakes that people really make in an LSTM are put into
// copies of the library's source, one at a time, and the assertions must reject every one.

import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";
import { afterAll, expect, test } from "vitest";
import type { Library } from "./golden.js";
import { assertAsymmetric, assertDeck, assertGolden } from "./golden.js";

interface Mutant {
  bug: string;
  file: string;
  find: string;
  replace: string;
}

const cell = "slides/cells/lstm.ts";
const layer = "slides/layers/lstm.ts";
const packing = {
  file: "slides/layers/state_dict.ts",
  find: `["i", "f", "g", "o"] as const`,
};

const mutants: Mutant[] = [
  { bug: "f and i swapped in the packing", ...packing, replace: `["f", "i", "g", "o"] as const` },
  { bug: "f and o swapped in the packing", ...packing, replace: `["i", "o", "g", "f"] as const` },
  { bug: "i and o swapped in the packing", ...packing, replace: `["o", "f", "g", "i"] as const` },
  {
    bug: "b_f taken from b_o",
    file: cell,
    find: "f: preActivation(params.f)",
    replace: "f: preActivation({ ...params.f, b: params.o.b })",
  },
  {
    bug: "W_h transposed in forward",
    file: cell,
    find: "matVec(Wh, hPrev)",
    replace: "transposedMatVec(Wh, hPrev)",
  },
  {
    bug: "h = o ⊙ C without tanh",
    file: cell,
    find: "const h = hadamard(o, tanhC);",
    replace: "const h = hadamard(o, c);",
  },
  {
    bug: "∂h overwritten by the local term",
    file: "slides/layers/layer.ts",
    find: "local === null ? next : add(local, next)",
    replace: "local === null ? next : local",
  },
  {
    bug: "W_hy not transposed",
    file: "slides/dense.ts",
    find: "dh: transposedMatVec(this.parameters.W, dlogits)",
    replace: "dh: matVec(this.parameters.W, dlogits)",
  },
  {
    bug: "∂C assigned, dropping ∂C_next",
    file: cell,
    find: "add(dcNext, hadamard(dh, o, tanhPrime(tanhC)))",
    replace: "hadamard(dh, o, tanhPrime(tanhC))",
  },
  {
    bug: "∂C from h without 1 − tanh²",
    file: cell,
    find: "hadamard(dh, o, tanhPrime(tanhC))",
    replace: "hadamard(dh, o)",
  },
  { bug: "∂f uses C_t", file: cell, find: "hadamard(dc, cPrev)", replace: "hadamard(dc, step.c)" },
  { bug: "σ′ missing on f", file: cell, find: "f: hadamard(df, sigmoidPrime(f))", replace: "f: df" },
  {
    bug: "tanh′ = 1 / (1 − h²)",
    file: "slides/activations.ts",
    find: "elementwise((h) => 1 - h ** 2)",
    replace: "elementwise((h) => 1 / (1 - h ** 2))",
  },
  { bug: "∂C̃ uses o", file: cell, find: "dg = hadamard(dc, i)", replace: "dg = hadamard(dc, o)" },
  { bug: "∂i uses i", file: cell, find: "di = hadamard(dc, g)", replace: "di = hadamard(dc, i)" },
  { bug: "∂o uses C", file: cell, find: "hadamard(dh, tanhC)", replace: "hadamard(dh, step.c)" },
  { bug: "∂W_h uses h_t", file: cell, find: "outer(dz[gate], hPrev)", replace: "outer(dz[gate], step.h)" },
  {
    bug: "∂b not accumulated over t",
    file: "slides/layers/layer.ts",
    find: "mapTensors((a, b) => add(a, b), sum, part)",
    replace: "mapTensors((a, b) => (Array.isArray(a[0]) ? add(a, b) : a), sum, part)",
  },
  {
    bug: "∂h_{t−1} without the output gate",
    file: cell,
    find: `back("Wh", "g"), back("Wh", "o")`,
    replace: `back("Wh", "g")`,
  },
  {
    bug: "∂h_{t−1} without the forget gate",
    file: cell,
    find: `add(back("Wh", "f"), back("Wh", "i")`,
    replace: `add(back("Wh", "i")`,
  },
  {
    bug: "∂h_{t−1} uses W, not Wᵀ",
    file: cell,
    find: "transposedMatVec(params[gate][W], dz[gate])",
    replace: `(W === "Wh" ? matVec : transposedMatVec)(params[gate][W], dz[gate])`,
  },
  { bug: "∂h not passed back", file: layer, find: "dhNext = step.dhPrev;", replace: "" },
  { bug: "∂C_{t−1} uses i", file: cell, find: "dcPrev: hadamard(dc, f)", replace: "dcPrev: hadamard(dc, i)" },
  { bug: "∂C_{t−1} not times f", file: cell, find: "dcPrev: hadamard(dc, f)", replace: "dcPrev: dc" },
];

const source = fileURLToPath(new URL("../../../src/", import.meta.url));
const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => ({ file: file.replaceAll("\\", "/"), text: readFileSync(join(source, file), "utf8") }))
  .map(({ file, text }) => ({ file, text, code: toJavaScript(text) }));

// Inside node_modules the copies find the library's own dependencies, and version control does not see them.
const cache = fileURLToPath(new URL("../../../node_modules/.cache/", import.meta.url));
mkdirSync(cache, { recursive: true });
const directory = mkdtempSync(join(cache, "mutants-"));
writeFileSync(join(directory, "package.json"), `{ "type": "module" }`);
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

function toJavaScript(text: string): string {
  const { ES2022 } = ts.ScriptTarget;
  return ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.ESNext, target: ES2022 } })
    .outputText;
}

/** The library from a copy of its source in which one expression is replaced. */
async function load(name: string, mutant?: Mutant): Promise<Library> {
  for (const { file, text, code } of files) {
    const isMutated = mutant?.file === file;
    const target = join(directory, name, file.replace(/\.ts$/, ".js"));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, isMutated ? toJavaScript(text.replace(mutant.find, () => mutant.replace)) : code);
  }
  return (await import(pathToFileURL(join(directory, name, "index.js")).href)) as Library;
}

function rejects(assertion: (library: Library) => unknown, library: Library): boolean {
  try {
    assertion(library);
    return false;
  } catch {
    return true;
  }
}

test("each of the 24 replaced expressions stands in the source exactly once", () => {
  expect(new Set(mutants.map(({ bug }) => bug)).size).toBe(24);
  for (const { bug, file, find } of mutants) {
    const text = files.find((candidate) => candidate.file === file)?.text ?? "";
    expect(text.split(find).length - 1, bug).toBe(1);
  }
});

test("a copy of the source without a mistake passes all checks", async () => {
  expect(assertGolden(await load("unchanged"))).toBeGreaterThan(500);
});

test("the golden vectors kill 24 of 24; the deck's numbers alone let 7 live", async () => {
  const verdicts = [];
  for (const [index, mutant] of mutants.entries()) {
    const library = await load(`mutant-${index}`, mutant);
    verdicts.push({
      bug: mutant.bug,
      golden: rejects(assertGolden, library),
      asymmetric: rejects(assertAsymmetric, library),
      deck: rejects(assertDeck, library),
    });
  }
  expect(verdicts.filter(({ golden }) => !golden)).toEqual([]);
  expect(verdicts.filter(({ asymmetric }) => !asymmetric)).toEqual([]);
  expect(verdicts.filter(({ deck }) => !deck).map(({ bug }) => bug)).toEqual([
    "f and i swapped in the packing",
    "f and o swapped in the packing",
    "i and o swapped in the packing",
    "b_f taken from b_o",
    "∂h overwritten by the local term",
    "∂C̃ uses o",
    "∂C_{t−1} uses i",
  ]);
});
