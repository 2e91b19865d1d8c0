// Paints the kernel's logo, kernel/assets/logo-svg.svg, in the two sizes that Jupyter's launcher asks for.

import { readFileSync, writeFileSync } from "node:fs";
import { Resvg } from "@resvg/resvg-js";

const asset = (name) => new URL(`../kernel/assets/${name}`, import.meta.url);

const svg = readFileSync(asset("logo-svg.svg"), "utf8");
for (const size of [32, 64]) {
  const image = new Resvg(svg, { fitTo: { mode: "width", value: size } }).render();
  writeFileSync(asset(`logo-${size}x${size}.png`), image.asPng());
}
