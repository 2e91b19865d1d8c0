// What later cells know of a cell's names: all of them are there, whatever their types are, with the best
// type that can be written down; and what was declared before a name was declared again keeps the type that
// it had.

import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { plainTraceback, resultText, useKernel } from "../../support/kernel.js";
import { writeFiles } from "../../support/project.js";

const kernel = useKernel();

/** Runs a cell; its result, or what is wrong with it. */
async function run(code: string): Promise<string | undefined> {
  const execution = await kernel.client.execute(code);
  return execution.error ? plainTraceback(execution.error).join("\n") : resultText(execution);
}

beforeAll(() => {
  // As npm nests packages, and as pnpm lays them out.
  const manifest = (name: string) => JSON.stringify({ name, version: "1.0.0", main: "index.js" });
  const outer = (inner: string) => ({
    "index.js": `exports.make = require("${inner}").make;\n`,
    "index.d.ts": `export { make } from "${inner}";\n`,
  });
  const inner = {
    "index.js": "exports.make = () => ({ size: 1 });\n",
    "index.d.ts": "export interface Inner { size: number }\nexport declare function make(): Inner;\n",
  };
  const files = (folder: string, name: string, texts: Record<string, string>) =>
    Object.fromEntries(
      Object.entries({ "package.json": manifest(name), ...texts }).map(([file, text]) => [
        `${folder}/${file}`,
        text,
      ]),
    );
  const store = "node_modules/.pnpm";
  writeFiles(kernel.folder, {
    ...files("node_modules/nesting", "nesting", outer("nested")),
    ...files("node_modules/nesting/node_modules/nested", "nested", inner),
    ...files(`${store}/linking@1.0.0/node_modules/linking`, "linking", outer("linked")),
    ...files(`${store}/linked@1.0.0/node_modules/linked`, "linked", inner),
  });
  const link = (target: string, path: string) => {
    symlinkSync(join(kernel.folder, store, target), join(kernel.folder, path), "junction");
  };
  link("linking@1.0.0/node_modules/linking", "node_modules/linking");
  link("linked@1.0.0/node_modules/linked", `${store}/linking@1.0.0/node_modules/linked`);
});

