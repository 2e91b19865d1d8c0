// Trials of the language: each comes from a complaint about another kernel, named as on its public tracker,
// or from the list of what the others fail at. Cells in; what they show, print and complain about out, and
// the types that an editor is told.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Execution, KernelClient } from "../../../kernel/protocol/client.js";
import { startKernel } from "../../../kernel/protocol/client.js";
import { plainTraceback, resultText, streamText, useKernel } from "../../support/kernel.js";
import { PROJECT, writeFiles } from "../../support/project.js";

/** A cell and its result's text, if it has one, or what else it does. */
type Cell = [code: string, expected?: string | { prints: string } | { error: RegExp }];

interface Trial {
  /** The tracker's project and number, or what the trial is about. */
  of: string;
  name: string;
  files?: Record<string, string>;
  cells: Cell[];
  /** Edited files, and what the next cells show. */
  then?: { files: Record<string, string>; cells: Cell[] };
  /** A name at the end of some code, and what inspecting it says. */
  inspect?: [code: string, text: string | RegExp];
}

const require = createRequire(import.meta.url);
// As TypeScript finds it from anywhere.
const VEGA_LITE = JSON.stringify(
  join(dirname(require.resolve("vega-lite/package.json")), "build/src/index").replaceAll("\\", "/"),
);

// (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add)
const ADD_WASM = "0061736d0100000001070160027f7f017f030201000707010361646400000a09010700200020016a0b";
// (import "./twos.ts" "twice" (func (param i32) (result i32))) (func (export "run") … local.get 0 call 0)
const CALLING_WASM =
  "0061736d0100000001060160017f017f021301092e2f74776f732e7473057477696365000003020100070701037275" +
  "6e00010a08010600200010000b";

