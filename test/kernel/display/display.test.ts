// What a cell can show besides its result: `unrolled/display`, in a real kernel.

import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, test } from "vitest";
import { useKernel, useListener } from "../../support/kernel.js";
import { eventually } from "../../support/eventually.js";

const kernel = useKernel();
const listener = useListener(kernel);
const CHART =
  "{ mark: 'point', description: 'one', data: { values: [{ x: 1 }] }, encoding: { x: { field: 'x' } } }";

beforeAll(async () => {
  await kernel.evaluate('import * as show from "unrolled/display"');
});

async function outputs(code: string) {
  const execution = await kernel.client.execute(code);
  expect(execution.error).toBeUndefined();
  return execution.outputs;
}

describe("display helpers", () => {
  test.each([
    ["html('<b>x</b>')", { "text/html": "<b>x</b>", "text/plain": "x" }],
    ["markdown('**x**')", { "text/markdown": "**x**", "text/plain": "**x**" }],
    ["latex('$x$')", { "text/latex": "$x$", "text/plain": "$x$" }],
    ["svg('<svg/>')", { "image/svg+xml": "<svg/>", "text/plain": "an SVG drawing" }],
    ["json({ a: [1] })", { "application/json": { a: [1] }, "text/plain": "{ a: [ 1 ] }" }],
    ["json({ big: 2n, bytes: new Uint8Array([1]) })", { "application/json": { big: 2, bytes: [1] } }],
    ["display(-0)", { "text/plain": "-0" }],
  ])("show.%s shows its value once: the handle is not a result", async (call, data) => {
    expect(await outputs(`show.${call}`)).toMatchObject([{ output_type: "display_data", data }]);
  });

  test("a layer shows what it is, not its numbers", async () => {
    const [{ data }] = (await outputs(
      'import { LSTM } from "unrolled/nn"; new LSTM({ inputSize: 3, hiddenSize: 16 })',
    )) as unknown as [{ data: object }];
    expect(data).toEqual({
      "text/plain":
        "LSTM(3 → 16), float64, 1,280 parameters\n  weight_ih_l0 [64, 3]\n  weight_hh_l0 [64, 16]\n  bias_l0 [64]",
    });
  });

  test("vegaLite draws a chart", async () => {
    const [{ data }] = (await outputs(`show.vegaLite(${CHART})`)) as unknown as [{ data: object }];
    expect(Object.keys(data)).toEqual(["application/vnd.vegalite.v5+json", "image/png", "text/plain"]);
  });

  test("mimeBundle gives the picture of a chart, to write it into a file", async () => {
    const chart = `{ $schema: "https://vega.github.io/schema/vega-lite/v5.json", ...${CHART} }`;
    const code = `Buffer.from((await show.mimeBundle(${chart}))!.data["image/png"] as string, "base64").toString("latin1", 1, 4)`;
    expect(await kernel.evaluate(code)).toBe("'PNG'");
    expect(await kernel.evaluate("show.isConnected()")).toBe("true");
  });

  test("png shows a picture in the size that is asked for", async () => {
    const code = `const bytes = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
      show.png(bytes, { width: 10, height: 10 })`;
    const shown = await outputs(code);
    expect(shown).toMatchObject([{ metadata: { "image/png": { width: 10, height: 10 } } }]);
    const { data } = shown[0] as unknown as { data: Record<string, string> };
    expect(Buffer.from(data["image/png"], "base64").subarray(1, 4).toString()).toBe("PNG");
  });

  test.each([
    ["png(new Uint8Array([1, 2]))", /png: the bytes are Uint8Array\(2\) \[ 1, 2 \], but must be .* PNG file/],
    ["html(5 as any)", /html: the text is 5, but must be a string/],
    ["json((() => { const a: any = {}; a.a = a; return a })())", /json: the value cannot be written as JSON/],
    ["vegaLite(5 as any)", /vegaLite: the specification is 5, but must be an object/],
    ["vegaLite({ $schema: 'v5', mark: 'bar' })", /vegaLite: \$schema is 'v5', but must be "https:/],
    ["progress({} as any)", /progress: items is {}, but must be a count or iterable/],
    [
      "display({ [Symbol.for('Jupyter.display')]: () => { const a: any = {}; a.a = a; return { 'application/json': a } } })",
      /application\/json cannot be written as JSON/,
    ],
  ])("show.%s is an error of the cell", async (call, message) => {
    const { error } = await kernel.client.execute(`show.${call}`);
    expect(error?.ename).toBe("TypeError");
    expect(error?.evalue).toMatch(message);
  });

  test("a count of less than nothing is out of range", async () => {
    const { error } = await kernel.client.execute("show.progress(-1)");
    expect(error?.ename).toBe("RangeError");
    expect(error?.evalue).toBe("progress: the count is -1, but must be a whole number from 0 on");
  });

  test("a value whose own display fails later is an error of the cell, and shown under it when the cell has ended", async () => {
    const fails = "{ [Symbol.for('Jupyter.display')]: async () => { throw new RangeError('no picture') } }";
    const { error } = await kernel.client.execute(`show.display(${fails}); await 0; 1`);
    expect(error).toMatchObject({ ename: "RangeError", evalue: "no picture" });

    await kernel.client.execute(
      `setTimeout(() => show.display(${fails.replace("no picture", "late")}), 200)`,
    );
    await eventually(() => {
      const errors = listener.received.filter(({ header }) => header.msg_type === "error");
      expect(errors.at(-1)?.content).toMatchObject({ ename: "RangeError", evalue: "late" });
    });
  });

  test.each([
    ["html('<b>1</b>')", "'<b>2</b>'", { "text/html": "<b>2</b>", "text/plain": "2" }],
    ["markdown('*1*')", "'*2*'", { "text/markdown": "*2*" }],
    ["latex('$1$')", "'$2$'", { "text/latex": "$2$" }],
    ["svg('<svg/>')", "'<svg id=\"2\"/>'", { "image/svg+xml": '<svg id="2"/>' }],
    ["json([1], { expanded: true })", "[2]", { "application/json": [2] }],
    [`vegaLite(${CHART})`, CHART.replace("one", "two"), { "text/plain": "two" }],
    ["html('<b>1</b>')", "2", { "text/plain": "2" }],
  ])("show.%s.update(%s) shows the same kind of thing", async (call, update, data) => {
    const [first, second] = (await outputs(
      `const shown = show.${call}; show.display("between"); shown.update(${update});`,
    )) as unknown as { data: object; metadata: object }[];
    expect(first.data).toMatchObject(data);
    expect(second.data).toEqual({ "text/plain": "'between'" });
    if (call.startsWith("json")) {
      expect(first.metadata).toEqual({ "application/json": { expanded: true } });
    }
  });

  test("notes on a chart stand under it, once in a cell", async () => {
    const old = `{ $schema: "https://vega.github.io/schema/vega-lite/v6.json", ...${CHART} }`;
    const shown = await outputs(
      `const old = ${old}; const drawn = show.display(old); drawn.update(old); old`,
    );
    expect(shown).toMatchObject([
      { output_type: "display_data", data: { "text/plain": "one" } },
      {
        output_type: "stream",
        name: "stderr",
        text: expect.stringMatching(/^\$schema names Vega-Lite 6: .*\n$/) as string,
      },
      { output_type: "execute_result", data: { "text/plain": "one" } },
    ]);
    expect(await outputs("old")).toMatchObject([{ output_type: "execute_result" }, { name: "stderr" }]);
  });

  test("a result that cannot be drawn can be looked at, above the reason", async () => {
    const { error, outputs: shown } = await kernel.client.execute(`({ ...old, mark: "brr" })`);
    expect(error?.evalue).toContain("mark is 'brr'");
    expect(shown).toMatchObject([
      {
        output_type: "execute_result",
        data: { "text/plain": expect.stringContaining("mark: 'brr'") as string },
      },
      { output_type: "error" },
    ]);
  });

  test("handles replace what is shown, wherever that is", async () => {
    expect(
      await outputs("const handle = show.display('one'); console.log('between'); handle.update('two');"),
    ).toEqual([
      { output_type: "display_data", data: { "text/plain": "'two'" }, metadata: {} },
      { output_type: "stream", name: "stdout", text: "between\n" },
    ]);
    const updates: unknown[] = [];
    await kernel.client.request(
      "shell",
      "execute_request",
      { code: "handle.update('three')" },
      {
        onPublish: ({ header, content }) => {
          if (header.msg_type === "update_display_data") updates.push(content);
        },
      },
    );
    expect(updates).toMatchObject([{ data: { "text/plain": "'three'" } }]);
  });
});

describe("progress", () => {
  const text = (shown: Awaited<ReturnType<typeof outputs>>) =>
    shown.map((output) =>
      output.output_type === "display_data" ? String(output.data["text/plain"]) : output,
    );

  test("counts a loop, in one output", async () => {
    const shown = await outputs(
      "let sum = 0; for (const i of show.progress(1000, { label: 'training' })) sum += i; if (sum !== 499500) throw sum;",
    );
    expect(text(shown)).toEqual([expect.stringMatching(/^training █{30} 1000 \/ 1000 · \d+\.\d s$/)]);
  });

  test("counts what comes one after the other, as training does, and stops where the loop does", async () => {
    const shown = await outputs(
      "async function* come() { try { yield 'a'; yield 'b'; yield 'c' } finally { console.log('left') } }\n" +
        "for await (const letter of show.progress(come())) if (letter === 'b') break;",
    );
    expect(text(shown)).toEqual([
      expect.stringMatching(/^░{30} 1 · \d+\.\d s$/),
      expect.objectContaining({ text: "left\n" }),
    ]);
    const [trained] = await outputs(
      `import { adamRule, addingProblem, fit } from "unrolled"; import { Linear, LSTM, SequenceNetwork } from "unrolled/nn";
       const [rnn, head] = [new LSTM({ inputSize: 2, hiddenSize: 2 }), new Linear({ inputSize: 2, outputSize: 1 })];
       const network = new SequenceNetwork({ rnn, head, loss: "meanSquaredError" });
       const { draw } = addingProblem({ steps: 10 });
       const bar = show.progress(fit(network, draw, { optimizer: adamRule({ lr: 0.01 }), updates: 3 }));
       for await (const { update } of bar) bar.note(\`update \${update}\`);`,
    );
    expect(text([trained])[0]).toMatch(/^█{30} 3 \/ 3 · \d+\.\d s · update 3$/);
  });

  test("is visible while a synchronous loop runs", async () => {
    const texts: string[] = [];
    await kernel.client.request(
      "shell",
      "execute_request",
      {
        code: "for (const i of show.progress([1, 2, 3, 4])) { const end = Date.now() + 150; while (Date.now() < end); }",
      },
      {
        onPublish: ({ header, content }) => {
          if (header.msg_type.includes("display_data"))
            texts.push((content.data as Record<string, string>)["text/plain"].replace(/ ·.*/, ""));
        },
      },
    );
    expect(texts.map((line) => line.slice(31))).toEqual([
      "0 / 4",
      "1 / 4",
      "2 / 4",
      "3 / 4",
      "4 / 4",
      "4 / 4",
    ]);
  });

  test("ends where the loop is left, and moves by hand", async () => {
    const left = await outputs("for (const i of show.progress(10)) if (i === 4) break;");
    expect(text(left)).toEqual([expect.stringContaining(" 4 / 10")]);
    const byHand = await outputs(
      "const bar = show.progress(3, { label: '<i>' }); bar.advance(); bar.advance(2, 'loss 0.1'); bar.value;",
    );
    expect(text(byHand)[0]).toMatch(/<i> █{30} 3 \/ 3 · \d+\.\d s · loss 0\.1/);
    const { data } = byHand[0] as unknown as { data: Record<string, string> };
    expect(data["text/html"]).toMatch(/^<label>&lt;i&gt; <progress value="3" max="3"><\/progress>/);
  });
});

test("display prints where there is no kernel, and Node has nothing to warn of", () => {
  const entry = new URL("../../../dist/kernel/display/index.js", import.meta.url).href;
  const code = `import { display } from ${JSON.stringify(entry)}; display([1])`;
  const args = ["--input-type=module", "-e", code];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect([stdout, stderr]).toEqual(["[ 1 ]\n", ""]);
});

test("the kernel's modules have the names of both packages, and are the same modules", async () => {
  const code = `
    import * as umbrella from "unrolled/display";
    import * as alone from "@unrolled/kernel/display";
    import { interact } from "@unrolled/kernel/widgets";
    [umbrella.display === alone.display, interact === require("unrolled/widgets").interact]`;
  expect(await kernel.evaluate(code)).toBe("[ true, true ]");
});