describe("types that cannot be written as they are", () => {
  /** A cell, an expression of a later cell and its result, and what is refused there. */
  test.each<[what: string, cell: string, use: string, result: string, misuse: string, refused: RegExp]>([
    [
      "a class expression with a private member",
      "const K = class { private x = 1; y = 2 };",
      "new K().y",
      "2",
      "new K().z",
      /TS2339/,
    ],
    [
      "a class expression with a protected member",
      "const P = class { protected x = 1; get double() { return 2 * this.x } };",
      "new P().double",
      "2",
      "new P().double.length",
      /TS2339/,
    ],
    [
      "a class expression with a member under #",
      "const H = class { #x = 1; read() { return this.#x } };",
      "new H().read()",
      "1",
      "new H().read('x')",
      /TS2554/,
    ],
    [
      "an interface of a function",
      "function users() { interface User { id: number } return [{ id: 1 }] as User[] }",
      "users()[0].id",
      "1",
      "users()[0].name",
      /TS2339.*'name' does not exist on type 'User_\d+'/,
    ],
    [
      "an interface of an async function",
      "async function load() { interface Loaded { ok: boolean } return { ok: true } as Loaded }",
      "(await load()).ok",
      "true",
      "(await load()).no",
      /TS2339.*'Loaded_\d+'/,
    ],
    [
      "an interface that mentions itself and others",
      "function tree() { interface Leaf { size: 3 } interface Tree { leaf: Leaf; up?: Tree } return { leaf: { size: 3 } } as Tree }",
      "tree().up?.up?.leaf ?? tree().leaf.size",
      "3",
      "tree().up?.leaf.length",
      /TS2339.*'Leaf_\d+'/,
    ],
    [
      "an interface that extends another",
      "function ext() { interface A { a: number } interface B extends A { b: string } return { a: 1, b: 'b' } as B }",
      "ext().a + ext().b",
      "'1b'",
      "ext().c",
      /TS2339.*'B_\d+'/,
    ],
    [
      "a generic interface",
      "function pair() { interface Pair<T> { both: [T, T] } return { both: [1, 2] } as Pair<number> }",
      "pair().both[1]",
      "2",
      "pair().both[0].length",
      /TS2339.*'number'/,
    ],
    [
      "an interface of a generic function",
      "function box<T>(value: T) { interface Box { value: T } return { value } as Box } const boxed = box(3);",
      "[boxed.value.toFixed(1), box('s').value.length]",
      "[ '3.0', 1 ]",
      "boxed.value.length",
      /TS2339.*'number'/,
    ],
    [
      "an interface with the typeof of a local variable",
      "function configured() { const initial = { rate: 1 }; interface Config { now: typeof initial } return { now: initial } as Config }",
      "configured().now.rate",
      "1",
      "configured().now.speed",
      /TS2339/,
    ],
    [
      "a closure over a local interface",
      "const store = (() => { interface State { n: number } const state: State = { n: 0 }; return { get: () => state } })();",
      "store.get().n",
      "0",
      "store.get().m",
      /TS2339.*'State_\d+'/,
    ],
    [
      "an interface of a block",
      "{ interface Inner { q: 1 } var fromBlock: Inner = { q: 1 } }",
      "fromBlock.q",
      "1",
      "fromBlock.r",
      /TS2339/,
    ],
    [
      "an alias of a function",
      "function aliased() { type Row = { v: number; next?: Row }; return { v: 1 } as Row }",
      "aliased().next?.v ?? aliased().v",
      "1",
      "aliased().w",
      /TS2339/,
    ],
    [
      "a union of local aliases",
      "function shapes() { type Circle = { kind: 'circle'; r: number }; type Square = { kind: 'square' }; return [{ kind: 'circle', r: 2 }] as (Circle | Square)[] }",
      "shapes().map((shape) => shape.kind === 'circle' ? shape.r : 0)",
      "[ 2 ]",
      "shapes()[0].r",
      /TS2339/,
    ],
    [
      "an enum of a function",
      "function side() { enum Side { Left = -1, Right = 'r' } return { now: Side.Left as Side, all: Side } }",
      "side().all.Left === side().now",
      "true",
      "side().all.Up",
      /TS2339.*'Up'/,
    ],
    [
      "a class of a function, by its values",
      "function counter() { class Counter { private n = 0; inc() { return ++this.n } } return new Counter() }",
      "counter().inc()",
      "1",
      "counter().dec()",
      /TS2339/,
    ],
    [
      "a class of a function, itself",
      "function classes() { class Local { static made = 0; constructor(readonly size: number) {} } return Local }",
      "new (classes())(4).size + classes().made",
      "4",
      "new (classes())('x')",
      /TS2345/,
    ],
    [
      "a local class in a local interface",
      "function held() { class Held { at = 1 } interface Holder { held: Held } return { held: new Held() } as Holder }",
      "held().held.at",
      "1",
      "held().held.to",
      /TS2339/,
    ],
    [
      "a generator of local types",
      "function* steps() { interface Step { t: number } yield { t: 1 } as Step }",
      "[...steps()].map(({ t }) => t)",
      "[ 1 ]",
      "[...steps()][0].u",
      /TS2339.*'Step_\d+'/,
    ],
    [
      "a mixin with a protected member",
      "const Tagged = <B extends new (...a: any[]) => object>(Base: B) => class extends Base { protected tag = 1; get tagged() { return this.tag } };",
      "new (Tagged(Map))().tagged",
      "1",
      "new (Tagged(Map))().label",
      /TS2339/,
    ],
    [
      "a class that extends a mixin",
      "const Named = <B extends new (...a: any[]) => object>(Base: B) => class extends Base { private own = 'n'; name() { return this.own } }; class Dog extends Named(Object) { bark() { return this.name() + '!' } }",
      "new Dog().bark()",
      "'n!'",
      "new Dog().meow()",
      /TS2339/,
    ],
    [
      "a unique symbol of a function",
      "function marked() { const mark: unique symbol = Symbol('mark'); return { [mark]: 1, mark } as const }",
      "Object.getOwnPropertySymbols(marked()).length",
      "1",
      "marked().other",
      /TS2339/,
    ],
    [
      "a symbol's property on a class",
      "const tagOf = Symbol('tag'); class WithTag { [tagOf] = 5 }",
      "new WithTag()[tagOf]",
      "5",
      "new WithTag()[tagOf].length",
      /TS2339/,
    ],
    [
      "properties that functions are given",
      "function withCount() { return withCount.count } withCount.count = 7; {}",
      "withCount.count + withCount()",
      "14",
      "withCount.size",
      /TS2339/,
    ],
    [
      "default exports without a type, and a this type",
      "class Chain { steps = 0; next() { this.steps++; return this } } const chained = new (class extends Chain { private own = 1 })().next();",
      "chained.next().steps",
      "2",
      "chained.previous()",
      /TS2339/,
    ],
    [
      "a type of a package inside of another",
      'import { make as makeNested } from "nesting"; const nested = makeNested();',
      "nested.size",
      "1",
      "nested.length",
      /TS2339.*'Inner'/,
    ],
    [
      "a type of a package that is linked as pnpm does",
      'import { make as makeLinked } from "linking"; const linked = [makeLinked()];',
      "linked[0].size",
      "1",
      "linked[0].length",
      /TS2339.*'Inner'/,
    ],
    [
      "a function with the types of such a package",
      'import { make as makeOther } from "linking"; const wrap = () => ({ wrapped: makeOther() });',
      "wrap().wrapped.size",
      "1",
      "wrap().wrapped.length",
      /TS2339.*'Inner'/,
    ],
  ])("leave all names of their cell: %s", async (_, cell, use, result, misuse, refused) => {
    expect(await run(`const unrelated = { is: 'here' }; ${cell}`)).toBeUndefined();
    expect(await run("unrelated.is")).toBe("'here'");
    expect(await run(use)).toBe(result);
    expect(await run(misuse)).toMatch(refused);
  });

  test("get names that do not clash with the user's and are not offered by completion", async () => {
    await run(
      "function nameIt() { interface Clash { n: number } return { n: 1 } as Clash } const Clash_1 = 'mine'",
    );
    await run("interface Clash { other: string }");
    expect(await run("Clash_1 + nameIt().n")).toBe("'mine1'");
    expect(await run("const Clash_2 = nameIt().n; [Clash_2, nameIt().n.toFixed(1)]")).toBe("[ 1, '1.0' ]");
    const content = { code: "Clash", cursor_pos: 5 };
    const reply = (await kernel.client.request("shell", "complete_request", content)).content;
    expect(reply.matches).toEqual(["Clash_1", "Clash_2"]);
  });
});