const TRIALS: Trial[] = [
  {
    of: "names",
    name: "a cell and a local file may declare what compiled code has names for",
    files: {
      "taken.ts": `import { fileURLToPath } from "node:url";
        const __cell = 1, __import = 2, __meta = 3;
        const __filename = fileURLToPath(import.meta.url), __dirname = "d";
        export const taken = [await __cell, __import, __meta, (await import("node:path")).basename(__filename), __dirname];`,
    },
    cells: [
      ["let __cell = 5; const double = () => 2 * __cell; await __cell", "5"],
      ["__cell += 1; [double(), await Promise.resolve(__cell)]", "[ 12, 6 ]"],
      ['import { taken } from "./taken"; taken', "[ 1, 2, 3, 'taken.ts', 'd' ]"],
    ],
  },
  {
    of: "modules",
    name: "a local file that V8 refuses is refused again",
    files: { "twice.ts": "// @ts-nocheck\nconst same = 1; const same = 2; export const whole = 1;" },
    cells: [
      ['require("./twice").whole', { error: /SyntaxError: Identifier 'same' has already been declared/ }],
      ['require("./twice").whole', { error: /SyntaxError: Identifier 'same' has already been declared/ }],
    ],
  },
  {
    of: "Node: { a: 1 }",
    name: "an object literal as the last line, and blocks that stay blocks",
    cells: [
      ["{ a: 1, b: 2 }", "{ a: 1, b: 2 }"],
      ["{ a: 1 }", "{ a: 1 }"],
      ["// a point\n{ x: 1,\n  y: [2] }\n", "{ x: 1, y: [ 2 ] }"],
      ["const whole = 3\n{ whole, half: whole / 2 }", "{ whole: 3, half: 1.5 }"],
      ["const part = 4; { part, twice() { return 2 * part } }", "{ part: 4, twice: [Function: twice] }"],
      ["{ a: 1, b: nowhere }", { error: /:1:12 - error TS2304/ }],
      ["const n = 1; { n, m: nowhere }", { error: /:1:22 - error TS2304/ }],
      ["{\n  a: (() => { throw new Error('inside') })() }", { error: /cell\[\d+\]\.ts:2:21/ }],
      ["{ let inner = 5; console.log(inner) }", { prints: "5\n" }],
      ["const print = (x = 'p') => console.log(x); { print()\n{ print('q') } }", { prints: "p\nq\n" }],
      ["{ a: 1, b: 2 };", { error: /SyntaxError|TS1005/ }],
    ],
  },
  {
    of: "cells",
    name: "names of methods that await",
    cells: [
      ['const made = { [await Promise.resolve("k")]() { return 1 } }; made.k()', "1"],
      [
        'async function make() { return { async [await Promise.resolve("m")]() { return await Promise.resolve(2) } } }',
      ],
      ["await (await make()).m()", "2"],
      [
        'const keys: string[] = []; for (const k of ["a", "b"]) keys.push(...Object.keys({ [await Promise.resolve(k)]() {} })); keys',
        "[ 'a', 'b' ]",
      ],
    ],
  },
  {
    of: "Deno: strict mode",
    name: "cells are strict, and their this is nothing",
    cells: [
      ["const frozen = Object.freeze({ a: 1 }); (frozen as { a: number }).a = 2", { error: /TypeError/ }],
      ["// @ts-ignore\nundeclared = 5", { error: /ReferenceError: undeclared/ }],
      ["[this, (function (this: unknown) { return this })()]", "[ undefined, undefined ]"],
    ],
  },
  {
    of: "Deno: setTimeout",
    name: "a timer as the last value shows nothing",
    cells: [
      ["setTimeout(() => undefined, 1)"],
      ["setImmediate(() => undefined)"],
      ["typeof setTimeout(() => 1, 1)", "'object'"],
    ],
  },
  {
    of: "cells",
    name: "export { a as b } gives the other name, also to types",
    cells: [
      [
        "let original = 1; const plain = 2; class Held<T> { constructor(readonly value: T) {} } interface Only { a: 1 }\nexport { original as renamed, plain, Held as Kept, type Only as Alone, plain as default };\noriginal = 5",
        "5",
      ],
      [
        "const kept: Kept<string> = new Kept('k'); const alone: Alone = { a: 1 }; [renamed, kept.value, alone.a, plain]",
        "[ 5, 'k', 1, 2 ]",
      ],
      ["const renamed = 'again'; renamed", "'again'"],
      ["original", "5"],
    ],
  },
  {
    of: "TypeScript: TS1241",
    name: "errors of types are no syntax errors, whatever their number",
    cells: [
      [
        "function dec(t: any, k: string, d: PropertyDescriptor) {} class DC { @dec m() { return 4 } }",
        { error: /TS1241/ },
      ],
    ],
  },
  {
    of: "cells",
    name: "declare global, and what it declares in later cells",
    cells: [
      [
        "const own = 1; declare global { var everywhere: number }\nglobalThis.everywhere = 4; everywhere + own",
        "5",
      ],
      ["everywhere + 1", "5"],
    ],
  },
  {
    of: "cells",
    name: "var in loops and blocks, in later cells",
    cells: [
      [
        "for (var turn = 0; turn < 3; turn++) {}\nif (turn > 2) { var { inner } = { inner: 'x' } } else { var other = [1] }",
      ],
      ["turn += 1; [turn, inner, other]", "[ 4, 'x', undefined ]"],
      ["turn.length", { error: /TS2339/ }],
      ["let turn = 'again'; turn.length", "5"],
      ["turn.length", "5"],
    ],
  },
  {
    of: "cells",
    name: "export default of a function or a class without a name",
    cells: [
      ["const three = 3\nexport default function () { return three }", "[Function (anonymous)]"],
      ["export default async (x: number) => x", "[AsyncFunction (anonymous)]"],
      ["export default class { size = 1 }\n[three].length", "1"],
      ["export default function () { return missing }", { error: /:1:37 - error TS2304/ }],
    ],
  },
  {
    of: "cells",
    name: "globals that an earlier cell has declared to be there",
    cells: [
      ["declare const OUTSIDE: string; declare let count: number;"],
      ["OUTSIDE", { error: /ReferenceError: OUTSIDE is not defined/ }],
      ["Object.assign(globalThis, { OUTSIDE: 'there', count: 1 }); OUTSIDE + ++count", "'there2'"],
      ["count", "2"],
    ],
  },
  {
    of: "Deno: WebAssembly",
    name: "WebAssembly, with its types",
    cells: [
      [
        "const bytes = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);\nconst empty = await WebAssembly.instantiate(bytes); [WebAssembly.validate(bytes), WebAssembly.Module.exports(empty.module), empty.instance instanceof WebAssembly.Instance]",
        "[ true, [], true ]",
      ],
      ["new WebAssembly.Memory({ initial: 1 }).buffer.byteLength", "65536"],
      ["new WebAssembly.Memory({ initial: 'much' })", { error: /TS2322/ }],
    ],
  },
  {
    of: "cells",
    name: "the globals that the running Node has, and no others",
    cells: [
      ...["WebSocket", "EventSource", "DisposableStack", "CustomEvent"].map((name): Cell =>
        name in globalThis ? [`typeof ${name}`, "'function'"] : [name, { error: /TS2304|TS2693/ }],
      ),
      [
        "[typeof gc, typeof require, typeof __filename, typeof AbortController, typeof performance.now]",
        "[ 'undefined', 'function', 'string', 'function', 'function' ]",
      ],
    ],
  },
  {
    of: "TypeScript: @ts-nocheck",
    name: "a cell whose types are not checked, and the next one, whose types are",
    cells: [
      ["// Tried out.\n// @ts-nocheck\nconst five = '5' * 1; let word: number = 'text'; five + 2", "7"],
      ["word.toFixed()", { error: /TypeError: .*toFixed is not a function/ }],
      ["const tight: string = 1;\n// @ts-nocheck", { error: /:1:7 - error TS2322/ }],
      ["// @ts-nocheck\nconst = 1", { error: /:2:7 - error TS1134/ }],
    ],
  },
  {
    of: "TypeScript: /// <reference>",
    name: "declarations that a cell refers to",
    files: { "referred.d.ts": "interface Referred { size: 1 }\n" },
    cells: [
      [
        '/// <reference path="./referred.d.ts" />\nconst referred: Referred = { size: 2 }',
        { error: /:2:30 - error TS2322/ },
      ],
      ['/// <reference path="./nowhere.d.ts" />\n1', { error: /:1:22 - error TS6053.*nowhere/ }],
    ],
  },
  // What is imported besides code.
  {
    of: "Deno: type: text",
    name: "files as text, whatever their ending, as they are now",
    files: {
      "notes.md": "# Notes\n",
      "told.ts":
        'import notes from "./notes.md" with { type: "text" };\nexport { default as own } from "./told.ts" with { type: "text" };\nexport const told = notes.trim();\nexport const later = async () => (await import("./" + "notes.md", { with: { type: "text" } })).default;\n',
    },
    cells: [
      ['import notes from "./notes.md" with { type: "text" }; notes', "'# Notes\\n'"],
      ["notes.toFixed()", { error: /TS2551/ }],
      ['(await import("./notes.md", { with: { type: "text" } })).default.length', "8"],
      ['import { own, told } from "./told"; [told, own.length > 100]', "[ '# Notes', true ]"],
      ['import "./none.md" with { type: "text" }', { error: /Cannot find module '\.\/none\.md'/ }],
    ],
    then: {
      files: { "notes.md": "edited" },
      cells: [
        ['import notes from "./notes.md" with { type: "text" }; notes', "'edited'"],
        ['await (await import("./told")).later()', "'edited'"],
      ],
    },
  },
  {
    of: "Deno: .wasm",
    name: "WebAssembly as a module, and what it imports",
    files: { "twos.ts": "export const twice = (x: number) => 2 * x;\n" },
    cells: [
      [
        `require("fs").writeFileSync("add.wasm", Buffer.from("${ADD_WASM}", "hex"))
require("fs").writeFileSync("calls.wasm", Buffer.from("${CALLING_WASM}", "hex"))`,
      ],
      [
        'import { add } from "./add.wasm"; import * as all from "./add.wasm"; [add(2, 3), all.add(1, 1)]',
        "[ 5, 2 ]",
      ],
      ['(await import("./calls.wasm")).run(4)', "8"],
    ],
  },
  {
    of: "TypeScript: import = require",
    name: "a CommonJS module in the way of old TypeScript, in later cells too",
    files: {
      "single.cjs": "module.exports = (x) => `one ${x}`;\n",
      "asks.ts": 'import single = require("./single.cjs");\nexport const asked: string = single("asked");\n',
    },
    cells: [
      [
        'import paths = require("node:path"); import single = require("./single.cjs"); [paths.basename("a/b"), single(1)]',
        "[ 'b', 'one 1' ]",
      ],
      ["[paths.sep.length, single(2)]", "[ 1, 'one 2' ]"],
      ["paths.basename(1)", { error: /TS2345/ }],
      ['import { asked } from "./asks"; asked', "'one asked'"],
    ],
  },
  {
    of: "Deno: data:",
    name: "a module in a URL",
    cells: [
      ['import { inUrl } from "data:text/javascript,export const inUrl = 7"; inUrl', "7"],
      ['(await import("data:text/javascript,export default 8")).default', "8"],
    ],
  },
  {
    of: "Node: Worker, fork",
    name: "workers and child processes that are written in TypeScript",
    files: {
      "worker.ts":
        'import { parentPort, workerData } from "node:worker_threads";\nimport { LSTM } from "unrolled";\nimport { half } from "./half";\nenum Kind { Even = 2 }\nparentPort!.postMessage([half(workerData as number), Kind.Even, typeof LSTM]);\n',
      "half.ts": "export const half = (x: number): number => x / 2;\n",
      "child.ts":
        'const { sep } = require("node:path");\nprocess.send!({ args: process.argv.slice(2), length: (sep as string).length });\n',
      "throws.ts": "interface Nothing {\n  x: 1;\n}\nthrow new Error(`thrown`);\n",
    },
    cells: [
      [
        'import { once } from "node:events"; import { fork } from "node:child_process"; import { Worker } from "node:worker_threads"',
      ],
      [
        'const [message] = await once(new Worker(new URL("./worker.ts", import.meta.url), { workerData: 8 }), "message"); message',
        "[ 4, 2, 'function' ]",
      ],
      ['(await once(fork("./child.ts", ["a"]), "message"))[0]', "{ args: [ 'a' ], length: 1 }"],
      ['(await once(new Worker("./throws.ts"), "error"))[0].stack.includes("throws.ts:4:")', "true"],
      [
        'const plain = new Worker("0", { eval: true }); [plain instanceof Worker, (await once(plain, "exit"))[0]]',
        "[ true, 0 ]",
      ],
    ],
  },
  // Modules that are not found.
  {
    of: "tslab #21",
    name: 'import "tslab" in a folder without node_modules',
    cells: [['import * as tslab from "tslab"; typeof tslab.display.html', "'function'"]],
  },
  {
    of: "tslab #40",
    name: "require of Node's modules, and import of them, with types",
    cells: [
      [
        'const fs = require("fs"); import * as os from "os"; [typeof fs.readFileSync, typeof os.platform()]',
        "[ 'function', 'string' ]",
      ],
    ],
    inspect: ["os.platform", /function platform\(\): NodeJS\.Platform/],
  },
  {
    of: "tslab #58",
    name: "Node's and JavaScript's globals anywhere on the disk",
    cells: [
      [
        "[typeof setTimeout, typeof process.pid, typeof Buffer.from, typeof structuredClone, typeof fetch]",
        "[ 'function', 'number', 'function', 'function', 'function' ]",
      ],
      ["new Map([[1, new Set([2])]]).size", "1"],
    ],
  },
  {
    of: "tslab #30",
    name: "console and the standard library's types, cell after cell",
    cells: [
      ["console.log([1, 2].includes(2))", { prints: "true\n" }],
      ["console.log(Object.entries({ a: 1 }).length)", { prints: "1\n" }],
    ],
  },
  {
    of: "tslab #88",
    name: "a local TypeScript file, with its types",
    files: {
      "connection.ts":
        "export interface Options { host: string }\nexport const connect = ({ host }: Options) => `to ${host}`;\n",
    },
    cells: [
      ['import { connect } from "./connection";\nconnect({ host: "here" })', "'to here'"],
      ["connect({ hots: 1 })", { error: /TS2353.*'hots' does not exist in type 'Options'/ }],
    ],
    inspect: ["connect", /const connect: \(\{ host \}: Options\) => string/],
  },
  {
    of: "tslab: ./lib.ts",
    name: "a local file with its .ts",
    files: { "spelled.ts": "export const spelled = 'ts';\n" },
    cells: [['import { spelled } from "./spelled.ts"; spelled', "'ts'"]],
  },
  {
    of: "Deno: ./lib",
    name: "a local file without its ending, in a folder, and by a path with ..",
    files: { "deep/index.ts": 'export { up } from "../up";\n', "up.ts": "export const up = 'found';\n" },
    cells: [['import { up } from "./deep"; up', "'found'"]],
  },
  {
    of: "tslab #88",
    name: "./lib.js where a .ts lies there, as for compiled projects",
    files: { "typed.ts": "export const typed: number = 5;\n" },
    cells: [['import { typed } from "./typed.js"; typed.toFixed(1)', "'5.0'"]],
  },
  {
    of: "tslab #88",
    name: "local .mjs and .mts files",
    files: { "plain.mjs": "export const one = 1;\n", "typed.mts": "export const two: number = 2;\n" },
    cells: [
      ['import { one } from "./plain.mjs"; import { two } from "./typed.mts"; [one, two]', "[ 1, 2 ]"],
      ['(await import("./typed.mjs")).two', "2"],
    ],
  },
  {
    of: "tslab #88",
    name: "./lib and ./lib.js where a .js lies there",
    files: { "plain.js": "export function half(x) { return x / 2 }\n" },
    cells: [
      ['import { half } from "./plain"; half(4)', "2"],
      ['import { half as halfToo } from "./plain.js"; halfToo(2)', "1"],
    ],
  },
  {
    of: "tslab #88",
    name: "a local CommonJS file, and what it requires",
    files: {
      "old.js": "const { base } = require('./base');\nmodule.exports = { add: (x) => x + base };\n",
      "base.js": "exports.base = 40;\n",
    },
    cells: [
      ['import { add } from "./old"; add(2)', "42"],
      ['import old from "./old"; old.add(1)', "41"],
    ],
  },
  {
    of: "tslab #88",
    name: "an edited file is loaded again, and so is what imports it",
    files: {
      "outer.ts": 'import { inner } from "./inner";\nexport const outer = () => `outer ${inner}`;\n',
      "inner.ts": "export const inner = 1;\n",
    },
    cells: [['import { outer } from "./outer"; outer()', "'outer 1'"]],
    then: {
      files: { "inner.ts": "export const inner: string = 'edited';\n" },
      cells: [['import { outer } from "./outer"; outer()', "'outer edited'"]],
    },
  },
  {
    of: "tslab #88",
    name: "a file that is not edited keeps its state",
    files: { "state.ts": "let calls = 0;\nexport const call = () => ++calls;\n" },
    cells: [
      ['import { call } from "./state"; call()', "1"],
      ['import { call } from "./state"; call()', "2"],
    ],
  },
  {
    of: "tslab #88",
    name: "a file that is written after a cell has missed it is found",
    cells: [['import { missed } from "./missed"; missed', { error: /TS2307.*'\.\/missed'/ }]],
    then: {
      files: { "missed.ts": "export const missed = 'here now';\n" },
      cells: [['import { missed } from "./missed"; missed', "'here now'"]],
    },
  },
  {
    of: "tslab #88",
    name: "a local file that changes what it exports is seen to change",
    files: { "counter.ts": "export let count = 0;\nexport const increase = () => { count++ };\n" },
    cells: [
      ['import { count, increase } from "./counter"; increase(); count', "1"],
      ["increase(); count", "2"],
    ],
  },
  {
    of: "tslab #88",
    name: "local files that import each other",
    files: {
      "even.ts":
        'import { odd } from "./odd";\nexport const even = (n: number): boolean => n === 0 || odd(n - 1);\n',
      "odd.ts":
        'import { even } from "./even";\nexport const odd = (n: number): boolean => n !== 0 && even(n - 1);\n',
    },
    cells: [['import { even } from "./even"; even(10)', "true"]],
  },
  {
    of: "tslab #88",
    name: "a local file with an await at its top level, and its own import.meta",
    files: {
      "slow.ts":
        "export const slow = await Promise.resolve(3);\nexport const name = import.meta.filename.split(/[\\\\/]/).at(-1);\n",
    },
    cells: [['import { slow, name } from "./slow"; [slow, name]', "[ 3, 'slow.ts' ]"]],
  },
  {
    of: "tslab #88",
    name: "a type error in a local file names the file",
    files: { "wrong.ts": "export const ok = 1;\nexport const bad: number = 'text';\n" },
    cells: [['import { ok } from "./wrong"; ok', { error: /wrong\.ts:2:14 - error TS2322/ }]],
  },
  {
    of: "tslab #88",
    name: "an error thrown in a local file shows its own line",
    files: {
      "thrower.ts":
        "interface Nothing {\n  x: number;\n}\nexport function thrower(n: Nothing): never {\n  throw new RangeError(`at ${n.x}`);\n}\n",
    },
    cells: [
      [
        'import { thrower } from "./thrower";\nthrower({ x: 3 })',
        { error: /> 5 \| {3}throw new RangeError[^]*thrower\.ts:5:9\)\n\s+at cell\[\d+\]\.ts:2:1/ },
      ],
    ],
  },
  {
    of: "tslab #88",
    name: "a dynamic import of a local file",
    files: { "lazy.ts": "export default 'lazy';\n" },
    cells: [['(await import("./lazy")).default', "'lazy'"]],
  },
  {
    of: "Deno: import(path)",
    name: "a local file whose name is computed, as it is now, and what it imports by a computed name",
    files: {
      "named.ts": "export const named: number = 1;\nexport const load = (path: string) => import(path);\n",
      "scripts/later.js": "export const later = (await import('../' + 'named')).named;\n",
    },
    cells: [
      ['const path = "./named.ts"; const named = await import(path); named.named', "1"],
      ['(await named.load("./scripts/" + "later")).later', "1"],
      ['(await import(new URL("named.ts", import.meta.url).href)) === named', "true"],
      ['(await import("node:" + "path")).basename("a/b")', "'b'"],
    ],
    then: {
      files: { "named.ts": "export const named: string = 'edited';\n" },
      cells: [["(await import(path)).named", "'edited'"]],
    },
  },
  {
    of: "ts-node: require",
    name: "a local file that is required, with and without its ending, as it is now",
    files: {
      "required.ts":
        'import { display } from "unrolled/display";\nexport const required: string[] = [typeof display];\n',
      "outer.cjs": "exports.same = require('./' + 'required') === require('./required.ts');\n",
    },
    cells: [
      ['require("./required.ts").required', "[ 'function' ]"],
      [
        '[require("./required") === (await import("./required")), require("./outer.cjs").same]',
        "[ true, true ]",
      ],
      ['typeof require("fs").readFileSync', "'function'"],
    ],
    then: {
      files: { "required.ts": "export const required: number = 2;\n" },
      cells: [['require("./required").required', "2"]],
    },
  },
  {
    of: "ts-node: require",
    name: "what is wrong with a local file that is named only when the cell runs",
    files: {
      "broken.ts": "export const broken: number = 'text';\n",
      "unread.js": "const = 1;\n",
      "waits.ts": "export const waits = await 1;\n",
      "fails.ts":
        "interface A {\n  x: 1;\n}\nexport const fails = (): never => {\n  throw new Error('f');\n};\n",
    },
    cells: [
      ['await import("./broken" + ".ts")', { error: /broken\.ts:1:14 - error TS2322/ }],
      [
        'require("./broken")',
        { error: /^TypeScriptError: broken\.ts:1:14 - error TS2322[^]*cell\[\d+\]\.ts:1:1/ },
      ],
      ['require("./unread")', { error: /^SyntaxError: unread\.js:1:7 - error TS1134/ }],
      ['require("./waits")', { error: /waits\.ts awaits at its top level/ }],
      ['require("./fails").fails()', { error: /fails\.ts:5:9\)\n\s+at cell\[\d+\]\.ts:1:20/ }],
      ['require("./not-there")', { error: /Cannot find module '\.\/not-there'/ }],
      ['await import("./not-there" + ".ts")', { error: /Cannot find module '.*not-there\.ts'/ }],
    ],
  },
  // JSON and attributes.
  {
    of: "tslab: import … with { type }",
    name: "JSON with an import attribute, with its types",
    files: { "data.json": '{ "rows": [1, 2] }\n' },
    cells: [
      ['import data from "./data.json" with { type: "json" };\ndata.rows.length', "2"],
      ["data.columns", { error: /TS2339.*'columns'/ }],
    ],
  },
  {
    of: "tslab #71",
    name: "JSON without an attribute, named and edited",
    files: { "config.json": '{ "rate": 0.1 }\n' },
    cells: [['import config from "./config.json"; config.rate', "0.1"]],
    then: {
      files: { "config.json": '{ "rate": 0.25 }\n' },
      cells: [['import { rate } from "./config.json"; rate', "0.25"]],
    },
  },
  // Newer language.
  {
    of: "tslab PR #80",
    name: "ES2023 methods of arrays",
    cells: [
      [
        "const sorted = [3, 1, 2].toSorted(); [sorted, [1, 2].toReversed(), [1, 2].with(0, 9), [1, 2].findLast((x) => x < 2)]",
        "[ [ 1, 2, 3 ], [ 2, 1 ], [ 9, 2 ], 1 ]",
      ],
    ],
    inspect: ["sorted", "const sorted: number[]"],
  },
  {
    of: "tslab: using",
    name: "using disposes at the end of the cell, and of blocks",
    cells: [
      [
        "const disposed: string[] = []; const resource = (name: string) => ({ name, [Symbol.dispose]() { disposed.push(name) } });",
      ],
      ["{ using inner = resource('inner') } using outer = resource('outer'); outer.name", "'outer'"],
      ["disposed", "[ 'inner', 'outer' ]"],
    ],
  },
  {
    of: "tslab: using",
    name: "await using",
    cells: [
      [
        "const closed: number[] = []; await using file = { async [Symbol.asyncDispose]() { await null; closed.push(1) } }; typeof file",
        "'object'",
      ],
      ["closed", "[ 1 ]"],
    ],
  },
  {
    of: "tslab: for await",
    name: "for await at the top level",
    cells: [
      [
        "async function* numbers() { yield 1; yield 2 } let total = 0; for await (const n of numbers()) total += n; total",
        "3",
      ],
    ],
  },
  {
    of: "tslab: standard decorators",
    name: "decorators of the standard, with their context",
    cells: [
      [
        "function logged<T extends (...args: any[]) => any>(method: T, { name }: ClassMethodDecoratorContext) { return function (this: unknown, ...args: any[]) { return `${String(name)}: ${method.apply(this, args)}` } as T }\nclass Greeter { @logged greet(name: string) { return `hello ${name}` } }\nnew Greeter().greet('you')",
        "'greet: hello you'",
      ],
      ["new Greeter().greet('again')", "'greet: hello again'"],
    ],
  },
  {
    of: "tslab PR #80",
    name: "satisfies, const type parameters, accessors, private names and static blocks",
    cells: [
      [
        "const palette = { red: [255, 0, 0], green: '#0f0' } satisfies Record<string, string | number[]>; palette.green.toUpperCase()",
        "'#0F0'",
      ],
      [
        "const tuple = <const T>(x: T) => x; class Account { static count = 0; static { Account.count = 5 } #cash = 1; accessor owner = 'me'; get cash() { return this.#cash } } [tuple([1, 2]).length, Account.count, new Account().cash, new Account().owner]",
        "[ 2, 5, 1, 'me' ]",
      ],
    ],
    inspect: ["palette.green", /\(property\) green: string/],
  },
  {
    of: "tslab PR #80",
    name: "a regular expression's v flag, hashbang-free numerals, and Object.hasOwn",
    cells: [
      [
        "[/^\\p{L}+$/u.test('한글'), 1_000, Object.hasOwn({ a: 1 }, 'a'), [1, 2, 3].at(-1)]",
        "[ true, 1000, true, 3 ]",
      ],
    ],
  },
  {
    of: "tslab: export const",
    name: "export in front of any declaration",
    cells: [
      [
        "export const exported = 1; export function twiceOf(x: number) { return 2 * x } export class Box { value = 3 } export interface Shape { n: number } export type Alias = Shape; export enum Side { Left, Right }",
      ],
      [
        "const shape: Alias = { n: exported }; [twiceOf(shape.n), new Box().value, Side.Right]",
        "[ 2, 3, 1 ]",
      ],
    ],
  },
  {
    of: "tslab: export const",
    name: "export lists, defaults, and exports of other modules' names",
    cells: [
      ['const listed = 1, other = 2; export { listed, other };\nexport { basename } from "node:path";'],
      ["[listed + other, basename('/a/b')]", "[ 3, 'b' ]"],
      ["export default listed + 10", "11"],
    ],
  },
  {
    of: "tslab: import.meta",
    name: "import.meta's url, filename, dirname and resolve",
    cells: [
      [
        "[import.meta.url.startsWith('file:///'), import.meta.filename.startsWith(import.meta.dirname), import.meta.dirname === process.cwd(), import.meta.resolve('fs')]",
        "[ true, true, true, 'node:fs' ]",
      ],
      [
        'import { createRequire } from "node:module"; import { fileURLToPath } from "node:url"; const __filename = fileURLToPath(import.meta.url); const require = createRequire(import.meta.url); typeof require("os").cpus',
        "'function'",
      ],
    ],
  },
  {
    of: "tslab: vega-lite's types",
    name: "types that need a current TypeScript, as vega-lite's do",
    cells: [
      [
        `import type { TopLevelSpec } from ${VEGA_LITE};\nconst spec: TopLevelSpec = { mark: "line", data: { values: [] }, encoding: {} }; spec.data`,
        "{ values: [] }",
      ],
      ["const crooked: TopLevelSpec = { mark: 3, data: { values: [] } }", { error: /TS2322/ }],
      [
        "type Path<T> = T extends `${infer H}.${infer R}` ? [H, ...Path<R>] : [T]; const path: Path<'a.b.c'> = ['a', 'b', 'c']; path",
        "[ 'a', 'b', 'c' ]",
      ],
    ],
  },
  // From cell to cell.
  {
    of: "Deno: let f → function f",
    name: "a name declared again as everything there is",
    cells: [
      ["let f = 1"],
      ["function f() { return 'function' }"],
      ["f()", "'function'"],
      ["class f { kind = 'class' }"],
      ["new f().kind", "'class'"],
      ["enum f { One = 1 }"],
      ["f.One", "1"],
      ["var f = 'var'"],
      ["f.length", "3"],
      ["namespace f { export const inside = 'namespace' }"],
      ["f.inside", "'namespace'"],
      ['import { sep as f } from "node:path"'],
      ["typeof f", "'string'"],
      ["const f = (x: number) => x + 1; f(1)", "2"],
      ["interface f { only: string } const g: f = { only: 'type' }; g.only + f(2)", "'type3'"],
    ],
  },
  {
    of: "Deno #21709",
    name: "types flow between cells",
    cells: [
      ["interface Row { t: number; norm: number } const rows: Row[] = [{ t: 1, norm: 2 }]"],
      ["const norms = rows.map(({ norm }) => norm)"],
      [
        "const wrong: string[] = norms",
        { error: /TS2322.*'number\[\]' is not assignable to type 'string\[\]'/ },
      ],
    ],
    inspect: ["norms", "const norms: number[]"],
  },
  {
    of: "Deno #21709",
    name: "a constant can be declared again with another type",
    cells: [
      ["const again = 1"],
      ["const again = 'text'"],
      ["again.toUpperCase()", "'TEXT'"],
      ["again.toFixed()", { error: /TS2551|TS2339/ }],
    ],
  },
  {
    of: "Deno #21709",
    name: "generics, overloads and type guards of earlier cells",
    cells: [
      [
        "function pick(x: string): string; function pick(x: number): number; function pick(x: any) { return x }\nfunction isText(x: unknown): x is string { return typeof x === 'string' }\nclass Stack<T> { items: T[] = []; push(x: T) { this.items.push(x); return this } }",
      ],
      ["const mixed: unknown = pick('a'); isText(mixed) ? mixed.length : 0", "1"],
      ["new Stack<number>().push(1).push('2')", { error: /TS2345/ }],
    ],
    inspect: ["pick(1)", /function pick\(x: number\): number/],
  },
  {
    of: "Deno #20524",
    name: "type errors stop the cell, all of them shown, and nothing has run",
    cells: [
      ["let ran = false"],
      [
        "ran = true; const a: number = 'x';\nconst b: string = 1;",
        { error: /:1:19 - error TS2322[^]*:2:7 - error TS2322/ },
      ],
      ["ran", "false"],
    ],
  },
  {
    of: "Deno #20524",
    name: "what is wrong in a cell does not spoil the next",
    cells: [
      ["const spoiled: number = 'x'", { error: /TS2322/ }],
      ["typeof spoiled", { error: /TS2304/ }],
      ["const spoiled = 2; spoiled", "2"],
    ],
  },
  {
    of: "ijavascript #49",
    name: "what a cell declared before it threw is there, what it did not reach says so",
    cells: [
      ["const reached = 1; throw new Error('half-way'); const unreached = 2", { error: /half-way/ }],
      ["reached", "1"],
      ["unreached", { error: /ReferenceError: unreached is not defined/ }],
    ],
  },
  {
    of: "Deno #21709",
    name: "functions see what later cells assign, and what they declare again",
    cells: [
      ["let rate = 1"],
      ["const useRate = () => rate"],
      ["rate = 2; useRate()", "2"],
      ["let rate = 3"],
      ["useRate()", "3"],
      ["rate++; [rate, useRate()]", "[ 4, 4 ]"],
    ],
  },
  {
    of: "Deno #21709",
    name: "a cell's functions see its own variables as they were declared last, and share assignments",
    cells: [
      [
        "let n = 0, [first, ...rest] = [1, 2, 3]; const bump = () => { n += 1; first += 10; return [n, first] }",
      ],
      ["n = 5; bump()", "[ 6, 11 ]"],
      ["[n, first, rest]", "[ 6, 11, [ 2, 3 ] ]"],
      ["let n = 100; bump()", "[ 101, 21 ]"],
      ["[n, first]", "[ 101, 21 ]"],
    ],
  },
  {
    of: "Deno #21709",
    name: "constants, functions, classes, enums and imports of a function's own cell, declared again",
    cells: [
      [
        "import { sep } from 'node:path'; const rate = 0.1; function helper() { return 1 } class Made { n = 1 } enum Kind { A = 1 } var old = 1; namespace Space { export const at = 1 }\nconst use = () => [rate, helper(), new Made().n, Kind.A, old, Space.at, sep.length]; use()",
        "[\n  0.1, 1, 1, 1,\n    1, 1, 1\n]",
      ],
      [
        "const rate = 0.5, sep = 'two of them'; function helper() { return 2 } class Made { n = 2 } enum Kind { A = 2 } var old = 2; namespace Space { export const at = 2 }\nuse()",
        "[\n  0.5, 2,  2, 2,\n    2, 2, 11\n]",
      ],
      ["rate", "0.5"],
    ],
  },
  {
    of: "Deno #21709",
    name: "functions see a name of their cell that is not declared yet as the language has it",
    cells: [
      [
        "const early = () => notYet; early(); const notYet = 1",
        { error: /ReferenceError: notYet is not defined/ },
      ],
      [
        "class Self { static one = new Self(1); static make() { return new Self(2) } constructor(readonly n: number) {} again() { return Self.one } } [Self.one.n, Self.make().n, Self.make().again().n]",
        "[ 1, 2, 1 ]",
      ],
      [
        "const fact = (n: number): number => n < 2 ? 1 : n * fact(n - 1); [fact(5), even(4)]; function even(n: number): boolean { return n === 0 || odd(n - 1) } function odd(n: number): boolean { return n !== 0 && even(n - 1) }",
      ],
      ["[fact(4), even(3)]", "[ 24, false ]"],
      [
        "const key = 'k'; class Keyed { [key] = 1; static [key] = key; m = key } [new Keyed().k, Keyed.k, new Keyed().m]",
        "[ 1, 'k', 'k' ]",
      ],
      ["const key = 'other'; new Keyed().m", "'other'"],
    ],
  },
  {
    of: "Deno #21709",
    name: "loops see names of their cell as the language has it",
    cells: [
      [
        "const early = () => { for (;;) return notReached }; early(); const notReached = 1",
        { error: /ReferenceError: notReached is not defined/ },
      ],
      [
        "let tries = 0; const attempt = () => { for (;;) try { return arrived } catch { if (++tries === 3) return 'none' } }; const first = attempt(); const arrived = 'arrived'; [first, attempt(), tries]",
        "[ 'none', 'arrived', 3 ]",
      ],
      [
        "let n = 0; function bump() { n++ } const until = (end: number) => { while (n < end) bump(); do n--; while (n > 2); return n }; until(9)",
        "2",
      ],
      ["n = 5; for (let i = 0; i < 3; i++) n += i; [n, until(1)]", "[ 8, 2 ]"],
      [
        "function walk(depth: number): number { let all = 1; for (let i = 0; i < depth; i++) all += walk(depth - 1); return all } walk(4)",
        "65",
      ],
      [
        "const table = { a: 1, b: 2 }; const keys: string[] = []; function grid(size: number) { outer: for (let i = 0; i < size; i++) for (const key in table) { if (i === 1) continue outer; if (i === 3) break outer; keys.push(key + i) } return keys.join(' ') } grid(9)",
        "'a0 b0 a2 b2'",
      ],
      [
        "const odd = (xs: number[]) => { if (xs.length > 0) for (const x of xs) { if (x % 2) return { x, n } } else for (;;) return { n }; return }; [odd([2, 3]), odd([])]",
        "[ { x: 3, n: 2 }, { n: 2 } ]",
      ],
      [
        "const rate = 2; const scaled = ({ rate }: { rate: number }) => { let s = 0; for (let i = 0; i < 2; i++) s += rate; for (const rate of [10]) s += rate; return s }; scaled({ rate: 1 })",
        "12",
      ],
      [
        "function up(by = rate) { let s = 0; for (let i = 0; i < 2; i++) s += by * rate; return s } [up(), up(1)]",
        "[ 8, 4 ]",
      ],
      ["const rate = 3; [up(), up(1), scaled({ rate: 1 })]", "[ 18, 6, 12 ]"],
    ],
  },
  {
    of: "Deno #21709",
    name: "what loops leave behind sees names as they were declared last",
    cells: [
      [
        "const rate = 1; const reads: (() => number)[] = []; class Reads { all = reads } function make() { for (let i = 0; i < 2; i++) { reads.push(() => rate + i); reads.push(function () { let s = 0; for (const j of [i]) s += j + rate; return s }); new Reads().all.push(() => new (class { at = rate; static at = rate })().at) } } make(); reads.map((read) => read())",
        "[ 1, 1, 1, 2, 2, 1 ]",
      ],
      ["for (const x of [5]) reads.push((by = rate) => x * by)"],
      ["const rate = 10; reads.map((read) => read())", "[\n  10, 10, 10, 11,\n  11, 10, 50\n]"],
      [
        "let Made!: new () => { at: number }; function declare() { for (const _ of [1]) Made = class { at = rate } } declare(); new Made().at",
        "10",
      ],
      ["const rate = 20; new Made().at", "20"],
    ],
  },
  {
    of: "Deno #21709",
    name: "loops that await or yield see what is declared while they do",
    cells: [
      [
        "const rate = 1; const seen: number[] = []; let go!: () => void; const gone = () => new Promise<void>((resolve) => (go = resolve));\nasync function watch() { for (let i = 0; i < 3; i++) { for (const _ of [1]) seen.push(rate); await gone() } }\nvoid watch()",
      ],
      ["const rate = 2; go()"],
      ["function* rates() { for (;;) yield rate } const given = rates(); given.next().value", "2"],
      ["const rate = 3; go(); given.next().value", "3"],
      ["seen", "[ 1, 2, 3 ]"],
      [
        "async function* ticks() { yield 1; await gone(); yield 2 } const heard: number[] = []; async function listen() { for await (const tick of ticks()) heard.push(tick * rate) }\nvoid listen()",
      ],
      ["const rate = 10; go()"],
      ["heard", "[ 3, 20 ]"],
      ["let total = 0; for (let i = 0; i < 3; i++) { await null; total += rate } total", "30"],
      ["for (let i = 0; i < 3; i++) { await null; total += rate } total", "60"],
    ],
  },
  {
    of: "tslab #56",
    name: "imports are there in later cells, with their types",
    cells: [
      [
        'import { join, type ParsedPath } from "node:path"; import * as url from "node:url"; import events, { once } from "node:events"',
      ],
      [
        "const parsed: Partial<ParsedPath> = {}; [join('a', 'b'), typeof url.parse, typeof once, typeof new events().emit]",
        "[ 'a/b', 'function', 'function', 'function' ]",
      ],
    ],
    inspect: ["join", /join\(\.\.\.paths: string\[\]\): string/],
  },
  {
    of: "tslab #101",
    name: "names of cells beside properties, parameters and labels of the same name",
    cells: [
      ["let h = 3; const o = { h: 1 }"],
      [
        "h: for (;;) { break h } [o.h, { h }.h, (({ h }) => h)({ h: 7 }), ((h: number) => h)(8), [0].map(() => h)[0]]",
        "[ 1, 3, 7, 8, 3 ]",
      ],
      ["({ h } = o); [h] = [h + 1]; for (h of [5, 6]); h", "6"],
    ],
  },
  {
    of: "tslab #101",
    name: "calls of an earlier cell's function have no this, and tags and optional calls work",
    cells: [
      [
        "function self(this: unknown) { 'use strict'; return this } const tag = (s: TemplateStringsArray, ...x: number[]) => s.join('_') + x; let maybe: undefined | (() => number)",
      ],
      ["[self(), tag`a${1}b`, maybe?.(), new Date(0).getTime()]", "[ undefined, 'a_b1', undefined, 0 ]"],
    ],
  },
  {
    of: "Deno #24437",
    name: "the last expression and every print before it",
    cells: [
      ["console.log('one'); console.log('two'); 'three'", "'three'"],
      ["for (const x of ['a', 'b']) console.log(x)", { prints: "a\nb\n" }],
    ],
  },
  {
    of: "Deno: BigInt, NaN, -0",
    name: "values that are no JSON",
    cells: [
      [
        "[10n, NaN, -0, Infinity, undefined, Symbol('s')]",
        "[ 10n, NaN, -0, Infinity, undefined, Symbol(s) ]",
      ],
      ["-0", "-0"],
      ["NaN", "NaN"],
      ["2n ** 64n", "18446744073709551616n"],
    ],
  },
  {
    of: "Deno #28505",
    name: "an object literal, an await and a template as results",
    cells: [
      ["({ a: 1, b: [2] })", "{ a: 1, b: [ 2 ] }"],
      ["await new Promise((resolve) => setTimeout(resolve, 5, 'later'))", "'later'"],
      ["`${1 + 1}`;", "'2'"],
      ["interface Behind { x: 1 }\n7;\ninterface Too { y: 2 }", "7"],
    ],
  },
  {
    of: "tslab #16",
    name: "await in every place at the top level",
    cells: [
      [
        "const [x, y] = await Promise.all([1, 2]); if (await Promise.resolve(true)) { for (const z of await Promise.resolve([x, y])) console.log(z) }",
        { prints: "1\n2\n" },
      ],
      ["(await import('node:os')).EOL.length > 0", "true"],
      ["function notHere() { await 1 }", { error: /TS1308/ }],
    ],
  },
  {
    of: "ijavascript #210",
    name: "import and require in one cell, imports below their use",
    cells: [
      [
        'const { EOL } = require("os"); extname("a.b"); import { extname } from "node:path"; [EOL.length > 0, extname("x.ts")]',
        "[ true, '.ts' ]",
      ],
    ],
  },
  {
    of: "dotnet/interactive",
    name: "const enums, abstract classes and declaration merging across statements",
    cells: [
      [
        "const enum Mode { Fast = 2 } abstract class Base { abstract run(): number } class Impl extends Base { run() { return Mode.Fast } } interface Merged { a: number } interface Merged { b: number } const merged: Merged = { a: 1, b: 2 }; new Impl().run() + merged.b",
        "4",
      ],
      [
        "class Later extends Impl { override run() { return super.run() + Mode.Fast } } new Later().run()",
        "4",
      ],
    ],
  },
  // Old notebooks of the others.
  {
    of: "tslab: /** @module */",
    name: "a module written in a cell",
    cells: [
      ["/** @module greeting */\nexport const greet = (name: string) => `hello ${name}`;"],
      ['import { greet } from "./greeting"; greet("you")', "'hello you'"],
      ["/** @module greeting */\nexport const greet = (name: string, mark: string) => `hi ${name}${mark}`;"],
      ['import { greet } from "./greeting"; greet("you", "!")', "'hi you!'"],
    ],
  },
  {
    of: "tslab: /** @module */",
    name: "a type error in a module written in a cell",
    cells: [["/** @module broken */\nexport const broken: number = 'x';", { error: /:2:14 - error TS2322/ }]],
  },
  {
    of: "Deno: Symbol.for('Jupyter.display')",
    name: "values that display themselves",
    cells: [
      [
        "({ [Symbol.for('Jupyter.display')]() { return { 'text/plain': 'shown', 'text/html': '<b>shown</b>' } } })",
        "shown",
      ],
    ],
  },
  {
    of: "tslab #72",
    name: "a cell's variables in CommonJS style",
    cells: [
      [
        "const path = require('path'); const { inspect } = require('node:util'); [path.sep.length, inspect('x'), typeof __dirname, typeof module.exports]",
        "[ 1, \"'x'\", 'string', 'object' ]",
      ],
    ],
  },
  {
    of: "this project",
    name: "every entry of its package.json, with types",
    cells: [
      [
        'import { LSTM } from "unrolled"; import { display } from "unrolled/display"; import { workbook } from "unrolled/workbook"; [typeof LSTM, typeof display, typeof workbook]',
        "[ 'function', 'function', 'function' ]",
      ],
      ["(await import('unrolled')).LSTM === LSTM", "true"],
    ],
    inspect: ["workbook", /function workbook\(/],
  },
];

