// Vega and Vega-Lite, loaded at the first chart: they take a fifth of a second, which a kernel that shows
// none should not spend.

import { createRequire } from "node:module";
import type * as vegaModule from "vega";
import type * as vegaLiteModule from "vega-lite";
import { textWidth } from "./text_width.js";

interface SvgWriter {
  initialize(element: null, width: number, height: number, origin: [number, number]): this;
  background(color: unknown): this;
  render(scene: unknown): this;
  svg(): string;
}

/** Vega, with the parts that its type declarations leave out. */
export type Vega = typeof vegaModule & {
  random: () => number;
  randomLCG(seed: number): () => number;
  setRandom(random: () => number): void;
  textMetrics: { width: typeof textWidth };
  SVGStringRenderer: new (loader: vegaModule.Loader) => SvgWriter;
};

const require = createRequire(import.meta.url);

let libraries: { vega: Vega; vegaLite: typeof vegaLiteModule } | undefined;

export function vegaLibraries() {
  if (!libraries) {
    libraries = withoutDocument(() => ({
      vega: require("vega") as Vega,
      vegaLite: require("vega-lite") as typeof vegaLiteModule,
    }));
    libraries.vega.textMetrics.width = textWidth;
  }
  return libraries;
}

let hidden: PropertyDescriptor | undefined;

/** Vega would try the canvas of a document that a cell made global; jsdom's says that it has none. */
function withoutDocument<T>(load: () => T): T {
  const own = Object.getOwnPropertyDescriptor(globalThis, "document");
  if (!own?.configurable) return load();
  hidden = own;
  Reflect.deleteProperty(globalThis, "document");
  try {
    return load();
  } finally {
    restoreDocument();
  }
}

/** Must be called where a stop has broken off what is here: that runs no `finally`. */
export function restoreDocument(): void {
  if (hidden) Object.defineProperty(globalThis, "document", hidden);
  hidden = undefined;
}
