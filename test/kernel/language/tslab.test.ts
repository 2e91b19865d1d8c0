// tslab's converter as it comes, with its own TypeScript, beside the same converter as this kernel drives it:
// the same cells must be accepted and refused, and leave the same types behind.

import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/**
 * Sessions of cells that both understand; behind each, names whose types must be the same after its last
 * cell.
 */
const SESSIONS: { cells: string[]; names: string[] }[] = [
  {
    cells: [
      "let a = 1, b = 'x'; const c = [a]; var d = { a, b }",
      "a += c.length; d.b",
      "const a = 'now text'",
    ],
    names: ["a", "b", "c", "d"],
  },
  {
    cells: [
      "function f(x: number) { return { x } } class Point { constructor(public x = 0, private y = 0) {} get norm() { return this.x } }",
      "const p = new Point(3), q = f(p.norm)",
      "let f = 1",
      "class Point { z = 1 }",
    ],
    names: ["f", "p", "q", "Point"],
  },
  {
    cells: [
      "interface Row<T> { value: T; next?: Row<T> } type Rows = Row<string>[]; enum Side { Left, Right }",
      "const rows: Rows = [{ value: 'a' }]; let side = Side.Left",
      "const values = rows.map((row) => row.value); side = Side.Right",
    ],
    names: ["rows", "side", "values", "Side"],
  },
  {
    cells: [
      "import { join, type ParsedPath } from 'path'; import * as os from 'os'",
      "const parsed = {} as ParsedPath; const joined = join('a', os.EOL)",
      "const join = 5",
    ],
    names: ["join", "parsed", "joined", "os"],
  },
  {
    cells: [
      "const waited = await Promise.resolve({ deep: [1, 2] as const })",
      "async function* count() { yield 1 } const generated = count()",
      "const [first, ...others] = waited.deep, { length } = others",
    ],
    names: ["waited", "generated", "first", "others", "length"],
  },
  {
    // Refused, each for one reason.
    cells: [
      "const wrong: number = 'x'",
      "missing + 1",
      "const = 3",
      "let ok = 1; ok.toUpperCase()",
      "function g() { await 1 }",
      "class A { private x = 1 } new A().x",
      "const fine = 1",
    ],
    names: ["fine"],
  },
];

const script = fileURLToPath(new URL("../../support/convert_cells.js", import.meta.url));

async function convert(which: "stock" | "kernel"): Promise<unknown> {
  const child = spawn(process.execPath, [script, which]);
  child.stdin.end(JSON.stringify(SESSIONS));
  const [output, complaints] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect(complaints).toBe("");
  return JSON.parse(output);
}

// Stock tslab checks all of TypeScript's and Node's libraries anew for each cell: ten seconds of a processor
// of one's own.
const LIMIT_IN_MS = 10 * 60_000;

test(
  "the kernel agrees with stock tslab on errors and on the types of all names",
  async () => {
    const [stock, ours] = (await Promise.all([convert("stock"), convert("kernel")])) as {
      errors: number[][];
      types: string[];
    }[][];
    expect(ours).toEqual(stock);
    // Both said something.
    expect(stock.flatMap(({ errors }) => errors.flat())).toEqual(
      expect.arrayContaining([2322, 2304, 2339, 1308, 2341]),
    );
    for (const { types } of stock) for (const type of types) expect(type).toMatch(/\w/);
  },
  LIMIT_IN_MS,
);