/** Those that need packages: run in the folder `notebooks` of a project. */
const PROJECT_TRIALS: Trial[] = [
  {
    of: "tslab #72",
    name: "a package of ES modules only",
    cells: [
      ['import twice, { kind } from "esm-only"; [twice(4), kind]', "[ 8, 'esm' ]"],
      ["twice('x')", { error: /TS2345/ }],
    ],
    inspect: ["twice", /twice\(x: number\): number/],
  },
  {
    of: "tslab #51",
    name: "a package with exports, and both kinds of modules",
    cells: [
      [
        'import { from } from "dual"; import { more } from "dual/more"; [from, more, require("dual").from]',
        "[ 'import', 1, 'require' ]",
      ],
    ],
  },
  {
    of: "tslab #72",
    name: "a package with an await at its top level",
    cells: [
      ['import { late } from "esm-await"; late', "'awaited'"],
      ['(await import("esm-await")).late', "'awaited'"],
    ],
  },
  {
    of: "tslab #49",
    name: "a CommonJS package whose names Node cannot see",
    cells: [
      [
        'import { sum } from "cjs-computed"; import * as all from "cjs-computed"; [sum(1), all.mean(2)]',
        "[ [ 'sum', 1 ], [ 'mean', 2 ] ]",
      ],
    ],
  },
  {
    of: "tslab #52",
    name: "a CommonJS package that is one function",
    cells: [['import hello from "cjs-function"; hello("you")', "'hello you'"]],
    inspect: ["hello", /function hello\(name: string\): string/],
  },
  {
    of: "TypeScript: TS2742",
    name: "a type from a package inside of another, in later cells",
    cells: [
      ['import { make } from "outer"; const made = make(); const unrelated = 5;'],
      ["[made.size, unrelated]", "[ 1, 5 ]"],
      ["made.length", { error: /TS2339.*'length' does not exist on type 'Inner'/ }],
    ],
  },
  {
    of: "tslab #47",
    name: "packages of the project above the notebook's folder, also in local files",
    files: { "uses.ts": 'import twice from "esm-only";\nexport const four = twice(2);\n' },
    cells: [['import { four } from "./uses"; four', "4"]],
  },
  {
    of: "tslab #63",
    name: "local files outside the notebook's folder",
    cells: [['import { scale } from "../shared/scale"; scale(3)', "7"]],
  },
  {
    of: "tslab #63",
    name: "experimental decorators, where tsconfig.json asks for them",
    cells: [
      [
        "const seen: string[] = []; function register(target: object, key: string) { seen.push(key) }\nclass Part { @register field = 1 } seen",
        "[ 'field' ]",
      ],
    ],
  },
  {
    of: "Deno: workspaces",
    name: "a package of the project itself, in TypeScript, as it is now",
    cells: [
      ['import { ws, Size } from "@me/ws"; [ws, Size.Large]', "[ 3, 9 ]"],
      [
        '[require("@me/ws").ws, (await import("@me/" + "ws")).ws, (await import("@me/ws")).ws]',
        "[ 3, 3, 3 ]",
      ],
      ["ws.length", { error: /TS2339/ }],
      ['import { from } from "@me/built"; const text: string = from; text', "'built'"],
    ],
    then: {
      files: { "../packages/ws/deeper.ts": "export const deeper: number = 20;\n" },
      cells: [['import { ws } from "@me/ws"; ws', "21"]],
    },
  },
  {
    of: "Node: ERR_MODULE_NOT_FOUND",
    name: "a file deep in a package, without its ending, and a folder",
    cells: [
      ['import { inner } from "cjs-computed/lib/inner"; inner', "'deep'"],
      ['(await import("cjs-computed/lib")).index', "'folder'"],
      ['await import("cjs-computed/lib/none" + "")', { error: /none/ }],
    ],
  },
  {
    of: "tslab #71",
    name: "a package that is not installed",
    cells: [['import x from "not-installed"; x', { error: /TS2307.*'not-installed'/ }]],
  },
];

