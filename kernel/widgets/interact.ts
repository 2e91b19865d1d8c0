// `interact`: a function of a few values, with a control for each of them; what it returns is shown below,
// and again after each change.

import { inspect } from "node:util";
import { setImmediate } from "node:timers/promises";
import { cell, keepOpen, reportLate } from "../main/frontend.js";
import type { DisplayHandle } from "../display/display.js";
import { display } from "../display/display.js";
import { displayMethod } from "../rendering/display_method.js";
import type { Choices } from "./controls.js";
import { Checkbox, Dropdown, FloatSlider, IntSlider, Text, VBox } from "./controls.js";
import type { AnyWidget } from "./widget.js";
import { isWidget } from "./widget.js";

/** A control, or an abbreviation of one. */
export type Abbreviation =
  | number
  | boolean
  | string
  | readonly [min: number, max: number]
  | readonly [min: number, max: number, step: number]
  | Choices<unknown>
  | AnyWidget;

/** The value of a control: its widget's, or the one that its abbreviation stands for. */
export type ValueOf<Control> = Control extends { value: infer Value }
  ? Value
  : Control extends number | readonly [number, number] | readonly [number, number, number]
    ? number
    : Control extends boolean
      ? boolean
      : Control extends string
        ? string
        : Control extends readonly (infer Choice)[]
          ? Choice extends readonly [string, infer Value]
            ? Value
            : Choice
          : never;

/** What `interact` hands the function. */
export type ValuesOf<Controls> = { -readonly [Name in keyof Controls]: ValueOf<Controls[Name]> };

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((element) => typeof element === "number");

/** At half, so that both ends of a slider can be seen from the start; for an integer slider rounded down. */
function slider(description: string, min: number, max: number, step?: number, value?: number): AnyWidget {
  const isIntegral = [min, max, step ?? 1, value ?? min].every(Number.isInteger);
  const [by, Slider] = isIntegral ? [step ?? 1, IntSlider] : [step ?? (max - min) / 100, FloatSlider];
  // Without the last binary digits of the sum, as in 2.5500000000000003.
  const middle = Number((min + Math.floor((max - min) / 2 / by) * by).toPrecision(12));
  return new Slider({ description, min, max, step: by, value: value ?? middle });
}

function control(name: string, short: unknown): AnyWidget {
  if (isWidget(short)) return short;
  if (typeof short === "boolean") return new Checkbox({ description: name, value: short });
  if (typeof short === "string") return new Text({ description: name, value: short });
  if (typeof short === "number") {
    const [min, max] = short === 0 ? [0, 1] : short > 0 ? [-short, 3 * short] : [3 * short, -short];
    return slider(name, min, max, undefined, short);
  }
  if (isNumbers(short) && (short.length === 2 || short.length === 3)) {
    const [min, max, step] = short;
    if (!(min < max)) {
      throw new RangeError(
        `interact: ${name} is [${short.join(", ")}], but must be [min, max] with min < max`,
      );
    }
    if (step !== undefined && !(step > 0)) {
      throw new RangeError(`interact: the step of ${name} is ${step}, but must be positive`);
    }
    return slider(name, min, max, step);
  }
  if (Array.isArray(short) && short.length > 0)
    return new Dropdown<unknown>({ description: name, options: short });
  throw new TypeError(
    `interact: ${name} is ${inspect(short, { depth: 0 })}, but must be a number, [min, max], [min, max, step], true or false, a string, an array of choices or a widget`,
  );
}

/**
 * Shows a control for each value and, below, what `body` returns for them; each change calls it again.
 *
 * `[min, max]` and `[min, max, step]` become sliders (of integers where all are), a number a slider around
 * it, an array of choices or of `[label, value]` a drop-down, a boolean a checkbox, a string a text field; a
 * widget is taken as it is. The first result is an ordinary output of the cell, which front-ends without
 * widgets show too. While `body` works, further changes wait, and only the last of them counts. An error
 * appears under the cell; what was shown stays.
 *
 * @throws {TypeError} for what does not stand for a control
 * @throws {RangeError} for bounds in the wrong order, or a step that is not positive
 * @returns the controls, by name
 */
export function interact<const Controls extends Record<string, Abbreviation>>(
  controls: Controls,
  body: (values: ValuesOf<Controls>) => unknown,
): { [Name in keyof Controls]: AnyWidget } {
  const widgets = Object.fromEntries(
    Object.entries(controls).map(([name, short]) => [name, control(name, short)]),
  );
  const values = () =>
    Object.fromEntries(
      Object.entries(widgets).map(([name, widget]) => [name, (widget as { value?: unknown }).value]),
    ) as ValuesOf<Controls>;

  display(new VBox({ children: Object.values(widgets) }));
  let area: DisplayHandle | undefined;
  const show = (result: unknown) => {
    if (area) area.update(shown(result));
    else area = display(shown(result));
  };

  const attempt = async (result: () => unknown) => {
    try {
      show(await result());
    } catch (thrown) {
      reportLate(thrown);
    }
  };
  const again = () => body(values());

  // While a picture is being made; what changes during that time is in the next one.
  let current: Promise<void> | undefined;
  let stale = false;
  const refresh = async () => {
    while (stale) {
      // Changes that are waiting already are in the same picture.
      await setImmediate();
      stale = false;
      await attempt(again);
    }
    current = undefined;
  };
  for (const widget of Object.values(widgets)) {
    widget.observe("value", () => {
      stale = true;
      return (current ??= refresh());
    });
  }

  const first = again();
  if (first instanceof Promise) {
    current = attempt(() => first).then(refresh);
    keepOpen(cell(), current);
  } else {
    show(first);
  }
  // As a cell's result they show nothing: they are shown already.
  Object.defineProperty(widgets, displayMethod, { value: () => ({}) });
  return widgets as { [Name in keyof Controls]: AnyWidget };
}

/** Shows an empty output even for `undefined`, so that there is one to update later. */
const shown = (result: unknown) => result ?? { [displayMethod]: () => ({ "text/plain": "" }) };
