// Programs that are built before the cell is there answer as those that are built for it.

import { expect, test } from "vitest";
import { Compiler } from "../../../kernel/language/compiler.js";

const CELLS = [
  "1 + 1",
  "let total = 0; const data = Float64Array.of(1, 2); for (const x of data) total += x; total",
  "let total = 0; const data = Float64Array.of(1, 2); for (const x of data) total += x; total",
  "class Point { constructor(readonly x: number) {} scaled(by = 2): Point { return new Point(this.x * by) } }",
  "const points = [1, 2].map((x) => new Point(x)); points[0].scaled().x",
  'const wrong: string = total; total = "a";',
  "const unfinished = (",
  "const unfinished = (; points.length as string",
  "missing + 1",
  'import { readFileSync } from "node:fs"; import * as path from "node:path"; path.join("a", "b")',
  'readFileSync("a").length + path.sep.length',
  'const { cpus } = await import("node:os"); cpus().length',
  "cpus().length",
  "namespace Units { export const metre = 1; export type Length = number }",
  "const long: Units.Length = Units.metre; long",
  "declare global { interface Array<T> { ours?: T } }",
  "[1].ours",
  "[1].theirs",
  "interface Options { size?: number | string } type Name = keyof Options; const named: Name = 'size'; named",
  "function size({ size = 1 }: Options): string { return `${size}` } size({ size: true })",
  "function size({ size = 1 }: Options): string { return `${size}` } size({ size: 2 })",
  "let total = 'now a text'; total.length",
  "// @ts-expect-error on purpose\nconst ignored: string = 1;",
  "/** @module none */ export const shown = total;",
  "const later = (async () => (await Promise.all([1, Promise.resolve('two')])).map(String))(); await later",
  "function* counting() { for (let i = 0; i < 3; i++) yield i } [...counting()]",
  "enum Colour { Red, Green } const colour: Colour = Colour.Green; Colour[colour]",
  "const missing = null as unknown as Map<string, Set<number>>; missing.get('a')?.values()",
  "/** @module helper */\nexport const helped: number = 1;",
  'import { helped } from "./helper"; helped + 1',
  "helped.toFixed(total.length)",
  "",
  "total",
];

test("what is prepared before a question is asked changes no answer", () => {
  const [plain, prepared] = [new Compiler(), new Compiler()];
  for (const [at, cell] of CELLS.entries()) {
    const answers = [plain, prepared].map((compiler) => {
      const prepare = () => {
        if (compiler === prepared) Array.from(compiler.prepare());
      };
      prepare();
      const compiled = compiler.compile(`cell[${at}].ts`, cell);
      prepare();
      const name = compiler.complete("tot", 3);
      const member = compiler.complete("data.m", 6);
      prepare();
      const inspected = compiler.inspect("total.length", 3);
      prepare();
      return { compiled, name, member, inspected, unknown: compiler.inspect("points.map", 8) };
    });
    expect(answers[1], cell).toEqual(answers[0]);
  }
});