const kernel = useKernel();

describe("a kernel in an empty folder", () => {
  test.each(TRIALS.map((trial) => [`${trial.of}: ${trial.name}`, trial] as const))(
    "handles %s",
    async (_, trial) => {
      await run(kernel.client, kernel.folder, trial);
    },
  );
});

describe("a kernel in a project", () => {
  let folder: string;
  let client: KernelClient;

  beforeAll(async () => {
    const project = mkdtempSync(join(tmpdir(), "unrolled-project-"));
    writeFiles(project, PROJECT);
    mkdirSync(join(project, "node_modules/@me"));
    for (const name of ["ws", "built"]) {
      symlinkSync(join(project, "packages", name), join(project, "node_modules/@me", name), "junction");
    }
    folder = join(project, "notebooks");
    client = await startKernel({ cwd: folder });
  });
  afterAll(async () => {
    await client.shutdown();
    rmSync(join(folder, ".."), { recursive: true });
  });

  test.each(PROJECT_TRIALS.map((trial) => [`${trial.of}: ${trial.name}`, trial] as const))(
    "handles %s",
    async (_, trial) => {
      await run(client, folder, trial);
    },
  );
});

test("a module is named by the URL of its file", async () => {
  writeFiles(kernel.folder, { "by url.ts": "export const byUrl: number = 6;\n" });
  const url = pathToFileURL(join(kernel.folder, "by url.ts")).href;
  expect(await kernel.evaluate(`import { byUrl } from "${url}"; byUrl.toFixed(1)`)).toBe("'6.0'");
  expect(await kernel.evaluate(`(await import("${url}")).byUrl === byUrl`)).toBe("true");
});

