// Everything a client can ask besides executing a cell.

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Request } from "zeromq";
import { describe, expect, test } from "vitest";
import { startKernel } from "../../../kernel/protocol/client.js";
import { isAlive } from "../../../files/is_alive.js";
import { endpoint } from "../../../kernel/protocol/connection.js";
import { useKernel } from "../../support/kernel.js";

const kernel = useKernel();
const ask = async (type: string, content: object) =>
  (await kernel.client.request("shell", type, content as Record<string, unknown>)).content;

describe("kernel_info_request", () => {
  test.each(["shell", "control"] as const)("is answered on %s", async (channel) => {
    const { content } = await kernel.client.request(channel, "kernel_info_request", {});
    expect(content).toMatchObject({
      status: "ok",
      protocol_version: "5.5",
      implementation: "unrolled",
      language_info: { name: "typescript", mimetype: "text/typescript", file_extension: ".ts" },
    });
  });
});

describe("complete_request", () => {
  test("completes members of a cell's variable, with their kinds", async () => {
    await kernel.evaluate("const vector = [1, 2, 3]");
    const reply = await ask("complete_request", { code: "vector.findL", cursor_pos: 12 });
    expect(reply).toMatchObject({ matches: ["findLast", "findLastIndex"], cursor_start: 7, cursor_end: 12 });
    const { _jupyter_types_experimental: types } = reply.metadata as Record<string, object[]>;
    expect(types[0]).toEqual({
      text: "findLast",
      type: "method",
      signature: expect.stringMatching(/^<.*>\(predicate: .*, thisArg\?: any\): /) as string,
      start: 7,
      end: 12,
    });
  });

  test("shows a signature with the types at hand, however often it was shown with others", async () => {
    const signature = async (code: string) => {
      const { metadata } = await ask("complete_request", { code, cursor_pos: code.length });
      return (metadata as Record<string, { signature: string }[]>)._jupyter_types_experimental[0].signature;
    };
    for (let round = 0; round < 2; round++) {
      expect(await signature("Math.hypo")).toBe("(...values: number[]): number");
      expect(await signature("[1].indexO")).toBe("(searchElement: number, fromIndex?: number): number");
      expect(await signature('["a"].indexO')).toBe("(searchElement: string, fromIndex?: number): number");
    }
  });

  test("counts the cursor in code points", async () => {
    const code = '"😀😀"; vector.findLastI';
    const reply = await ask("complete_request", { code, cursor_pos: [...code].length });
    expect(reply).toMatchObject({ matches: ["findLastIndex"], cursor_start: 13, cursor_end: 22 });
  });

  test("completes the names of this project's library", async () => {
    const code = 'import { lstmF } from "unrolled"';
    const reply = await ask("complete_request", { code, cursor_pos: 14 });
    expect(reply.matches).toContain("lstmForward");
  });

  test.each([
    ['import fs from "node:tl¦"', ["node:tls"], "node:tl"],
    ['import x from "./dat¦"', ["data"], "dat"],
    ["const known = void¦", ["void"], "void"],
    ['import x from "¦"', expect.arrayContaining(["node:fs", "unrolled"]) as unknown, ""],
    ["const mode: 'fast' | 'fine' | 'slow' = 'f¦'", ["fast", "fine"], "f"],
    ["'😀'; const mode: 'fast' | 'slow' = 's¦'", ["slow"], "s"],
  ])("completes text that is not a name: %s", async (marked, matches, typed) => {
    writeFileSync(join(kernel.folder, "data.ts"), "export {};\n");
    writeFileSync(join(kernel.folder, "other.ts"), "export {};\n");
    const before = [...marked.slice(0, marked.indexOf("¦"))].length;
    const reply = await ask("complete_request", { code: marked.replace("¦", ""), cursor_pos: before });
    expect(reply).toMatchObject({ matches, cursor_start: before - typed.length, cursor_end: before });
  });

  test.each([
    ["person.¦firstName", ["age", "firstName", "furColour"], ""],
    ["person.f¦irstName", ["firstName", "furColour"], "f¦irstName"],
    ["const { fi¦rs } = person", ["firstName"], "fi¦rs"],
    ["Math.cbr¦(1)", ["cbrt"], "cbr¦"],
    ["[person.¦]", ["age", "firstName", "furColour"], ""],
    ["'😀' + person.f¦ur", ["firstName", "furColour"], "f¦ur"],
  ])("completes what is before the cursor, whatever is behind it: %s", async (marked, matches, replaced) => {
    await kernel.evaluate("const person = { firstName: 'Ada', furColour: 'none', age: 36 }");
    const cursor = [...marked.slice(0, marked.indexOf("¦"))].length;
    const [typed, behind = ""] = replaced.split("¦");
    const reply = await ask("complete_request", { code: marked.replace("¦", ""), cursor_pos: cursor });
    expect(reply).toMatchObject({
      matches,
      cursor_start: cursor - typed.length,
      cursor_end: cursor + behind.length,
    });
  });

  test("is answered while a cell runs", async () => {
    const running = kernel.client.execute("while (true) {}");
    const reply = await ask("complete_request", { code: "Math.cb", cursor_pos: 7 });
    expect(reply.matches).toEqual(["cbrt"]);
    await kernel.client.interrupt();
    await running;
  });
});