describe("what is declared before a name is declared again", () => {
  test.each<[what: string, before: string, again: string, uses: [code: string, shown: string | RegExp][]]>([
    [
      "keeps the type that an alias stood for",
      "type TT = { a: number }; const tv: TT = { a: 1 }; const listed: TT[] = [tv]; function makeTT(): TT { return { a: 2 } }",
      "type TT = string; const text: TT = 'x';",
      [
        ["tv.a + listed[0].a + makeTT().a + text", "'4x'"],
        ["tv.length", /TS2339.*'length'.*'TT_\d+'/],
        ["const other: TT = 5", /TS2322.*'string'/],
      ],
    ],
    [
      "keeps its class",
      "class TA { x = 1; #own = 0; self() { return this } } const ta = new TA(); class Sub extends TA { z = 3 } const sub = new Sub();",
      "class TA { y = 2 }",
      [
        ["[ta.x, ta.self().x, sub.x + sub.z, new TA().y]", "[ 1, 1, 4, 2 ]"],
        ["ta.y", /TS2339.*'y'.*'TA_\d+'/],
        ["new TA().x", /TS2339.*'x'.*'TA'/],
      ],
    ],
    [
      "keeps its class where a value takes the name",
      "class Point { x = 1 } const point = new Point(); enum Hue { Red, Blue } const hue = Hue.Blue; const hues = [Hue.Red];",
      "const Point = 5, Hue = 'hue';",
      [
        ["[Point, Hue, point.x, hue.toFixed(1), hues.length]", "[ 5, 'hue', 1, '1.0', 1 ]"],
        ["point.y", /TS2339.*'y'/],
      ],
    ],
    [
      "keeps what the typeof of a variable was",
      "let config = { rate: 1 }; let copy: typeof config = { rate: 2 };",
      "let config = 'text';",
      [
        ["[copy.rate, config.length]", "[ 2, 4 ]"],
        ["copy.length", /TS2339/],
      ],
    ],
    [
      "keeps the types of packages and of Node",
      'import { join, type ParsedPath } from "node:path"; const parsed: Partial<ParsedPath> = { base: "b" }; const glue: typeof join = join;',
      "interface ParsedPath { own: 1 } const join = 5;",
      [
        ["[parsed.base, glue('a', 'b').length, join]", "[ 'b', 3, 5 ]"],
        ["parsed.own", /TS2339/],
      ],
    ],
    [
      "keeps a class under a type of its name",
      "class Both { x = 1 } const both = new Both();",
      "type Both = string; const b: Both = 'b';",
      [["[b, both.x, new Both().x]", "[ 'b', 1, 1 ]"]],
    ],
    [
      "means the same where a type parameter or a property has the name",
      "interface Same { a: 1 } const generic = <Same,>(x: Same): Same => x; const has = { Same: 1 }; const same: Same = { a: 1 };",
      "interface Same { b: 2 }",
      [["[generic(4).toFixed(1), has.Same, same.a]", "[ '4.0', 1, 1 ]"]],
    ],
  ])("%s", async (_, before, again, uses) => {
    expect(await run(before)).toBeUndefined();
    expect(await run(again)).toBeUndefined();
    for (const [code, shown] of uses) {
      if (typeof shown === "string") expect(await run(code)).toBe(shown);
      else expect(await run(code)).toMatch(shown);
    }
  });

  test("fits a class that is declared again without a change", async () => {
    const cell = "class Account { private sum = 0; add(n: number) { return (this.sum += n) } }";
    await run(cell);
    await run("const accounts: Account[] = [new Account()]");
    await run(`${cell} accounts.push(new Account())`);
    expect(await run("accounts.push(new Account())")).toBe("3");
  });

  test("takes the new class where a function does", async () => {
    await run("class Shape { private id = 1; area() { return 1 } }");
    await run("const area = (shape: Shape) => shape.area()");
    await run("class Shape { private id = 1; private n = 2; area() { return 2 } }");
    expect(await run("area(new Shape())")).toBe("2");
  });

  test("is dropped when nothing mentions it any longer", async () => {
    await run("type Gone = { a: number }; let gone: Gone = { a: 1 }");
    await run("type Gone = string");
    expect(await run("gone.a")).toBe("1");
    await run("let gone = 5");
    expect(await run("undefined as any as Gone_1")).toMatch(/TS2304/);
  });
});
