// Widgets, with this test in the browser's place: the models that a cell opens, and messages to them.

import { createRequire } from "node:module";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { readFileSync } from "node:fs";
import type { Message } from "../../../kernel/protocol/messages.js";
import { heard, resultText, useKernel, useListener } from "../../support/kernel.js";
import { eventually } from "../../support/eventually.js";

const kernel = useKernel();
const listener = useListener(kernel);

const require = createRequire(import.meta.url);
const schema = (name: string) =>
  JSON.parse(readFileSync(require.resolve(`@jupyter-widgets/schema/${name}`), "utf8")) as never;
interface PublishedModel {
  model: { name: string; module: string; version: string };
  attributes: { name: string; type: string; default: unknown }[];
}
const published = schema("jupyterwidgetmodels.latest.json") as PublishedModel[];

type State = Record<string, unknown>;
const VIEW = "application/vnd.jupyter.widget-view+json";

const opened = () => listener.received.filter(({ header }) => header.msg_type === "comm_open");
const stateOf = (message: Message) => (message.content.data as { state: State }).state;
const idOf = (message: Message) => message.content.comm_id as string;

/** The models that a cell opened, by their names, the last of each. */
async function models(code: string): Promise<Record<string, { id: string; state: State }>> {
  const before = opened().length;
  await kernel.evaluate(code);
  await heard(kernel, listener);
  return Object.fromEntries(
    opened()
      .slice(before)
      .map((message) => [
        stateOf(message)._model_name as string,
        { id: idOf(message), state: stateOf(message) },
      ]),
  );
}

/** A change in the browser; what the kernel says until it is idle again. */
async function update(id: string, state: State): Promise<Message[]> {
  return send(id, { method: "update", state, buffer_paths: [] });
}
async function send(id: string, data: State): Promise<Message[]> {
  const published: Message[] = [];
  await kernel.client.post("comm_msg", { comm_id: id, data }, { onPublish: (m) => published.push(m) });
  await eventually(() => {
    const ids = listener.received.map(({ header }) => header.msg_id);
    expect(ids).toEqual(expect.arrayContaining(published.map(({ header }) => header.msg_id)));
  });
  return published;
}
const sent = (id: string) =>
  listener.received
    .filter(({ header, content }) => header.msg_type === "comm_msg" && content.comm_id === id)
    .map(({ content }) => content.data as { method: string; state: State });

describe("every widget", () => {
  test("opens with the model that Jupyter publishes: every attribute, every default", async () => {
    const before = opened().length;
    await kernel.evaluate(`
      import * as widgets from "unrolled/widgets";
      const made = Object.entries(widgets).flatMap(([name, Widget]) =>
        typeof Widget !== "function" || !/^[A-Z]/.test(name) || name === "Widget" ? []
          : [new (Widget as new (options?: object) => object)(/Dropdown|Select|Radio|Buttons/.test(name) ? { options: [1] } : undefined)]);
      made.length`);
    await heard(kernel, listener);
    const seen = new Set<string>();
    for (const message of opened().slice(before)) {
      const state = stateOf(message);
      const name = state._model_name as string;
      seen.add(name);
      const { attributes } = published.find(({ model }) => model.name === name)!;
      expect(Object.keys(state).sort(), name).toEqual(attributes.map((attribute) => attribute.name).sort());
      for (const { name: attribute, type, default: value } of attributes) {
        if (type === "reference") expect(state[attribute]).toMatch(/^IPY_MODEL_[0-9a-f-]{36}$/);
        else if (attribute !== "index" && attribute !== "_options_labels") {
          expect(state[attribute], `${name}.${attribute}`).toEqual(value);
        }
      }
      expect(message).toMatchObject({
        metadata: { version: "2.1.0" },
        content: { target_name: "jupyter.widget", data: { buffer_paths: [] } },
      });
    }
    expect([...seen]).toEqual(
      expect.arrayContaining(
        [
          "FloatSlider",
          "IntSlider",
          "Dropdown",
          "Checkbox",
          "Button",
          "Play",
          "IntProgress",
          "Output",
          "HBox",
          "VBox",
          "Tab",
        ].map((name) => `${name}Model`),
      ),
    );
  });

  test("shows itself as a view, and as text where there are no widgets", async () => {
    const { outputs } = await kernel.client.execute(
      'import { FloatSlider } from "unrolled/widgets"; new FloatSlider({ description: "gain", value: 0.5 })',
    );
    const [output] = outputs;
    if (output.output_type !== "execute_result") throw new Error("no result");
    expect(output.data["text/plain"]).toBe("FloatSlider(description='gain', value=0.5)");
    const check = new Ajv({ strict: false }).compile(schema("v2/view.schema.json"));
    expect(check(output.data[VIEW]), JSON.stringify(check.errors)).toBe(true);
  });

  test("has a committed model that is what the generator writes", async () => {
    const script = "../../../scripts/widget_models.js" as string;
    const { generate, TARGET } = (await import(script)) as {
      generate: () => Promise<string>;
      TARGET: string;
    };
    expect(readFileSync(TARGET, "utf8")).toBe(await generate());
  });
});