describe("inspect_request", () => {
  test("shows signature and documentation", async () => {
    const reply = await ask("inspect_request", { code: "parseInt('1')", cursor_pos: 4, detail_level: 0 });
    expect(reply.found).toBe(true);
    expect((reply.data as Record<string, string>)["text/plain"]).toMatch(
      /function parseInt\(string: string, radix\?: number\): number\n\nConverts a string to an integer/,
    );
  });

  test("counts the cursor in code points", async () => {
    const code = "'😀😀'; parseInt('1')";
    const reply = await ask("inspect_request", { code, cursor_pos: 7, detail_level: 0 });
    expect((reply.data as Record<string, string>)["text/plain"]).toMatch(/^function parseInt/);
  });

  /** What is said at the `|`. */
  async function said(marked: string): Promise<string | undefined> {
    const content = { code: marked.replace("|", ""), cursor_pos: marked.indexOf("|"), detail_level: 0 };
    return ((await ask("inspect_request", content)).data as Record<string, string>)["text/plain"];
  }

  test.each([
    ["Math.max(1, |2)", "Math.max"],
    ["Math.max(1,\n  |", "Math.max"],
    ["parseInt('1|2')", "parseInt"],
    ["parseInt(String(|1))", "String"],
    ["parseInt(String(1), |10)", "parseInt"],
    ["new Uint8Array([1, |2])", "Uint8Array"],
    ["[1].map((x) => (|1))", "map"],
  ])("between a call's parentheses shows what is called: %s", async (marked, called) => {
    expect((await said(marked))?.split("\n")[0]).toContain(called);
  });

  test.each(["Math.max(1)| ", "1 + |2", "[1].forEach(() => { | })", "// parseInt(|1)", "neverDeclared(|1)"])(
    "shows no call where none is around: %s",
    async (marked) => {
      expect(await said(marked)).toBe(undefined);
    },
  );

  test("shows tags by their names, and links as what they say", async () => {
    const comment = [
      "/** Adds, as {@link other} or {@link https://a.b the page} do, but {@link other not so}.",
      " * @param x the first",
      " * @returns the sum",
      " * @example",
      " * add(1)",
      " * @deprecated */",
    ].join("\n");
    const code = `${comment}\nfunction add(x: number) { return x }\nfunction other() {}`;
    expect(await said(`${code}\nad|d(1)`)).toBe(
      [
        "function add(x: number): number",
        "",
        "Adds, as other or the page (https://a.b) do, but not so.",
        "@param x the first",
        "@returns the sum",
        "@example",
        "add(1)",
        "@deprecated",
      ].join("\n"),
    );
  });

  test.each([
    ["Opti|ons", "interface Options {\n    size: number;\n    name?: string;\n}"],
    ["let given: Opt|ions", "interface Options {\n    size: number;\n    name?: string;\n}"],
    ["Mo|de", "enum Mode {\n    Fast = 0,\n    Slow = 5\n}"],
    ["Mode.Fa|st", "(enum member) Mode.Fast = 0"],
    ["Pair|", "type Pair<T> = [T, T];"],
    ["new Part|(2)", "constructor Part(size: number): Part"],
    ["Par|t", "class Part {\n    size: number;\n    constructor(size: number);\n    half(): number;\n}"],
    ["interface Own { own: 1 }\nOw|n", "interface Own { own: 1 }"],
    ["const options: Options = { size: 1 }; opt|ions", "const options: Options"],
    ["Readon|ly", "type Readonly<T> = { readonly [P in keyof T]: T[P]; }"],
  ])("shows what a type consists of: %s", async (marked, expected) => {
    await kernel.evaluate(
      "interface Options { size: number; name?: string } enum Mode { Fast, Slow = 5 } type Pair<T> = [T, T]; " +
        "class Part { constructor(public size: number) {} half() { return this.size / 2 } }",
    );
    expect((await said(marked))?.split("\n\n")[0]).toBe(expected);
  });

  test("shows the declaration at detail level 1, and Markdown next to plain text", async () => {
    const code = "/** Adds. @example add(1) */\nfunction add(x: number) {\n  return x;\n}\nadd(1)";
    const about = async (detail_level: number) =>
      (await ask("inspect_request", { code, cursor_pos: code.length - 4, detail_level })).data;
    expect(await about(0)).toEqual({
      "text/plain": "function add(x: number): number\n\nAdds.\n@example\nadd(1)",
      "text/markdown":
        "```typescript\nfunction add(x: number): number\n```\n\nAdds.\n\n*@example*\n```typescript\nadd(1)\n```",
    });
    const written = "function add(x: number) {\n  return x;\n}";
    expect(await about(1)).toEqual({
      "text/plain": expect.stringMatching(/^function add\(x: number\): number\n/) as string,
      "text/markdown": expect.stringContaining(`\n\n\`\`\`typescript\n${written}\n\`\`\``) as string,
    });
    expect(((await about(1)) as Record<string, string>)["text/plain"]).toContain(`\n\n${written}`);
  });

  test("finds nothing behind a name that is not declared", async () => {
    const content = { code: "neverDeclared", cursor_pos: 5, detail_level: 0 };
    expect(await ask("inspect_request", content)).toMatchObject({ found: false, data: {} });
  });

  test("says when there is nothing to show", async () => {
    expect(await ask("inspect_request", { code: "   ", cursor_pos: 1, detail_level: 0 })).toMatchObject({
      status: "ok",
      found: false,
      data: {},
    });
  });
});

