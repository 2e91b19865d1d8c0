// One widget: a model that the kernel and every view of it in the browser keep in step over a comm.
// Source: Jupyter widgets messaging protocol 2.1.

import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import type { Comm, CommMessage } from "../main/comms.js";
import { openComm, registerTarget } from "../main/comms.js";
import { cell, reportLate, runInHandler } from "../main/frontend.js";
import { isObject, isPlainObject } from "../objects.js";
import { displayMethod } from "../rendering/display_method.js";
import type { ModelName, States, WidgetOf } from "./models.generated.js";
import { models } from "./models.generated.js";
import { checkAttribute, checkRange, withinRange } from "./validation.js";

const WIDGET_VIEW_MIME = "application/vnd.jupyter.widget-view+json";
const PROTOCOL_VERSION = "2.1.0";
const REFERENCE = "IPY_MODEL_";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a widget of whatever model
export type AnyWidget = Widget<any>;

export interface Change<Value> {
  /** The attribute's name. */
  name: string;
  old: Value;
  value: Value;
}

type Observer = (change: Change<never>) => unknown;

/** All open widgets, for a page that was loaded again and asks for them. */
const open = new Map<string, AnyWidget>();

export const toSnakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
export const toCamelCase = (name: string) =>
  name.replace(/(?<=.)_(\w)/g, (_, letter: string) => letter.toUpperCase());

/**
 * A widget of Jupyter's. Its attributes are properties (`slider.value`), read and set at any time; the names
 * are those of ipywidgets in camelCase.
 */
export class Widget<State extends object> {
  /** The id under which front-ends know the model. */
  readonly modelId = randomUUID();
  readonly #model: ModelName;
  readonly #state: Record<string, unknown> = {};
  readonly #observers = new Map<string, Observer[]>();
  readonly #messageHandlers: ((content: Record<string, unknown>) => unknown)[] = [];
  readonly #cell = cell();
  readonly #comm: Comm;

  /**
   * @throws {TypeError} for an attribute that the model does not have, or a value that is not one of its
   * @throws {RangeError} for a value out of the widget's own bounds
   */
  constructor(model: ModelName, options: Options<State> = {}) {
    this.#model = model;
    const given: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(options)) {
      if (value !== undefined) given[toSnakeCase(name)] = value;
    }
    // A layout may be given by its attributes; whatever is wrong is found before anything is opened.
    const references: [name: string, model: ModelName][] = [];
    for (const [name, attribute] of Object.entries(models[model])) {
      this.#state[name] = name in given ? given[name] : structuredClone(attribute.default);
      if (attribute.type === "reference" && (!(name in given) || isPlainObject(given[name]))) {
        references.push([name, attribute.widget as ModelName]);
        delete given[name];
      }
    }
    for (const [name, value] of Object.entries(given)) checkAttribute(model, name, value);
    if ("value" in this.#state && !("value" in given)) this.#state.value = withinRange(this.#state);
    checkRange(model, this.#state);
    for (const [name, referred] of references) {
      this.#state[name] = new (widgetClass(referred))(this.#state[name] as object | undefined);
    }
    this.#comm = openComm("jupyter.widget", {
      id: this.modelId,
      data: { state: this.#wireState(), buffer_paths: [] },
      metadata: { version: PROTOCOL_VERSION },
    });
    this.#comm.onMessage((message) => this.#receive(message));
    open.set(this.modelId, this as AnyWidget);
  }

