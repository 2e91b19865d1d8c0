// What a user sees when cells run: results, prints, errors, and variables from cell to cell.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startKernel } from "../../../kernel/protocol/client.js";
import { heard, listen, plainTraceback, resultText, useKernel } from "../../support/kernel.js";
import { eventually } from "../../support/eventually.js";

const kernel = useKernel();

describe("results", () => {
  test.each([
    ["1 + 1", "2"],
    ["'text'", "'text'"],
    ["-0", "-0"],
    ["10n ** 20n", "100000000000000000000n"],
    ["null", "null"],
    ["await Promise.resolve([1, 2])", "[ 1, 2 ]"],
    ["({ a: 1 })", "{ a: 1 }"],
    ["new Proxy({ a: 1 }, { get: (_, key) => () => key })", "{ a: 1 }"],
    ["[Promise.resolve(4)]", "[ Promise { 4 } ]"],
    ["Object.assign(Promise.resolve(4), { [Symbol('mine')]: 5 })", "Promise { 4, [Symbol(mine)]: 5 }"],
    ["({ all: new (class Own<T> extends Promise<T> {})(() => {}) })", "{ all: Own [Promise] { <pending> } }"],
    ["enum Gate { Forget, Input }\nGate.Input", "1"],
    ["undefined", undefined],
    ["const unused = 3", undefined],
  ])("%s shows %s", async (code, text) => {
    expect(await kernel.evaluate(code)).toBe(text);
  });

  test("shows an array of records as a table too", async () => {
    const { outputs } = await kernel.client.execute("[{ t: 1, norm: 0.5 }, { t: 2, norm: '<b>' }]");
    expect(outputs[0]).toMatchObject({ output_type: "execute_result" });
    const { data } = outputs[0] as { data: Record<string, string> };
    expect(data["text/html"]).toContain("<td>1</td><td>0.5</td>");
    expect(data["text/html"]).toContain("&lt;b&gt;");
  });
});

describe("the global object", () => {
  test.each(["const here = 1; global // object", "globalThis", "[globalThis]"])(
    "is shown briefly and at once as a result: %s",
    async (code) => {
      await kernel.evaluate("Object.assign(globalThis, { filled: new Array(1e6).fill('x'.repeat(100)) }); 1");
      const before = performance.now();
      const text = await kernel.evaluate(code);
      expect(performance.now() - before).toBeLessThan(2000);
      expect(text).toMatch(/Object \[global\]/);
      expect(text!.length).toBeLessThan(20_000);
      await kernel.evaluate("delete (globalThis as { filled?: unknown }).filled");
    },
  );
});

describe("what TypeScript refuses", () => {
  test.each([
    ["const = 1", "SyntaxError"],
    ["return 1", "SyntaxError"],
    ["function wait() { await 1 }", "SyntaxError"],
    ["const a: number = 'x'", "TypeScriptError"],
    ["function dec(t: any, k: string, d: PropertyDescriptor) {} class DC { @dec m() {} }", "TypeScriptError"],
    ["await ({ then: 1 as unknown as () => void })", "TypeScriptError"],
    ["async function wrong(): string { return 'x' }", "TypeScriptError"],
  ])("%s is a %s error", async (code, ename) => {
    expect((await kernel.client.execute(code)).error?.ename).toBe(ename);
  });

  test("too deep for its own stack is reported in one sentence, and nothing is lost", async () => {
    await kernel.evaluate("const beforeDepth = 1");
    const { error } = await kernel.client.execute(`${"(".repeat(5000)}1${")".repeat(5000)}`);
    expect(error).toMatchObject({
      ename: "RangeError",
      evalue: expect.stringMatching(/more deeply/) as string,
    });
    expect(plainTraceback(error)).toHaveLength(1);
    expect(await kernel.evaluate("beforeDepth")).toBe("1");
  });
});