describe("is_complete_request", () => {
  test.each([
    ["1 + 1", { status: "complete" }],
    ["await f()", { status: "complete" }],
    ["", { status: "complete" }],
    ["for (const i of [1]) {", { status: "incomplete", indent: "  " }],
    ["f(1,", { status: "incomplete", indent: "  " }],
    ["let x: ", { status: "incomplete", indent: "" }],
    ["new ", { status: "incomplete", indent: "" }],
    ["`open", { status: "incomplete", indent: "" }],
    ["/* open", { status: "incomplete", indent: "" }],
    ["import", { status: "incomplete", indent: "" }],
    ["1;\nexport ", { status: "incomplete", indent: "" }],
    ["let x = 1; const", { status: "incomplete", indent: "" }],
    ["let", { status: "incomplete", indent: "" }],
    ["1; let ", { status: "incomplete", indent: "" }],
    ["let y = 1,", { status: "incomplete", indent: "" }],
    ["interface", { status: "incomplete", indent: "" }],
    ['"open \\', { status: "incomplete", indent: "" }],
    ["'open \\\n", { status: "incomplete", indent: "" }],
    ['"never closed', { status: "invalid" }],
    ["f('never closed", { status: "invalid" }],
    ["'never closed\n", { status: "invalid" }],
    ["let;", { status: "invalid" }],
    ["export const y: string = 1", { status: "complete" }],
    ["const = 3", { status: "invalid" }],
    ["return 1", { status: "invalid" }],
    ["let z = 1; break", { status: "invalid" }],
    ["import )", { status: "invalid" }],
    ["}", { status: "invalid" }],
  ])("judges whether code is complete: %s", async (code, expected) => {
    expect(await ask("is_complete_request", { code })).toEqual(expected);
  });
});

