// The widgets by name, each the class of its published model; where Python's ipywidgets adds something to the
// model (a selection's options, a button's click), so does this.

import { inspect } from "node:util";
import type { States, WidgetOf } from "./models.generated.js";
import type { AnyWidget, Change, Options } from "./widget.js";
import { Widget, toSnakeCase, widgetClass } from "./widget.js";

export const Accordion = widgetClass("Accordion");
export const BoundedFloatText = widgetClass("BoundedFloatText");
export const BoundedIntText = widgetClass("BoundedIntText");
export const Box = widgetClass("Box");
export const Checkbox = widgetClass("Checkbox");
export const ColorPicker = widgetClass("ColorPicker");
export const Combobox = widgetClass("Combobox");
export const FloatLogSlider = widgetClass("FloatLogSlider");
export const FloatProgress = widgetClass("FloatProgress");
export const FloatRangeSlider = widgetClass("FloatRangeSlider");
export const FloatSlider = widgetClass("FloatSlider");
export const FloatText = widgetClass("FloatText");
export const GridBox = widgetClass("GridBox");
export const HBox = widgetClass("HBox");
export const HTML = widgetClass("HTML");
export const HTMLMath = widgetClass("HTMLMath");
export const IntProgress = widgetClass("IntProgress");
export const IntRangeSlider = widgetClass("IntRangeSlider");
export const IntSlider = widgetClass("IntSlider");
export const IntText = widgetClass("IntText");
export const Label = widgetClass("Label");
export const Layout = widgetClass("Layout");
export const Password = widgetClass("Password");
export const Play = widgetClass("Play");
export const Stack = widgetClass("Stack");
export const Tab = widgetClass("Tab");
export const Text = widgetClass("Text");
export const Textarea = widgetClass("Textarea");
export const ToggleButton = widgetClass("ToggleButton");
export const VBox = widgetClass("VBox");
export const Valid = widgetClass("Valid");

/** A button; `onClick` is called for each click. */
export class Button extends widgetClass("Button") {
  onClick(handler: (button: this) => unknown): this {
    this.onCustom(({ event }) => (event === "click" ? handler(this) : undefined));
    return this;
  }
}

/** Values to choose from: as they are, or with a label each. */
export type Choices<Value> = readonly (Value | readonly [label: string, value: Value])[];

type SelectionName = "Dropdown" | "RadioButtons" | "Select" | "SelectionSlider" | "ToggleButtons";
type SelectionOptions<Name extends SelectionName, Value> = Omit<
  Options<States[Name]>,
  "index" | "_optionsLabels"
> & {
  options: Choices<Value>;
  /** The first of the options if not given. */
  value?: NoInfer<Value>;
};

const isLabelled = (choice: unknown): choice is readonly [string, unknown] =>
  Array.isArray(choice) && choice.length === 2 && typeof choice[0] === "string";

/** One of several values. The model knows the labels and an index; the value itself stays in the kernel. */
class Selection<Name extends SelectionName, Value> extends Widget<{ index: number | null; value: Value }> {
  readonly options: readonly Value[];
  readonly #model: Name;

  /** @throws {TypeError} when there is no option, or `value` is not one of them */
  constructor(model: Name, { options: choices, value, ...attributes }: SelectionOptions<Name, Value>) {
    if (!Array.isArray(choices) || choices.length === 0) {
      throw new TypeError(
        `${model}: options is ${inspect(choices)}, but must be an array of one choice or more`,
      );
    }
    const options = choices.map((choice: unknown) => (isLabelled(choice) ? choice[1] : choice) as Value);
    const labels = choices.map((choice: unknown) => (isLabelled(choice) ? choice[0] : String(choice)));
    const index = value === undefined ? 0 : indexOf(model, options, value as Value);
    super(model, { ...attributes, _optionsLabels: labels, index });
    this.#model = model;
    this.options = options;
  }

  get value(): Value {
    return this.options[this.get("index") as number];
  }

  set value(value: Value) {
    this.set({ index: indexOf(this.#model, this.options, value) });
  }

  /** @internal */
  override observed(change: Change<unknown>): Change<unknown>[] {
    if (change.name !== "index") return [change];
    const [old, value] = [change.old, change.value].map((index) => this.options[index as number]);
    return [change, { name: "value", old, value }];
  }
}

function indexOf<Value>(model: string, options: readonly Value[], value: Value): number {
  const index = options.indexOf(value);
  if (index >= 0) return index;
  throw new TypeError(
    `${model}: value is ${inspect(value)}, but must be one of the options: ${inspect(options)}`,
  );
}

export class Dropdown<Value> extends Selection<"Dropdown", Value> {
  constructor(options: SelectionOptions<"Dropdown", Value>) {
    super("Dropdown", options);
  }
}

export class RadioButtons<Value> extends Selection<"RadioButtons", Value> {
  constructor(options: SelectionOptions<"RadioButtons", Value>) {
    super("RadioButtons", options);
  }
}

export class Select<Value> extends Selection<"Select", Value> {
  constructor(options: SelectionOptions<"Select", Value>) {
    super("Select", options);
  }
}

export class SelectionSlider<Value> extends Selection<"SelectionSlider", Value> {
  constructor(options: SelectionOptions<"SelectionSlider", Value>) {
    super("SelectionSlider", options);
  }
}

export class ToggleButtons<Value> extends Selection<"ToggleButtons", Value> {
  constructor(options: SelectionOptions<"ToggleButtons", Value>) {
    super("ToggleButtons", options);
  }
}

type End = readonly [widget: AnyWidget, attribute: string];

const linkEnd = ([widget, attribute]: End) => [widget, toSnakeCase(attribute)];

/**
 * Keeps two attributes equal in the browser, without asking the kernel: `jslink([play, "value"], [slider,
 * "value"])`.
 */
export function jslink(source: End, target: End): WidgetOf<"Link"> {
  return new (widgetClass("Link"))({ source: linkEnd(source), target: linkEnd(target) });
}