describe("variables", () => {
  test("carry over to later cells with their types", async () => {
    await kernel.evaluate(
      "let counter = 1; const label: string = 'a'; function twice(x: number) { return 2 * x }",
    );
    await kernel.evaluate("counter += 1");
    expect(await kernel.evaluate("twice(counter) + label")).toBe("'4a'");
    const { error } = await kernel.client.execute("twice(label)");
    expect(error?.ename).toBe("TypeScriptError");
  });

  test("can be declared again as something else", async () => {
    await kernel.evaluate("const again = 1");
    await kernel.evaluate("let again = 'now text'");
    await kernel.evaluate("class again { static x = 3 }");
    expect(await kernel.evaluate("again.x")).toBe("3");
  });

  test("are shared with functions of earlier cells", async () => {
    await kernel.evaluate("let shared = 1; const read = () => shared");
    await kernel.evaluate("shared = 5");
    expect(await kernel.evaluate("read()")).toBe("5");
  });

  test("that are declared again are seen by functions of earlier cells", async () => {
    await kernel.evaluate("let mine = 1; let { other } = { other: 1 }; const next = () => ++mine + ++other");
    await kernel.evaluate("let mine = 100; other = 10");
    expect(await kernel.evaluate("next()")).toBe("112");
    expect(await kernel.evaluate("[mine, other]")).toBe("[ 101, 11 ]");
  });

  test.each([
    ["({ h, h2: h })", "{ h: 3, h2: 3 }"],
    ["const { h: renamed } = point; renamed", "1"],
    ["let target = 0; ({ h: target } = point); target", "1"],
    ["({ h } = point); h", "1"],
    ["h = 3; ({ h = 8 } = {} as { h?: number }); h", "8"],
    ["h = 3; const plain = { h: 5 }; [plain.h, h]", "[ 5, 3 ]"],
    ["(({ h: inner }: Point) => inner + h)(point)", "4"],
    ["((h: number) => ({ h }))(7)", "{ h: 7 }"],
    ["[1, 2].map((h) => h + point.h)", "[ 2, 3 ]"],
    ["`${h}`", "'3'"],
    ["typeof h", "'number'"],
    ["class Cell { h = h; read() { return this.h } }; new Cell().read()", "3"],
  ])("are told apart from properties of the same name: %s", async (code, text) => {
    await kernel.evaluate("interface Point { h: number }\nlet h = 3; const point: Point = { h: 1 };");
    expect(await kernel.evaluate(code)).toBe(text);
  });

  test("declared before a cell threw are kept", async () => {
    await kernel.client.execute("const before = 7; throw new Error('stop')");
    expect(await kernel.evaluate("before")).toBe("7");
  });

  test("set in a callback are seen later", async () => {
    await kernel.evaluate("let late = 0; setTimeout(() => { late = 9 }, 20)");
    await eventually(async () => expect(await kernel.evaluate("late")).toBe("9"));
  });
});

describe("prints", () => {
  test("come in order and complete", async () => {
    const printed = await kernel.printed("for (let i = 0; i < 10_000; i++) console.log(i)");
    expect(printed).toBe(Array.from({ length: 10_000 }, (_, i) => `${i}\n`).join(""));
  });

  test("keep stdout and stderr separate and in order", async () => {
    const { outputs } = await kernel.client.execute("console.log('a'); console.error('b'); console.log('c')");
    expect(outputs).toEqual([
      { output_type: "stream", name: "stdout", text: "a\n" },
      { output_type: "stream", name: "stderr", text: "b\n" },
      { output_type: "stream", name: "stdout", text: "c\n" },
    ]);
  });

  test("join the bytes of a character that come in two writes", async () => {
    const code =
      "const bytes = Buffer.from('가'); process.stdout.write(bytes.subarray(0, 1)); process.stdout.write(bytes.subarray(1))";
    expect(await kernel.printed(code)).toBe("가");
  });

  test("show promises without what Node keeps on them", async () => {
    expect(await kernel.printed("console.log(Promise.resolve(4))")).toBe("Promise { 4 }\n");
  });

  test("decode strings in the given encoding", async () => {
    expect(await kernel.printed("process.stdout.write('6869', 'hex'); undefined")).toBe("hi");
  });

  test("are cleared by console.clear", async () => {
    const listener = await listen(kernel.client.connection);
    try {
      expect(await kernel.printed("console.log('old'); console.clear(); console.log('new')")).toBe("new\n");
      await heard(kernel, listener);
      const outputs = listener.received.filter(({ header }) =>
        /^(stream|clear_output)$/.test(header.msg_type),
      );
      expect(outputs.map(({ content }) => content)).toEqual([
        { name: "stdout", text: "old\n" },
        { wait: false },
        { name: "stdout", text: "new\n" },
      ]);
    } finally {
      listener.close();
    }
  });

  test("appear while a synchronous loop still runs", async () => {
    const file = join(kernel.folder, "seen");
    // The loop ends only when this test has seen its first line.
    const code = `import { existsSync } from "node:fs"; console.log("started"); while (!existsSync(${JSON.stringify(file)})) {}`;
    const { status } = await kernel.client.execute(code, {
      onOutput: () => {
        writeFileSync(file, "");
      },
    });
    expect(status).toBe("ok");
  });

  test("without end do not fill the memory", async () => {
    // A kernel of its own, which can be killed: if this fails, it takes gigabytes a second.
    const own = await startKernel({ cwd: kernel.folder });
    try {
      const megabytes = async () =>
        Number(resultText(await own.execute("Math.round(process.memoryUsage().rss / 2 ** 20)")));
      const before = await megabytes();
      const code = "while (true) process.stdout.write('x'.repeat(10_000))";
      let heard = 0;
      let interrupted: Promise<void> | undefined;
      const request = own.request(
        "shell",
        "execute_request",
        { code },
        {
          onPublish: ({ content }) => {
            if (typeof content.text === "string") heard += content.text.length;
            if (heard > 20e6) interrupted ??= own.interrupt();
          },
        },
      );
      expect((await request).content.ename).toBe("Interrupted");
      await interrupted;
      expect((await megabytes()) - before).toBeLessThan(400);
    } finally {
      await own.shutdown();
    }
  });

  test("of a timer belong to the cell that set it", async () => {
    const listener = await listen(kernel.client.connection);
    try {
      await kernel.evaluate("setTimeout(() => console.log('late'), 100)");
      await kernel.evaluate("await new Promise((resolve) => setTimeout(resolve, 300)); console.log('later')");
      await heard(kernel, listener);
      const { received } = listener;
      const of = (text: string) => received.find(({ content }) => content.text === text)?.parent.msg_id;
      const inputs = received.filter(({ header }) => header.msg_type === "execute_input");
      expect(of("late\n")).toBe(inputs[0].parent.msg_id);
      expect(of("later\n")).toBe(inputs[1].parent.msg_id);
    } finally {
      listener.close();
    }
  });
});