describe("history_request", () => {
  test("answers tail, range and search", async () => {
    await kernel.evaluate("'history one'");
    await kernel.evaluate("'history two'");
    await kernel.evaluate("'history two'");
    const history = async (content: object) =>
      (await ask("history_request", { raw: true, output: false, ...content })).history;
    const tail = (await history({ hist_access_type: "tail", n: 3 })) as [number, number, string][];
    expect(tail.map(([, , input]) => input)).toEqual(["'history one'", "'history two'", "'history two'"]);
    const [session, line] = tail[0];
    expect(await history({ hist_access_type: "range", session, start: line, stop: line + 1 })).toEqual([
      tail[0],
    ]);
    expect(await history({ hist_access_type: "range", session: 0, start: line, stop: line + 2 })).toEqual(
      tail.slice(0, 2),
    );
    expect(await history({ hist_access_type: "search", pattern: "*history tw?'", unique: true })).toEqual([
      tail[2],
    ]);
    expect(await history({ hist_access_type: "search", pattern: "*nothing like it*" })).toEqual([]);
    expect(await history({ hist_access_type: "tail", n: 1, output: true })).toEqual([
      [session, tail[2][1], ["'history two'", "'history two'"]],
    ]);
  });
});

describe("other requests", () => {
  test("connect names the ports", async () => {
    const { shell, control, iopub, stdin, hb } = kernel.client.connection.ports;
    expect(await ask("connect_request", {})).toEqual({
      status: "ok",
      shell_port: shell,
      control_port: control,
      iopub_port: iopub,
      stdin_port: stdin,
      hb_port: hb,
    });
  });

  test("requests for features that the kernel does not have are not answered, and it claims none", async () => {
    expect(await ask("kernel_info_request", {})).toMatchObject({ supported_features: [], debugger: false });
    const others = [
      "debug_request",
      "create_subshell_request",
      "list_subshell_request",
      "x_request",
      "toString",
    ];
    for (const type of others) {
      let answered = false;
      const request = kernel.client.request("control", type, {});
      void request.then(
        () => (answered = true),
        () => undefined,
      );
      // Busy and idle come for it all the same.
      await kernel.client.post(type, {});
      expect(answered).toBe(false);
    }
    expect(await kernel.evaluate("1 + 1")).toBe("2");
  });

  test("the heartbeat echoes, also while a cell is busy", async () => {
    let started!: () => void;
    const begun = new Promise<void>((resolve) => (started = resolve));
    const running = kernel.client.execute("console.log('started'); while (true) {}", {
      onOutput: () => {
        started();
      },
    });
    await begun;
    const heart = new Request({ linger: 0, receiveTimeout: 300_000 });
    heart.connect(endpoint(kernel.client.connection, "hb"));
    await heart.send("beat");
    expect(String((await heart.receive())[0])).toBe("beat");
    heart.close();
    await kernel.client.interrupt();
    await running;
  });

  test("the kernel ends when the process that started it has gone", async () => {
    const starter = join(import.meta.dirname, "..", "..", "support", "start_and_leave.js");
    const { stdout } = spawnSync(process.execPath, [starter], { encoding: "utf8", cwd: kernel.folder });
    const pid = Number(stdout);
    expect(pid).toBeGreaterThan(0);
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  test("shutdown is answered and ends the process, also in the middle of a loop", async () => {
    const other = await startKernel({ cwd: kernel.folder });
    const running = other.execute("while (true) {}");
    const reply = other.request("control", "shutdown_request", { restart: false });
    expect((await reply).content).toEqual({ status: "ok", restart: false });
    await expect(running).rejects.toThrow(/the kernel process ended/);
    await other.shutdown();
  });
});