describe("a value", () => {
  test("follows the browser, is echoed, and calls its observers", async () => {
    const { FloatSliderModel } = await models(`
      import { FloatSlider } from "unrolled/widgets";
      const slider = new FloatSlider({ min: 0, max: 3, step: 0.5 });
      const seen: unknown[] = [];
      slider.observe("value", ({ name, old, value }) => { seen.push([name, old, value]); console.log("now", value); });
      undefined`);
    const published = await update(FloatSliderModel.id, { value: 1.5 });
    expect(published.map(({ header }) => header.msg_type)).toContain("comm_msg");
    expect(sent(FloatSliderModel.id)).toEqual([
      { method: "echo_update", state: { value: 1.5 }, buffer_paths: [] },
    ]);
    expect(await kernel.evaluate("JSON.stringify([slider.value, seen])")).toBe(`'[1.5,[["value",0,1.5]]]'`);
  });

  test("goes to the browser once when it is set in a cell, and not when it stays the same", async () => {
    const { IntSliderModel } = await models(
      'import { IntSlider } from "unrolled/widgets"; const n = new IntSlider(); undefined',
    );
    await kernel.evaluate("n.value = 7; n.value = 7; n.description = 'n'; undefined");
    await eventually(() => {
      expect(sent(IntSliderModel.id)).toEqual([
        { method: "update", state: { value: 7 }, buffer_paths: [] },
        { method: "update", state: { description: "n" }, buffer_paths: [] },
      ]);
    });
  });

  test("arrives from the browser while a cell awaits", async () => {
    const { CheckboxModel } = await models(
      'import { Checkbox } from "unrolled/widgets"; const box = new Checkbox(); undefined',
    );
    const running = kernel.client.execute(
      "const checked = new Promise<void>((resolve) => box.observe('value', () => resolve())); console.log('waiting'); await checked; box.value",
    );
    await eventually(() => {
      expect(listener.received.some(({ content }) => content.text === "waiting\n")).toBe(true);
    });
    await update(CheckboxModel.id, { value: true });
    expect(resultText(await running)).toBe("true");
  });

  test.each([
    ["new IntSlider({ value: 1.5 })", "IntSlider: value is 1.5, but must be an integer"],
    ["new IntSlider({ value: 500 })", "IntSlider: value is 500, but must be from 0 to 100"],
    ["new IntSlider({ min: 5, max: 2 })", "IntSlider: min is 5, but max is 2"],
    ["new IntSlider({ minimum: 5 } as object)", 'IntSlider: the attribute is "minimum", but must be one of '],
    [
      "new IntSlider({ orientation: 'up' } as object)",
      "IntSlider: orientation is 'up', but must be one of \"horizontal\"",
    ],
    [
      "new VBox({ children: [1] } as object)",
      "VBox: children is [ 1 ], but must be an array, each element a widget",
    ],
    ["new HBox({ layout: '50%' as never })", "HBox: layout is '50%', but must be a widget"],
    ["new Dropdown({ options: [] })", "Dropdown: options is [], but must be an array of one choice or more"],
    [
      "new Dropdown({ options: ['a'], value: 'b' as never })",
      "Dropdown: value is 'b', but must be one of the options",
    ],
  ])("%s says what is wrong, and opens nothing", async (code, message) => {
    const before = opened().length;
    const { error } = await kernel.client.execute(
      `import { Dropdown, HBox, IntSlider, VBox } from "unrolled/widgets"; ${code}`,
    );
    expect(error?.evalue).toContain(message);
    await heard(kernel, listener);
    expect(opened()).toHaveLength(before);
  });

  test("is the model's default when it is not given, or the nearest within the bounds", async () => {
    const { IntSliderModel, FloatRangeSliderModel } = await models(`
      import { FloatRangeSlider, IntSlider } from "unrolled/widgets";
      new IntSlider({ min: 5, max: 10 });
      new FloatRangeSlider({ min: 0.5, max: 0.75 });
      undefined`);
    expect(IntSliderModel.state.value).toBe(5);
    expect(FloatRangeSliderModel.state.value).toEqual([0.5, 0.75]);
  });

  test("of a wrong kind from the browser is refused, and the kernel lives", async () => {
    const { IntSliderModel } = await models(
      'import { IntSlider } from "unrolled/widgets"; const m = new IntSlider(); undefined',
    );
    const published = await update(IntSliderModel.id, { value: "x" });
    expect(published.find(({ header }) => header.msg_type === "error")?.content.evalue).toContain(
      "value is 'x'",
    );
    const beyond = await update(IntSliderModel.id, { value: 101 });
    expect(beyond.find(({ header }) => header.msg_type === "error")?.content.evalue).toContain(
      "from 0 to 100",
    );
    expect(await kernel.evaluate("m.value")).toBe("0");
  });
});