  /**
   * Calls `handler` whenever the attribute's value has changed, by code or in the browser.
   * @throws {TypeError} when the model has no such attribute
   */
  observe<Name extends keyof State & string>(
    name: Name,
    handler: (change: Change<State[Name]>) => unknown,
  ): this {
    if (!(toSnakeCase(name) in models[this.#model]) && !(name === "value" && name in this)) {
      throw new TypeError(`${this.#model}.observe: it has no attribute "${name}"`);
    }
    const observers = this.#observers.get(name) ?? [];
    observers.push(handler);
    this.#observers.set(name, observers);
    return this;
  }

  /** Ends an observation. */
  unobserve(name: keyof State & string, handler: (change: Change<never>) => unknown): this {
    const observers = this.#observers.get(name) ?? [];
    const index = observers.indexOf(handler);
    if (index >= 0) observers.splice(index, 1);
    return this;
  }

  /** Takes the widget out of all front-ends. */
  close(): void {
    open.delete(this.modelId);
    this.#comm.close();
  }

  /** @internal */
  get(attribute: string): unknown {
    return this.#state[attribute];
  }

  /** @internal */
  set(values: Record<string, unknown>): void {
    this.#check(values);
    const changes = this.#assign(values);
    if (changes.length === 0) return;
    this.#send("update", Object.fromEntries(changes.map(({ name, value }) => [name, toWire(value)])));
    for (const change of changes) void this.#notify(change);
  }

  /** @internal Calls `handler` with each message that is not about the state, as a button's click. */
  onCustom(handler: (content: Record<string, unknown>) => unknown): void {
    this.#messageHandlers.push(handler);
  }

  /** @internal */
  describe(): Record<string, unknown> {
    const { _model_name, _model_module, _model_module_version } = this.#state;
    return {
      model_name: _model_name,
      model_module: _model_module,
      model_module_version: _model_module_version,
      state: this.#wireState(),
    };
  }

  [displayMethod](): Record<string, unknown> {
    return {
      [WIDGET_VIEW_MIME]: { version_major: 2, version_minor: 0, model_id: this.modelId },
      "text/plain": this.toString(),
    };
  }

  /** Such as `FloatSlider(value=0.5)`. */
  toString(): string {
    const { value, children } = this as { value?: unknown; children?: unknown };
    const told = { description: this.#state.description, value, children };
    const values = Object.entries(told).flatMap(([name, shown]) =>
      shown === undefined || shown === "" ? [] : [`${name}=${inspect(shown)}`],
    );
    return `${this.#model}(${values.join(", ")})`;
  }

  [inspect.custom](): string {
    return this.toString();
  }

  #wireState(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this.#state).map(([name, value]) => [name, toWire(value)]));
  }

  #send(method: string, state: Record<string, unknown>): void {
    if (!this.#comm.closed) this.#comm.send({ method, state, buffer_paths: [] });
  }

  #check(values: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(values)) checkAttribute(this.#model, name, value);
    checkRange(this.#model, { ...this.#state, ...values });
  }

  #assign(values: Record<string, unknown>): Change<unknown>[] {
    return Object.entries(values).flatMap(([name, value]) => {
      const old = this.#state[name];
      if (Object.is(old, value)) return [];
      this.#state[name] = value;
      return [{ name, old, value }];
    });
  }

  /** @internal The changes that observers of the widget should see for one change of its model. */
  observed(change: Change<unknown>): Change<unknown>[] {
    return [change];
  }

  async #notify({ name, ...change }: Change<unknown>): Promise<void> {
    for (const observed of this.observed({ name: toCamelCase(name), ...change })) {
      for (const observer of [...(this.#observers.get(observed.name) ?? [])]) {
        await this.#run(() => observer(observed as Change<never>));
      }
    }
  }

  /**
   * Handlers speak for the cell that made the widget: what they print and the errors they throw appear there.
   */
  async #run(handler: () => unknown): Promise<void> {
    await runInHandler(this.#cell, async () => {
      try {
        await handler();
      } catch (thrown) {
        reportLate(thrown);
      }
    });
  }

  async #receive({ data }: CommMessage): Promise<void> {
    if (data.method === "request_state") {
      this.#send("update", this.#wireState());
    } else if (data.method === "update" && isObject(data.state)) {
      const known = Object.entries(data.state).filter(([name]) => name in models[this.#model]);
      const values = Object.fromEntries(known.map(([name, value]) => [name, fromWire(value)]));
      this.#check(values);
      this.#send("echo_update", Object.fromEntries(known));
      for (const change of this.#assign(values)) await this.#notify(change);
    } else if (data.method === "custom" && isObject(data.content)) {
      const { content } = data;
      for (const handler of this.#messageHandlers) await this.#run(() => handler(content));
    }
  }
}

export const isWidget = (value: unknown): value is AnyWidget => value instanceof Widget;

function toWire(value: unknown): unknown {
  if (isWidget(value)) return REFERENCE + value.modelId;
  return Array.isArray(value) ? value.map(toWire) : value;
}

function fromWire(value: unknown): unknown {
  if (typeof value === "string" && value.startsWith(REFERENCE)) {
    return open.get(value.slice(REFERENCE.length)) ?? value;
  }
  return Array.isArray(value) ? value.map(fromWire) : value;
}

// A page that was loaded again asks for all widgets at once.
registerTarget("jupyter.widget.control", (comm) => {
  comm.onMessage(({ data }) => {
    if (data.method !== "request_states") return;
    const states = Object.fromEntries([...open].map(([id, widget]) => [id, widget.describe()]));
    comm.send({ method: "update_states", states, buffer_paths: [] });
  });
});

/** What a constructor takes: attributes, and for a layout or a style the attributes of one. */
export type Options<State> = {
  [Name in keyof State]?: State[Name] extends Widget<infer Inner>
    ? State[Name] | Options<Inner>
    : State[Name];
};

export type WidgetClass<Name extends ModelName> = new (options?: Options<States[Name]>) => WidgetOf<Name>;

const classes = new Map<ModelName, WidgetClass<ModelName>>();

/** The class of a model, its attributes as properties. */
export function widgetClass<Name extends ModelName>(model: Name): WidgetClass<Name> {
  const known = classes.get(model);
  if (known) return known as unknown as WidgetClass<Name>;
  const made = class extends Widget<object> {
    constructor(options: object = {}) {
      super(model, options);
    }
  };
  Object.defineProperty(made, "name", { value: model });
  for (const attribute of Object.keys(models[model])) {
    Object.defineProperty(made.prototype, toCamelCase(attribute), {
      get(this: AnyWidget) {
        return this.get(attribute);
      },
      set(this: AnyWidget, value: unknown) {
        this.set({ [attribute]: value });
      },
    });
  }
  classes.set(model, made as unknown as WidgetClass<ModelName>);
  return made as unknown as WidgetClass<Name>;
}