describe("eval", () => {
  test("sees the names of earlier cells and of its own, with their values of now, and those around it", async () => {
    await kernel.evaluate(
      "import { basename } from 'node:path'; let grows = 1; const fixed = 2; function twice(x: number) { return 2 * x }; var old = 3",
    );
    const all = "eval('JSON.stringify([basename(`a/b`), grows, fixed, twice(2), old])')";
    expect(await kernel.evaluate(all)).toBe(`'["b",1,2,4,3]'`);
    expect(await kernel.evaluate("let own = 1; own += grows; eval('own + grows')")).toBe("3");
    expect(await kernel.evaluate("[5].map((inner) => eval('inner + own'))[0]")).toBe("7");
    await kernel.evaluate("const later = (x: number) => eval('x + grows + fixed')");
    expect(await kernel.evaluate("grows = 10; const fixed = 100; later(1000)")).toBe("1110");
  });

  test("leaves its cell as it was: patterns, names of functions, awaits", async () => {
    const cell = `let { a, b = a } = { a: 1 } as { a: number; b?: number }, c = a;
      const f = () => c, d = b; let g = () => d;
      c = await Promise.resolve(2); a++; export { a as renamed };
      [a, b, c, d, f(), g(), f.name, g.name, eval("a + b + c + d + f() + g()")].join()`;
    expect(await kernel.evaluate(cell)).toBe("'2,1,2,1,2,1,f,g,9'");
    expect(await kernel.evaluate("[renamed, a, b, c, d, f()].join()")).toBe("'2,2,1,2,1,2'");
  });

  test.each([
    ['let n = 0, bump = () => eval("n++"); bump(); n', "1"],
    ['let first = 1, second = eval("first = 5"); [first, second]', "[ 5, 5 ]"],
    [
      'let state = { v: 1, read: (): number => eval("state.v") }; state = { ...state, v: 2 }; state.read()',
      "2",
    ],
    [
      'let fib: (n: number) => number = (n) => n < 2 ? n : eval("fib(n - 1) + fib(n - 2)"); [fib.name, fib(10)]',
      "[ 'fib', 55 ]",
    ],
    ['const { p, q: [r] } = eval("({ p: 1, q: [2] })"), sum = () => eval("p + r"); sum()', "3"],
    ['let unset: number; eval("unset = 3"); unset!', "3"],
  ])("sees what its own statement declares: %s", async (code, result) => {
    expect(await kernel.evaluate(code)).toBe(result);
  });

  test("sees what a later cell declares again, also of its own statement", async () => {
    await kernel.evaluate("const again = 1, read = () => eval('again')");
    await kernel.evaluate("const again = 2");
    expect(await kernel.evaluate("read()")).toBe("2");
  });

  test("assigns to variables and not to constants", async () => {
    await kernel.evaluate(
      "import { sep } from 'node:path'; let assigned = 1; const constant = 1; var shared = 1",
    );
    expect(await kernel.evaluate("eval('assigned = 2'), eval('shared++'), [assigned, shared].join()")).toBe(
      "'2,2'",
    );
    for (const name of ["constant", "sep"]) {
      const { error } = await kernel.client.execute(`eval("${name} = 2")`);
      expect(error).toMatchObject({ ename: "TypeError", evalue: "Assignment to constant variable." });
    }
    expect(await kernel.evaluate("constant")).toBe("1");
    expect(await kernel.evaluate("eval('typeof nowhere + typeof Math')")).toBe("'undefinedobject'");
    expect((await kernel.client.execute("eval('nowhere = 1')")).error?.evalue).toBe("nowhere is not defined");
  });

  test("that fails names the line that calls it", async () => {
    const { error, executionCount } = await kernel.client.execute(
      "const boom = () =>\n  eval('\\nnull.x');\nboom()",
    );
    expect(plainTraceback(error).slice(-3)).toEqual([
      "    at eval (<anonymous>:2:6)",
      `    at boom (cell[${executionCount}].ts:2:3)`,
      `    at cell[${executionCount}].ts:3:1`,
    ]);
  });
});