describe("widgets", () => {
  test("of selection give the value behind the label, typed", async () => {
    const { DropdownModel } = await models(`
      import { Dropdown } from "unrolled/widgets";
      const cellKind = new Dropdown({ options: [["tanh", Math.tanh], ["none", (x: number) => x]], value: Math.tanh });
      const checked: number = cellKind.value(0);
      const names: string[] = [];
      cellKind.observe("value", ({ old, value }) => { names.push(old.name || "none", value.name || "none"); });
      undefined`);
    expect(DropdownModel.state).toMatchObject({ _options_labels: ["tanh", "none"], index: 0 });
    await update(DropdownModel.id, { index: 1 });
    expect(await kernel.evaluate("cellKind.value(5)")).toBe("5");
    expect(await kernel.evaluate("names.join()")).toBe("'tanh,none'");
  });

  test("call a button's handler, whose error appears under the cell that made the button", async () => {
    const { ButtonModel } = await models(`
      import { Button } from "unrolled/widgets";
      let clicks = 0;
      const button = new Button({ description: "train" }).onClick(() => { clicks++; throw new RangeError("too far"); });
      undefined`);
    const cell = opened().find((message) => idOf(message) === ButtonModel.id)!.parent;
    await send(ButtonModel.id, { method: "custom", content: { event: "click" } });
    expect(await kernel.evaluate("clicks")).toBe("1");
    await eventually(() => {
      const error = listener.received.find(({ content }) => content.evalue === "too far");
      expect(error?.parent).toMatchObject({ msg_id: (cell as { msg_id: string }).msg_id });
    });
  });

  test("refer to each other: a box to its children and layout, a link to what it joins", async () => {
    const { HBoxModel, IntSliderModel, PlayModel, LinkModel, LayoutModel } = await models(`
      import { HBox, IntSlider, Play, jslink } from "unrolled/widgets";
      const play = new Play({ max: 50 });
      const at = new IntSlider({ max: 50 });
      jslink([play, "value"], [at, "value"]);
      const row = new HBox({ children: [play, at], layout: { width: "50%" } });
      undefined`);
    expect(HBoxModel.state.children).toEqual([`IPY_MODEL_${PlayModel.id}`, `IPY_MODEL_${IntSliderModel.id}`]);
    expect(HBoxModel.state.layout).toBe(`IPY_MODEL_${LayoutModel.id}`);
    expect(LayoutModel.state).toMatchObject({ width: "50%", height: null });
    expect(LinkModel.state).toMatchObject({
      source: [`IPY_MODEL_${PlayModel.id}`, "value"],
      target: [`IPY_MODEL_${IntSliderModel.id}`, "value"],
    });
  });

  test("of output capture what is printed and shown in them, and nothing else", async () => {
    const { OutputModel } = await models(`
      import { Output } from "unrolled/widgets";
      import { html } from "unrolled/display";
      const area = new Output();
      undefined`);
    const { outputs } = await kernel.client.execute(
      'console.log("before"); area.capture(() => { console.log("a"); console.log("b"); html("<b>c</b>"); }); console.log("after")',
    );
    expect(outputs.map((output) => output.output_type === "stream" && output.text).join("")).toBe(
      "before\nafter\n",
    );
    await eventually(() => {
      expect(sent(OutputModel.id).at(-1)?.state.outputs).toEqual([
        { output_type: "stream", name: "stdout", text: "a\nb\n" },
        { output_type: "display_data", data: { "text/html": "<b>c</b>", "text/plain": "c" }, metadata: {} },
      ]);
    });
    await kernel.evaluate("area.clear(true); await area.show(7); undefined");
    await eventually(() => {
      expect(sent(OutputModel.id).at(-1)?.state.outputs).toEqual([
        { output_type: "display_data", data: { "text/plain": "7" }, metadata: {} },
      ]);
    });
  });
});