test("there are at least sixty trials of the language", () => {
  expect(TRIALS.length + PROJECT_TRIALS.length).toBeGreaterThanOrEqual(60);
});

async function run(client: KernelClient, folder: string, trial: Trial): Promise<void> {
  writeFiles(folder, trial.files ?? {});
  for (const cell of trial.cells) await check(client, cell);
  if (trial.then) {
    writeFiles(folder, trial.then.files);
    for (const cell of trial.then.cells) await check(client, cell);
  }
  if (!trial.inspect) return;
  const [code, text] = trial.inspect;
  const content = { code, cursor_pos: code.replace(/\(.*/, "").length, detail_level: 0 };
  const { data } = (await client.request("shell", "inspect_request", content)).content;
  const shown = (data as Record<string, string>)["text/plain"] ?? "";
  if (typeof text === "string") expect(shown.split("\n")[0]).toBe(text);
  else expect(shown).toMatch(text);
}

async function check(client: KernelClient, [code, expected]: Cell): Promise<void> {
  const execution = await client.execute(code);
  if (typeof expected === "object" && "error" in expected) {
    expect(report(execution), code).toMatch(expected.error);
    return;
  }
  expect(report(execution), code).toBe("");
  if (typeof expected === "object" && "prints" in expected) {
    expect(streamText(execution), code).toBe(expected.prints);
  } else expect(resultText(execution), code).toBe(expected);
}

const report = ({ error }: Execution) => plainTraceback(error).join("\n");