describe("errors", () => {
  test("name the cell's own lines and no line of the kernel", async () => {
    const code =
      "interface Unit {\n  h: number;\n}\nfunction fail(): never {\n  throw new RangeError('boom');\n}\n\nfail();";
    const { error, executionCount } = await kernel.client.execute(code);
    expect({ ...error, traceback: plainTraceback(error) }).toEqual({
      ename: "RangeError",
      evalue: "boom",
      traceback: [
        "RangeError: boom",
        "",
        "  3 | }",
        "  4 | function fail(): never {",
        "> 5 |   throw new RangeError('boom');",
        "    |         ^",
        "  6 | }",
        "",
        `    at fail (cell[${executionCount}].ts:5:9)`,
        `    at cell[${executionCount}].ts:8:1`,
      ],
    });
  });

  test("carry the chain of their causes, whatever those are", async () => {
    const { error } = await kernel.client.execute(
      "const inner = new TypeError('inner', { cause: 'a string' });\nthrow new Error('outer', { cause: inner })",
    );
    expect(plainTraceback(error).filter((line) => !/^(\s|>|$)/.test(line))).toEqual([
      "Error: outer",
      "Caused by: TypeError: inner",
      "Caused by: 'a string'",
    ]);
  });

  test("that cause themselves end somewhere", async () => {
    const { error } = await kernel.client.execute(
      "const a = new Error('a'), b = new Error('b', { cause: a }); a.cause = b; throw a",
    );
    expect(plainTraceback(error).filter((line) => line.startsWith("Caused"))).toEqual([
      "Caused by: Error: b",
      "Caused by: Error (the same error again)",
    ]);
  });

  test("that gather errors without end are cut short", async () => {
    const { error } = await kernel.client.execute(
      "const nest = (n: number): Error => n === 0 ? new Error('leaf') : new AggregateError(Array.from({ length: 20 }, () => nest(n - 1)), 'many'); throw nest(3)",
    );
    expect(plainTraceback(error).filter((line) => /^\[.*leaf/.test(line)).length).toBeLessThan(50);
    expect(plainTraceback(error)).toContain("… 10 more errors");
  });

  test("show what an AggregateError gathers", async () => {
    const { error } = await kernel.client.execute(
      "await Promise.any([1, 2].map((n) => Promise.reject(new RangeError(`no ${n}`))))",
    );
    expect(error?.ename).toBe("AggregateError");
    expect(plainTraceback(error).filter((line) => line.startsWith("["))).toEqual([
      "[1 of 2] RangeError: no 1",
      "[2 of 2] RangeError: no 2",
    ]);
  });

  test("show the line of an earlier cell where its function fails", async () => {
    await kernel.evaluate("interface Gone { a: 1 }\nfunction later(x: number) {\n  return x.toFixed(x)\n}");
    const { error, executionCount } = await kernel.client.execute("\nlater(1000)");
    expect(plainTraceback(error)).toContain("> 3 |   return x.toFixed(x)");
    expect(plainTraceback(error).at(-2)).toBe(`    at later (cell[${executionCount! - 1}].ts:3:12)`);
    expect(plainTraceback(error).at(-1)).toBe(`    at cell[${executionCount}].ts:2:1`);
  });

  test("show the code and other properties of Node's errors, and no frame of Node", async () => {
    const { error } = await kernel.client.execute(
      'import { readFileSync } from "node:fs";\nreadFileSync("/nothing/here")',
    );
    const text = plainTraceback(error).join("\n");
    expect(text).toMatch(/code: 'ENOENT'/);
    expect(text).toMatch(/> 2 \| readFileSync/);
    expect(text).not.toMatch(/at .*node:/);
  });

  test("of a value's own inspector show the user's frames only, and the value without it", async () => {
    const execution = await kernel.client.execute(
      "({ a: 1, [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('mine') } })",
    );
    const { error } = execution;
    expect(resultText(execution)).toContain("a: 1");
    expect(plainTraceback(error)[0]).toBe("Error: mine");
    expect(
      plainTraceback(error)
        .filter((line) => /^\s+at /.test(line))
        .join(),
    ).not.toMatch(/kernel|node:/);
  });

  test.each([
    ["console.log(error)", ""],
    ["console.error(error)", ""],
    ["console.log([error])", "  "],
    ["console.log(error.stack)", ""],
    ["console.trace(error.message)", ""],
    ["process.stdout.write(require('util').inspect(error))", ""],
  ])("show the same lines where the cell prints them: %s", async (print, indent) => {
    const code = `interface Unit {\n  h: number;\n}\nconst make = (): Error =>\n  new RangeError("boom");\nconst error = make();\n${print}`;
    const { outputs, executionCount } = await kernel.client.execute(code);
    const name = `cell[${executionCount}].ts`;
    const frames = print.startsWith("console.trace")
      ? [`    at ${name}:7:9`]
      : [`    at make (${name}:5:3)`, `    at ${name}:6:15`];
    const text = (outputs[0] as { text: string }).text;
    expect(text.split("\n").filter((line) => /^\s+at /.test(line))).toEqual(
      frames.map((frame) => indent + frame),
    );
    expect(text).toMatch(/(RangeError|Trace): boom/);
  });

  test("show the same lines where one is the result", async () => {
    const { outputs, executionCount } = await kernel.client.execute("type A = 1;\nnew Error('kept')");
    expect(outputs[0]).toMatchObject({
      data: { "text/plain": `Error: kept\n    at cell[${executionCount}].ts:2:1` },
    });
  });

  test("leave a cell its own Error.prepareStackTrace", async () => {
    const code =
      "const kept = Error.prepareStackTrace; Error.prepareStackTrace = (_, calls) => calls.length > 0; const { stack } = new Error(); Error.prepareStackTrace = kept; stack";
    expect(await kernel.evaluate(code)).toBe("true");
  });

  test.each([
    "throw 'text'",
    "throw undefined",
    "throw { toString() { throw 1 } }",
    "throw Object.create(null)",
  ])("survives %s", async (code) => {
    const { error } = await kernel.client.execute(code);
    expect(error?.ename).toBe("Thrown");
  });

  test("of types come all at once, with line, column and the line itself", async () => {
    const { error } = await kernel.client.execute("const a: number = 'x';\nconst b: string = 2;");
    expect(error?.ename).toBe("TypeScriptError");
    expect(plainTraceback(error)).toHaveLength(2);
    expect(plainTraceback(error)[0]).toMatch(
      /cell\[\d+\]\.ts:1:7 - error TS2322: Type 'string' is not assignable/,
    );
    expect(plainTraceback(error)[1]).toMatch(/\.ts:2:7[^]*2 \| const b: string = 2;\n {4}\| {7}\^\n/);
  });

  test("of syntax are SyntaxErrors", async () => {
    const { error } = await kernel.client.execute("const = 3");
    expect(error?.ename).toBe("SyntaxError");
  });

  test.each([
    ["const q = { a: 1", "1:17 - error TS1005: '}' expected"],
    ["let v:", "1:7 - error TS1110: Type expected"],
    ["const w =", "1:10 - error TS1109: Expression expected"],
    ["import { a, b", "1:14 - error TS1005: '}' expected"],
    ["class A { x = 1", "1:16 - error TS1005: '}' expected"],
    ["type T = {", "1:11 - error TS1005: '}' expected"],
    ["await 1;\nconst t = `open", "2:16 - error TS1160: Unterminated template literal"],
  ])("of syntax say what is missing, where the cell ends: %s", async (code, text) => {
    const { error, executionCount } = await kernel.client.execute(code);
    expect(error?.ename).toBe("SyntaxError");
    expect(plainTraceback(error)).toHaveLength(1);
    expect(plainTraceback(error)[0]).toContain(`cell[${executionCount}].ts:${text}`);
    expect(plainTraceback(error)[0]).toContain(` | ${code.split("\n").at(-1)}`.trimEnd());
  });

  test.each([
    ["const 이름표 = '가나'; const n: number = 이름표", "　　　"],
    ["const 이름표 = '가나'; throw 이름표.missing", "　　　"],
  ])("put the caret under the place, also behind wide characters: %s", async (code, wide) => {
    const { error } = await kernel.client.execute(code);
    const lines = plainTraceback(error).join("\n").split("\n");
    const at = lines.findIndex((line) => line.startsWith("> 1 | "));
    expect(lines[at + 1].indexOf("^")).toBe(lines[at].search(/n: number|missing/));
    expect(lines[at + 1]).toContain(wide);
  });

  test("behind a tab keep it, so that the caret stands where it ends", async () => {
    const { error } = await kernel.client.execute("{\n\tconst n: number = 'x'; }");
    expect(plainTraceback(error)[0]).toContain("> 2 | \tconst n: number = 'x'; }\n    | \t      ^\n");
  });

  test("of types in local files show the file's lines, each error once", async () => {
    writeFileSync(
      join(kernel.folder, "mistaken.ts"),
      "\nexport const f: (x: number) => string = (x: number) => x;\n",
    );
    const { error } = await kernel.client.execute('import { f } from "./mistaken"; f(1)');
    expect(plainTraceback(error)).toHaveLength(1);
    expect(plainTraceback(error)[0]).toMatch(
      /^mistaken\.ts:2:14 - error TS2322: [^]* not assignable[^]*\n> 2 \| export const f[^]*\n {4}\| {14}\^/,
    );
  });

  test("of types are not hidden by an await at the top", async () => {
    const { error } = await kernel.client.execute("const w: string = await 1");
    expect(error?.ename).toBe("TypeScriptError");
  });

  test("in a timer or a forgotten promise are reported, and the cell goes on", async () => {
    const execution = await kernel.client.execute(
      "Promise.reject(new Error('forgotten'));\nsetTimeout(() => { throw new RangeError('in a timer') }, 1);\nawait new Promise((resolve) => setTimeout(resolve, 100))",
    );
    expect(execution.status).toBe("ok");
    const errors = execution.outputs.map(
      (output) => output.output_type === "error" && plainTraceback(output)[0],
    );
    expect(errors).toEqual(["Uncaught Error: forgotten", "Uncaught RangeError: in a timer"]);
    expect(await kernel.evaluate("1 + 1")).toBe("2");
  });

  test.each([
    ["", "ok"],
    [" throw new Error('its own')", "error"],
  ])(
    "of forgotten promises come before their cell ends, also where that is at once:%s",
    async (rest, status) => {
      for (let time = 0; time < 20; time++) {
        const execution = await kernel.client.execute(
          `(async () => { throw new RangeError('forgotten') })();${rest || " undefined"}`,
        );
        expect(execution.status).toBe(status);
        expect(execution.outputs[0]).toMatchObject({ output_type: "error", evalue: "forgotten" });
      }
    },
  );

  test.each([
    ["a timer", "setTimeout(() => { throw new Error('late') }, 200)"],
    ["a promise", "setTimeout(() => { void Promise.reject(new Error('late')) }, 200)"],
    [
      "an async function",
      "void (async () => { await new Promise((r) => setTimeout(r, 200)); throw new Error('late') })()",
    ],
    [
      "an event",
      "const emitter = new (await import('node:events')).EventEmitter(); setTimeout(() => emitter.emit('error', new Error('late')), 200)",
    ],
  ])("after their cell has ended appear under it: in %s", async (_, code) => {
    const listener = await listen(kernel.client.connection);
    try {
      await kernel.evaluate(`${code};\nundefined`);
      await kernel.evaluate("await new Promise((resolve) => setTimeout(resolve, 400))");
      await heard(kernel, listener);
      const { received } = listener;
      const inputs = received.filter(({ header }) => header.msg_type === "execute_input");
      const error = received.find(({ header }) => header.msg_type === "error");
      expect(error?.content).toMatchObject({ ename: "Error", evalue: "late" });
      expect(plainTraceback(error?.content as { traceback: string[] })[0]).toBe("Uncaught Error: late");
      expect(error?.parent.msg_id).toBe(inputs[0].parent.msg_id);
    } finally {
      listener.close();
    }
  });

  test.each([
    ["process.exit(3)", "process.exit(3)"],
    ["process.exit()", "process.exit()"],
    ["process.abort()", "process.abort()"],
    ["(process as any).reallyExit(3)", "process.reallyExit(3)"],
    ["process.kill(process.pid)", 'process.kill(process.pid, "SIGTERM")'],
    ["process.kill(process.pid, 'SIGKILL')", 'process.kill(process.pid, "SIGKILL")'],
    ["process.kill(0, 9)", "process.kill(0, 9)"],
    ["process.kill('' as any, 'SIGKILL')", 'process.kill(0, "SIGKILL")'],
    ["process.kill(-process.pid, 'SIGKILL')", 'process.kill(-process.pid, "SIGKILL")'],
  ])("say that %s does not end the kernel", async (code, call) => {
    const { error } = await kernel.client.execute(code);
    expect(error?.evalue).toBe(`${call} does not end the kernel; restart it or shut it down from Jupyter.`);
    expect(await kernel.evaluate("1 + 1")).toBe("2");
  });

  test.each(["process.removeAllListeners('uncaughtException')", "process.removeAllListeners()"])(
    "do not end it after %s",
    async (code) => {
      const listener = await listen(kernel.client.connection);
      try {
        await kernel.evaluate(`${code}; setTimeout(() => { throw new Error("unheard"); })`);
        await eventually(() => {
          const errors = listener.received.filter(({ header }) => header.msg_type === "error");
          expect(errors.map(({ content }) => content.evalue)).toEqual(["unheard"]);
        });
        expect(await kernel.evaluate("process.listenerCount('SIGINT') > 0")).toBe("true");
      } finally {
        listener.close();
      }
    },
  );

  test("leave signals alone that do no harm", async () => {
    const code =
      "const got = new Promise((resolve) => process.once('SIGUSR2', resolve)); process.kill(process.pid, 'SIGUSR2'); [process.kill(process.pid, 0), await got]";
    expect(await kernel.evaluate(code)).toBe("[ true, 'SIGUSR2' ]");
  });
});

describe("modules", () => {
  test("of this project are found from any folder", async () => {
    const code =
      'import { LSTM } from "unrolled";\nnew LSTM({ inputSize: 2, hiddenSize: 3 }).forward([[1, 2]]).h[0].length';
    expect(await kernel.evaluate(code)).toBe("3");
  });

  test("in the notebook's folder are compiled, and compiled again when edited", async () => {
    const file = join(kernel.folder, "local.ts");
    writeFileSync(file, "export const answer: number = 1;\n");
    expect(await kernel.evaluate('import { answer } from "./local";\nanswer')).toBe("1");
    writeFileSync(file, "export const answer: number = 22;\n");
    await eventually(async () =>
      expect(await kernel.evaluate('import { answer } from "./local";\nanswer')).toBe("22"),
    );
  });

  test("in the notebook's folder may have a require of their own", async () => {
    writeFileSync(
      join(kernel.folder, "own_require.ts"),
      `import { createRequire } from "node:module";
import { basename } from "node:path";
export * from "node:os";
const require = createRequire(import.meta.url);
export const found = basename(require.resolve("./own_require.ts")) + require("node:path").sep;`,
    );
    expect(await kernel.evaluate('import { EOL, found } from "./own_require"; [found, EOL]')).toBe(
      String.raw`[ 'own_require.ts/', '\n' ]`,
    );
  });

  test("that do not exist are an error of the cell", async () => {
    const { error } = await kernel.client.execute('import x from "no-such-package-here";\nx');
    expect(plainTraceback(error).join("\n")).toContain("no-such-package-here");
  });

  test("of Node can be imported", async () => {
    expect(await kernel.evaluate('import { basename } from "node:path";\nbasename("/a/b")')).toBe("'b'");
  });
});

describe("execute_request", () => {
  const request = (content: object) =>
    kernel.client.request("shell", "execute_request", { silent: false, store_history: true, ...content });

  test("evaluates user_expressions after the cell", async () => {
    const { content } = await request({
      code: "const base = 20",
      user_expressions: { sum: "base + 2", wrong: "base.nothing", thrown: "JSON.parse('{')" },
    });
    expect(content.user_expressions).toMatchObject({
      sum: { status: "ok", data: { "text/plain": "22" } },
      wrong: { status: "error", ename: "TypeScriptError" },
      thrown: { status: "error", ename: "SyntaxError" },
    });
  });

  test("counts cells, but neither silent ones nor those that are not stored", async () => {
    const count = async (content: object) => (await request(content)).content.execution_count as number;
    const first = await count({ code: "1" });
    expect(await count({ code: "1", silent: true })).toBe(first);
    expect(await count({ code: "1", store_history: false })).toBe(first);
    expect(await count({ code: " \n" })).toBe(first);
    expect(await count({ code: "1" })).toBe(first + 1);
  });

  test("keeps silent cells, and those that are not to be stored, out of history, with what they show", async () => {
    await request({ code: "'stored'" });
    await request({ code: "'silent'", silent: true, store_history: true });
    await request({ code: "'unstored'", store_history: false });
    await request({ code: "" });
    const tail = { hist_access_type: "tail", n: 1, output: true, raw: true };
    const { content } = await kernel.client.request("shell", "history_request", tail);
    expect(content.history).toMatchObject([[1, expect.anything(), ["'stored'", "'stored'"]]]);
  });

  test("answers a failing cell with the published error, its traceback in colours", async () => {
    const published: Record<string, unknown>[] = [];
    const code = `class Own extends Error {}
setTimeout(() => { throw new Own("late") });
await new Promise((resolve) => setTimeout(resolve));
throw new Own("outer", { cause: new AggregateError([new TypeError("inner")]) })`;
    const { content } = await kernel.client.request(
      "shell",
      "execute_request",
      { code },
      {
        onPublish: ({ header, content }) => {
          if (header.msg_type === "error") published.push(content);
        },
      },
    );
    const { ename, evalue, traceback, execution_count } = content as Record<string, unknown>;
    expect(published.at(1)).toEqual({ ename, evalue, traceback });
    expect([ename, evalue]).toEqual(["Own", "outer"]);
    const red = (text: string) => `\x1b[31m${text}\x1b[39m`;
    const cell = `cell[${execution_count as number}].ts`;
    expect(traceback).toEqual(
      expect.arrayContaining([
        `${red("Own")}: outer`,
        `${red(">")} 4 | ${code.split("\n")[3]}`,
        `    |       ${red("^")}`,
        `    at \x1b[1;36m${cell}:4:7\x1b[22;39m`,
        `Caused by: ${red("AggregateError")}`,
        `[1 of 1] ${red("TypeError")}: inner`,
      ]),
    );
    expect(published[0]).toMatchObject({
      evalue: "late",
      traceback: expect.arrayContaining([
        `Uncaught ${red("Own")}: late`,
        expect.stringContaining(`(\x1b[1;36m${cell}:2:26\x1b[22;39m)`),
      ]) as unknown,
    });
    const wrong = await request({
      code: "1",
      user_expressions: { wrong: "'text'.nothing", thrown: "JSON.parse('{')" },
    });
    expect(wrong.content.user_expressions).toMatchObject({
      wrong: {
        traceback: [
          expect.stringContaining(`\x1b[1;36mexpression.ts:1:8\x1b[22;39m - ${red("error")} TS2339: `),
        ],
      },
      thrown: {
        traceback: expect.arrayContaining([expect.stringContaining(`${red("SyntaxError")}: `)]) as unknown,
      },
    });
  });

  test("answers a failing silent cell with the error, and publishes none", async () => {
    const types: string[] = [];
    const { content } = await kernel.client.request(
      "shell",
      "execute_request",
      { code: "throw new RangeError('quiet')", silent: true },
      { onPublish: (message) => types.push(message.header.msg_type) },
    );
    expect(content).toMatchObject({
      status: "error",
      ename: "RangeError",
      execution_count: expect.anything() as unknown,
    });
    expect(types).toEqual(["status"]);
  });

  test("publishes nothing for a silent cell", async () => {
    const types: string[] = [];
    await kernel.client.request(
      "shell",
      "execute_request",
      { code: "console.log(1); 2", silent: true },
      { onPublish: (message) => types.push(message.header.msg_type) },
    );
    expect(types).toEqual(["status"]);
  });

  test("aborts what waits behind a failing cell, unless told otherwise", async () => {
    const fail = "await new Promise((resolve) => setTimeout(resolve, 50)); throw new Error('first')";
    const stopped = await Promise.all([
      request({ code: fail }),
      request({ code: "2" }),
      request({ code: "3" }),
    ]);
    const [failed, ...aborted] = stopped.map(({ content }) => content);
    expect(failed.status).toBe("error");
    // Without the number of a cell that ran: a page would show it.
    expect(aborted).toEqual([{ status: "aborted" }, { status: "aborted" }]);
    const goes = await Promise.all([request({ code: fail, stop_on_error: false }), request({ code: "2" })]);
    expect(goes.map(({ content }) => content.status)).toEqual(["error", "ok"]);
  });

  test("runs cells one after the other, in the order in which they came", async () => {
    const slow = kernel.client.execute(
      "await new Promise((resolve) => setTimeout(resolve, 100)); const order = 1",
    );
    const next = kernel.client.execute("order + 1");
    await slow;
    expect(resultText(await next)).toBe("2");
  });
});