test("an output area that a loop prints into keeps all of it, in few messages", async () => {
  const { OutputModel } = await models(
    'import { Output } from "unrolled/widgets"; const log = new Output(); undefined',
  );
  await kernel.evaluate("log.capture(() => { for (let k = 0; k < 5000; k++) console.log(k); }); undefined");
  await heard(kernel, listener);
  const messages = sent(OutputModel.id);
  const [{ text }] = messages.at(-1)!.state.outputs as { text: string }[];
  expect(text).toBe(Array.from({ length: 5000 }, (_, k) => `${k}\n`).join(""));
  expect(messages.length).toBeLessThan(1000);
});

test("a page that is loaded again gets the states of all widgets, and of one", async () => {
  const { LabelModel } = await models(
    'import { Label } from "unrolled/widgets"; const label = new Label({ value: "still here" }); undefined',
  );
  await kernel.client.post("comm_open", {
    comm_id: "control",
    target_name: "jupyter.widget.control",
    data: {},
  });
  await send("control", { method: "request_states" });
  const { states } = sent("control").at(-1) as unknown as { states: Record<string, { state: State }> };
  expect(states[LabelModel.id]).toMatchObject({
    model_name: "LabelModel",
    model_module: "@jupyter-widgets/controls",
    model_module_version: "2.0.0",
    state: { value: "still here" },
  });
  const check = new Ajv({ strict: false }).compile(schema("v2/state.schema.json"));
  expect(check({ version_major: 2, version_minor: 0, state: states }), JSON.stringify(check.errors)).toBe(
    true,
  );

  await send(LabelModel.id, { method: "request_state" });
  expect(sent(LabelModel.id).at(-1)).toMatchObject({ method: "update", state: { value: "still here" } });

  await kernel.evaluate("label.close()");
  await send("control", { method: "request_states" });
  expect(Object.keys((sent("control").at(-1) as unknown as { states: object }).states)).not.toContain(
    LabelModel.id,
  );
});

/** What replaced a display so far. */
async function updates(): Promise<Message[]> {
  await heard(kernel, listener);
  return listener.received.filter(({ header }) => header.msg_type === "update_display_data");
}

