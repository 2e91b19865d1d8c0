// Draws a Vega-Lite or Vega specification to a PNG at once, without a browser: Vega computes the scene, its
// SVG writer prints it, and resvg paints it. Vega's own `view.toSVG()` is asynchronous, and a chart shown in
// a long synchronous loop would then appear only after the loop.

import { setImmediate } from "node:timers/promises";
import type { Loader, Runtime, Spec, View } from "vega";
import type { TopLevelSpec } from "vega-lite";
import { badMark } from "./marks.js";
import { PainterMissing, paintPng } from "./paint_png.js";
import { vegaLibraries } from "./vega_libraries.js";
import { messageOf, VegaReport } from "./vega_report.js";

export type ChartDialect = "vega-lite" | "vega";

/** A PNG of a chart, and the size in CSS px at which to show it. */
export interface Drawing {
  png: Buffer;
  width: number;
  height: number;
}

/** Data that the chart takes from a URL could not be loaded. */
export class DataNotLoaded extends Error {
  override name = "DataNotLoaded";
}

type AfterRun = (view: HeadlessView) => void;

/** A view, with the parts that Vega's type declarations leave out. */
type HeadlessView = Omit<View, "runAfter" | "scenegraph"> & {
  runAfter: (callback: AfterRun, enqueue?: boolean, priority?: number) => void;
  scenegraph(): { root: unknown };
  _viewWidth: number;
  _viewHeight: number;
  _origin: [number, number];
};

/** Vega's loader, and what it was asked to load. */
function recordingLoader(loader: Loader) {
  const loads: Promise<void>[] = [];
  const failures: DataNotLoaded[] = [];
  const load: Loader["load"] = (uri, options) => {
    const text = loader.load(uri, options);
    loads.push(
      text.then(
        () => undefined,
        (error: unknown) => {
          failures.push(new DataNotLoaded(`${uri} could not be loaded: ${messageOf(error)}`));
        },
      ),
    );
    return text;
  };
  return { loader: { ...loader, load }, loads, failures };
}

function compile(dialect: ChartDialect, spec: object, report: VegaReport): Runtime {
  const { vega, vegaLite } = vegaLibraries();
  const vegaSpec =
    dialect === "vega" ? (spec as Spec) : vegaLite.compile(spec as TopLevelSpec, { logger: report }).spec;
  return vega.parse(vegaSpec);
}

/**
 * Starts a view whose `settle` does at once what Vega does in microtasks after a run: fit the chart's size.
 */
function startView(runtime: Runtime, loader: Loader, report: VegaReport) {
  const { vega } = vegaLibraries();
  const view = new vega.View(runtime, {
    renderer: "none",
    loader,
    logger: report,
  }) as unknown as HeadlessView;
  const afterRun: { callback: AfterRun; priority: number }[] = [];
  view.runAfter = (callback, _enqueue, priority = 0) => {
    afterRun.push({ callback, priority });
  };
  const settle = () => {
    while (afterRun.length > 0) {
      const callbacks = afterRun.splice(0).sort((a, b) => b.priority - a.priority);
      for (const { callback } of callbacks) callback(view);
    }
  };
  return { view, settle };
}

function draw(view: HeadlessView, loader: Loader): Drawing {
  const { vega } = vegaLibraries();
  const { left, right, top, bottom } = view.padding() as Record<"left" | "right" | "top" | "bottom", number>;
  const width = Math.max(1, Math.ceil(view._viewWidth + left + right));
  const height = Math.max(1, Math.ceil(view._viewHeight + top + bottom));
  const [x, y] = view._origin;
  const svg = new vega.SVGStringRenderer(loader)
    .initialize(null, width, height, [left + x, top + y])
    .background(view.background())
    .render(view.scenegraph().root)
    .svg();
  return { png: paintPng(svg, width, height), width, height };
}

/**
 * Runs `task` with Vega's random numbers (its `sample` transform and `random()`) starting from a fixed seed.
 */
function withFixedRandom<T>(task: () => T): T {
  const { vega } = vegaLibraries();
  const { random } = vega;
  vega.setRandom(vega.randomLCG(0.5));
  try {
    return task();
  } finally {
    vega.setRandom(random);
  }
}

/**
 * Draws a specification (plain JSON) to a PNG. A promise only if the chart loads data from a URL.
 *
 * @param notes gets the warnings of a chart that is drawn anyway
 * @throws {Error} with the words of Vega-Lite or Vega when the specification is invalid
 * @throws {DataNotLoaded} (as a rejection) when data could not be loaded
 * @throws {PainterMissing} where nothing paints
 */
export function drawChart(dialect: ChartDialect, spec: object, notes: string[]): Drawing | Promise<Drawing> {
  const { vega } = vegaLibraries();
  const report = new VegaReport();
  const { loader, loads, failures } = recordingLoader(vega.loader());
  let view: HeadlessView | undefined;

  const fail = (error: unknown): never => {
    view?.finalize();
    if (error instanceof DataNotLoaded || error instanceof PainterMissing) throw error;
    const name = dialect === "vega" ? "Vega" : "Vega-Lite";
    const reason = (dialect === "vega" ? undefined : badMark(spec)) ?? messageOf(error);
    const lines = [`${name} cannot draw this chart: ${reason}`, ...report.warnings];
    throw new Error(lines.join("\n"), { cause: error });
  };
  const finish = (finished: HeadlessView): Drawing => {
    const [error] = report.errors;
    if (error !== undefined) throw new Error(error);
    notes.push(...report.warnings);
    const drawing = draw(finished, loader);
    finished.finalize();
    return drawing;
  };

  try {
    const started = startView(compile(dialect, spec, report), loader, report);
    view = started.view;
    const { settle } = started;
    if (loads.length === 0) {
      withFixedRandom(() => {
        started.view.run();
        settle();
      });
    }
    if (loads.length === 0) return finish(view);
    return finishLoading(started.view).then(finish).catch(fail);
    // Loaded data may name further data, so this continues until nothing new is asked for.
    async function finishLoading(loading: HeadlessView): Promise<HeadlessView> {
      for (let done = 0; done < loads.length;) {
        done = loads.length;
        await Promise.all(loads);
        if (failures.length > 0) throw failures[0];
        await setImmediate();
        await loading.runAsync();
        settle();
      }
      return loading;
    }
  } catch (error) {
    return fail(error);
  }
}
