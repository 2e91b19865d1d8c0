// Draws a chart as a front-end would, and keeps what Vega-Lite and Vega had to say about it.

import { View, parse } from "vega";
import { compile } from "vega-lite";
import type { TopLevelSpec } from "vega-lite";

export interface Drawn {
  svg: string;
  complaints: string[];
  /** To move sliders and read what is drawn then. */
  view: View;
}

export async function drawChart(chart: object): Promise<Drawn> {
  const complaints: string[] = [];
  const complain = (...parts: readonly unknown[]) => {
    const message = parts.map(String).join(" ");
    // Without a browser there is no window to drag over.
    if (!message.includes("event source: window")) complaints.push(message);
    return logger;
  };
  const quiet = () => logger;
  const logger = { level: () => 0, error: complain, warn: complain, info: quiet, debug: quiet } as never;
  const { spec } = compile(JSON.parse(JSON.stringify(chart)) as TopLevelSpec, { logger });
  const view = new View(parse(spec), { renderer: "none", logger });
  return { svg: await view.toSVG(), complaints, view };
}