describe("interact", () => {
  test("makes a control of each value and shows the new result at each change", async () => {
    const before = opened().length;
    const { outputs, error } = await kernel.client.execute(`
      import { interact } from "unrolled/widgets";
      const shown = interact(
        { gain: [0.1, 3], steps: [0, 10], n: 5, kind: ["tanh", "relu"], log: false, title: "flow" },
        ({ gain, steps, n, kind, log, title }) => {
          const typed: [number, number, number, "tanh" | "relu", boolean, string] = [gain, steps, n, kind, log, title];
          return typed.join(" ");
        });
      shown`);
    expect(error).toBeUndefined();
    await heard(kernel, listener);
    const made = opened().slice(before).map(stateOf);
    const control = (name: string) => made.find(({ description }) => description === name)!;
    expect(control("gain")).toMatchObject({ _model_name: "FloatSliderModel", min: 0.1, max: 3 });
    expect(control("steps")).toMatchObject({
      _model_name: "IntSliderModel",
      min: 0,
      max: 10,
      value: 5,
      step: 1,
    });
    expect(control("n")).toMatchObject({ _model_name: "IntSliderModel", min: -5, max: 15, value: 5 });
    expect(control("kind")).toMatchObject({
      _model_name: "DropdownModel",
      _options_labels: ["tanh", "relu"],
    });
    expect(control("log")).toMatchObject({ _model_name: "CheckboxModel", value: false });
    expect(control("title")).toMatchObject({ _model_name: "TextModel", value: "flow" });
    // The controls, which it returns, are not shown a second time.
    expect(outputs).toHaveLength(2);
    const [view, first] = outputs;
    expect(view.output_type === "display_data" && view.data["text/plain"]).toContain(
      "Dropdown(description='kind', value='tanh')",
    );
    expect(view.output_type === "display_data" && Object.keys(view.data)).toContain(VIEW);
    // An ordinary output, for where widgets do not exist.
    expect(first.output_type === "display_data" && first.data["text/plain"]).toMatch(
      /^'1\.\d{1,3} 5 5 tanh false flow'$/,
    );

    const kind = opened()
      .slice(before)
      .find((message) => stateOf(message).description === "kind")!;
    await update(idOf(kind), { index: 1 });
    const updated = await updates();
    const id = (first as { transient?: { display_id: string } }).transient?.display_id;
    expect(updated.map(({ content }) => (content.data as State)["text/plain"])).toEqual([
      expect.stringMatching(/relu false flow'$/),
    ]);
    if (id) expect(updated[0].content.transient).toEqual({ display_id: id });
  });

  test("skips changes that were overtaken while it worked, but never the last", async () => {
    const { IntSliderModel } = await models(`
      import { interact } from "unrolled/widgets";
      const calls: number[] = [];
      interact({ k: [0, 100] }, async ({ k }) => {
        calls.push(k);
        await new Promise((resolve) => setTimeout(resolve, 200));
        return k;
      });
      undefined`);
    await Promise.all([1, 2, 3, 4, 90].map((value) => update(IntSliderModel.id, { value })));
    const calls = JSON.parse((await kernel.evaluate("JSON.stringify(calls)"))!.slice(1, -1)) as number[];
    expect(calls[0]).toBe(50);
    expect(calls.at(-1)).toBe(90);
    expect(calls.length).toBeLessThan(6);
  });

  test("keeps what it showed when the function fails, and continues to work", async () => {
    const { IntSliderModel } = await models(`
      import { interact } from "unrolled/widgets";
      interact({ k: [0, 10] }, ({ k }) => { if (k === 3) throw new Error("not three"); return k; });
      undefined`);
    await update(IntSliderModel.id, { value: 3 });
    await eventually(() => {
      expect(listener.received.some(({ content }) => content.evalue === "not three")).toBe(true);
    });
    await update(IntSliderModel.id, { value: 4 });
    expect((await updates()).slice(-1).map(({ content }) => (content.data as State)["text/plain"])).toEqual([
      "4",
    ]);
  });

  test("reports each error once, and shows the last value", async () => {
    const { IntSliderModel } = await models(`
      import { interact } from "unrolled/widgets";
      interact({ k: [0, 10] }, async ({ k }) => {
        await new Promise((resolve) => setTimeout(resolve, 200));
        if (k === 5 || k === 3) throw new Error(\`not \${k}\`);
        return \`shows \${k}\`;
      });
      undefined`);
    const failing = update(IntSliderModel.id, { value: 3 });
    const waiting = [6, 7, 8].map(async (value) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      await update(IntSliderModel.id, { value });
    });
    await Promise.all([failing, ...waiting]);
    expect((await updates()).map(({ content }) => content.data)).not.toContainEqual({
      "text/plain": "'shows 3'",
    });
    const displays = listener.received.filter(({ header }) => header.msg_type.includes("display"));
    expect((displays.at(-1)!.content.data as State)["text/plain"]).toBe("'shows 8'");
    const errors = listener.received.flatMap(({ content: { evalue } }) =>
      /^not \d/.test(String(evalue)) ? [evalue] : [],
    );
    expect(errors).toEqual(["not 5", "not 3"]);
  });

  test.each([
    ["{ a: [3, 1] }", "interact: a is [3, 1], but must be [min, max] with min < max"],
    ["{ a: [1, 3, 0] }", "interact: the step of a is 0, but must be positive"],
    ["{ a: null as never }", "interact: a is null, but must be a number, [min, max]"],
  ])("%s says what is wrong", async (controls, message) => {
    const { error } = await kernel.client.execute(
      `import { interact } from "unrolled/widgets"; interact(${controls}, () => 1)`,
    );
    expect(error?.evalue).toContain(message);
  });
});
