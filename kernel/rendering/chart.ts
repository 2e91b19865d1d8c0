// A Vega-Lite or Vega specification as a MIME bundle: the specification itself for front-ends that draw it, a PNG for
// those that do not (GitHub, PDF, VS Code without a renderer), and its description for those who hear it.
import type { MimeBundle } from "../threads.js";
import { DataNotLoaded, drawChart, type Drawing, type Language } from "./draw_chart.js";

export const VEGA_LITE_MIME = "application/vnd.vegalite.v5+json";
const VEGA_MIME = "application/vnd.vega.v5+json";

/** A Vega-Lite or Vega specification: an object that names its language and version in `$schema`. */
export interface ChartSpec {
  $schema: string;
  description?: unknown;
  title?: unknown;
}

const SCHEMA = /^https?:\/\/vega\.github\.io\/schema\/(vega|vega-lite)\/v(\d+)[\d.]*\.json$/;

export const isChart = (value: unknown): value is ChartSpec =>
  typeof value === "object" &&
  value !== null &&
  "$schema" in value &&
  typeof value.$schema === "string" &&
  SCHEMA.test(value.$schema);

function languageOf({ $schema }: ChartSpec): Language {
  const [, language, version] = SCHEMA.exec($schema) ?? [];
  const name = language === "vega" ? "Vega" : "Vega-Lite";
  if (version !== "5") {
    throw new Error(
      `$schema names ${name} ${version}, but JupyterLab shows version 5: ` +
        `write $schema: "https://vega.github.io/schema/${language}/v5.json"`,
    );
  }
  return language as Language;
}

/**
 * The specification as the JSON that the front-end will receive, so that the PNG shows the same. Typed arrays become
 * arrays; NaN and ±Infinity become null, which Vega-Lite leaves out; a bigint becomes a number.
 */
function toJson(spec: ChartSpec): ChartSpec {
  const text = JSON.stringify(spec, (_key, value: unknown) => {
    if (typeof value === "bigint") return Number(value);
    return ArrayBuffer.isView(value) && !(value instanceof DataView) ? [...(value as Uint8Array)] : value;
  });
  return JSON.parse(text) as ChartSpec;
}

/** What a title says: Vega-Lite takes a string, its lines, or an object with the `text`. */
function titleText(title: unknown): string {
  if (typeof title === "string") return title;
  if (Array.isArray(title)) return title.join(" ");
  return typeof title === "object" && title !== null && "text" in title ? titleText(title.text) : "";
}

const describe = ({ description, title }: ChartSpec): string =>
  typeof description === "string" && description !== "" ? description : titleText(title);

/**
 * The bundle of a chart: specification, PNG with its size in CSS px, and `text/plain`, which is the description or
 * else the title. A promise only if data come from a URL; if they cannot be loaded here, the bundle says so and has no
 * PNG, since a browser may still reach them.
 *
 * @throws Error with the words of Vega-Lite or Vega if the specification is invalid, or if it is not of version 5
 */
export function renderChart(chart: ChartSpec): MimeBundle | Promise<MimeBundle> {
  const language = languageOf(chart);
  const spec = toJson(chart);
  const mime = language === "vega" ? VEGA_MIME : VEGA_LITE_MIME;
  const text = describe(spec) || (language === "vega" ? "Vega chart" : "Vega-Lite chart");

  const withPng = ({ png, width, height }: Drawing): MimeBundle => ({
    data: { [mime]: spec, "image/png": png.toString("base64"), "text/plain": text },
    metadata: { "image/png": { width, height } },
  });
  const withoutPng = (error: unknown): MimeBundle => {
    if (!(error instanceof DataNotLoaded)) throw error;
    return { data: { [mime]: spec, "text/plain": `${text} (no image: ${error.message})` }, metadata: {} };
  };
  const drawing = drawChart(language, spec);
  return drawing instanceof Promise ? drawing.then(withPng).catch(withoutPng) : withPng(drawing);
}
