// A Vega-Lite or Vega specification as a MIME bundle: the specification itself for front-ends that draw it, a
// PNG for those that do not (GitHub, PDF, VS Code without a renderer), and its description for those who hear
// it.

import type { MimeBundle } from "../threads.js";
import type { ChartDialect, Drawing } from "./draw_chart.js";
import { DataNotLoaded, drawChart } from "./draw_chart.js";
import { PainterMissing } from "./paint_png.js";
import { method, property } from "./safe_access.js";

export const VEGA_LITE_MIME = "application/vnd.vegalite.v5+json";
const VEGA_MIME = "application/vnd.vega.v5+json";

/** A Vega-Lite or Vega specification: an object that names its language and version in `$schema`. */
export interface ChartSpec {
  $schema: string;
  description?: unknown;
  title?: unknown;
}

const SCHEMA = /^https?:\/\/vega\.github\.io\/schema\/(vega|vega-lite)\/v(\d+)(?:\.[\d.]*)?\.json$/;

/** The version that front-ends show. */
const VERSION = "5";

export function isChart(value: unknown): value is ChartSpec {
  const schema = property(value, "$schema");
  return typeof schema === "string" && SCHEMA.test(schema);
}

/**
 * The specification that a value is or, as vega-lite-api's charts do, makes; undefined for what is not a
 * chart.
 */
export function chartOf(value: unknown): ChartSpec | undefined {
  const spec = isChart(value) ? value : method(value, "toSpec")?.();
  return isChart(spec) ? spec : undefined;
}

/** What a title says: Vega-Lite takes a string, its lines, or an object with the `text`. */
function titleText(title: unknown): string {
  if (typeof title === "string") return title;
  if (Array.isArray(title)) return title.join(" ");
  return typeof title === "object" && title !== null && "text" in title ? titleText(title.text) : "";
}

const describe = ({ description, title }: ChartSpec): string =>
  typeof description === "string" && description !== "" ? description : titleText(title);

// Where the painter is missing it is missing for all charts.
let isPainterMissed = false;

/**
 * The bundle of a chart (plain JSON): specification, PNG with its size in CSS px, and `text/plain`, which is
 * the description or else the title. A chart of another version is drawn as one of version 5. A promise only
 * if data come from a URL; if they cannot be loaded here, the bundle says so and has no PNG, since a browser
 * may still reach them.
 *
 * @param words say what is to be seen, where the chart does not
 * @param notes gets what Vega has to say of a chart that it draws
 * @throws {Error} with the words of Vega-Lite or Vega when the specification is invalid
 */
export function renderChart(
  chart: ChartSpec,
  notes: string[],
  words?: string,
): MimeBundle | Promise<MimeBundle> {
  const [, schema, version] = SCHEMA.exec(chart.$schema)!;
  const dialect = schema as ChartDialect;
  const name = dialect === "vega" ? "Vega" : "Vega-Lite";
  let spec = chart;
  if (version !== VERSION) {
    spec = { ...chart, $schema: `https://vega.github.io/schema/${dialect}/v${VERSION}.json` };
    notes.push(`$schema names ${name} ${version}: drawn as version ${VERSION}, which JupyterLab shows`);
  }
  const mime = dialect === "vega" ? VEGA_MIME : VEGA_LITE_MIME;
  const text = words ?? (describe(spec) || `${name} chart`);

  const withPng = ({ png, width, height }: Drawing): MimeBundle => ({
    data: { [mime]: spec, "image/png": png.toString("base64"), "text/plain": text },
    // nbconvert reads the alternative text here.
    metadata: { "image/png": { width, height, alt: text } },
  });
  const withoutPng = (error: unknown): MimeBundle => {
    if (error instanceof PainterMissing) {
      if (!isPainterMissed) notes.push(error.message);
      isPainterMissed = true;
      return { data: { [mime]: spec, "text/plain": text }, metadata: {} };
    }
    if (!(error instanceof DataNotLoaded)) throw error;
    return { data: { [mime]: spec, "text/plain": `${text} (no image: ${error.message})` }, metadata: {} };
  };
  try {
    const drawing = drawChart(dialect, spec, notes);
    return drawing instanceof Promise ? drawing.then(withPng).catch(withoutPng) : withPng(drawing);
  } catch (error) {
    return withoutPng(error);
  }
}
