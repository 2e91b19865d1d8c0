// What the drawings of cells are made of: boxes, wires with arrowheads, words. Plain SVG text that any page
// shows, with its description for those who hear it. Nothing has an id, so that drawings do not disturb each
// other on a page.

import { roleColour } from "../charts/chart.js";
import { escapeHtml } from "../escape_html.js";
import { jupyterDisplay } from "../table.js";
import type { Displayable } from "../table.js";

export type Point = readonly [x: number, y: number];

export interface TextLook {
  size?: number;
  colour?: string;
  anchor?: "start" | "middle" | "end";
  bold?: boolean;
}

/** Words centred on a point, or beginning or ending there; what follows a _ is an index. */
export function label([x, y]: Point, text: string, look: TextLook = {}): string {
  const { size = 14, colour = "#000000", anchor = "middle", bold = false } = look;
  // Half of a letter's height below the point: `dominant-baseline` is not drawn the same everywhere.
  const baseline = y + 0.35 * size;
  return `<text x="${x}" y="${baseline}" font-size="${size}" text-anchor="${anchor}" fill="${colour}"${bold ? ' font-weight="bold"' : ""}>${withIndex(text, size)}</text>`;
}

function withIndex(text: string, size: number): string {
  const [base, ...index] = text.split("_").map(escapeHtml);
  return base + index.map((words) => `<tspan dy="3" font-size="${0.8 * size}">${words}</tspan>`).join("");
}

export interface BoxLook {
  colour?: string;
  fill?: string;
  /** of the corners */
  radius?: number;
  dash?: string;
}

/** A box with its centre at a point. */
export function box([x, y]: Point, width: number, height: number, look: BoxLook = {}): string {
  const { colour = "#000000", fill = "#FFFFFF", radius = 6, dash } = look;
  return `<rect x="${x - width / 2}" y="${y - height / 2}" width="${width}" height="${height}" rx="${radius}" fill="${fill}" stroke="${colour}" stroke-width="2"${dash ? ` stroke-dasharray="${dash}"` : ""}/>`;
}

/** An operator on a wire, such as ⊙ or +, in a circle. */
export const operator = ([x, y]: Point, sign: "⊙" | "+", colour = "#000000"): string =>
  `<circle cx="${x}" cy="${y}" r="13" fill="#FFFFFF" stroke="${colour}" stroke-width="2"/>` +
  // Drawn and not written, so that the sign sits in the middle in every font.
  (sign === "+"
    ? `<path d="M${x - 6} ${y}h12M${x} ${y - 6}v12" stroke="#000000" stroke-width="2"/>`
    : `<circle cx="${x}" cy="${y}" r="6" fill="none" stroke="#000000" stroke-width="1.5"/><circle cx="${x}" cy="${y}" r="1.8" fill="#000000"/>`);

/** A place where a wire branches. */
export const joint = ([x, y]: Point, colour = "#000000"): string =>
  `<circle cx="${x}" cy="${y}" r="3.5" fill="${colour}"/>`;

export interface WireLook {
  colour?: string;
  width?: number;
  /** without an arrowhead */
  open?: boolean;
}

/** A wire through points, along the axes, with an arrowhead at its end. */
export function wire(points: readonly Point[], look: WireLook = {}): string {
  const { colour = "#000000", width = 2, open = false } = look;
  const [x, y] = points[points.length - 1];
  const [fromX, fromY] = points[points.length - 2];
  const [dx, dy] = [Math.sign(x - fromX), Math.sign(y - fromY)];
  const length = 9;
  const end: Point = open ? [x, y] : [x - dx * (length - 1), y - dy * (length - 1)];
  const path = [...points.slice(0, -1), end].map((point) => point.join(" ")).join("L");
  const line = `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round"/>`;
  if (open) return line;
  const half = 5;
  const [baseX, baseY] = [x - dx * length, y - dy * length];
  return `${line}<path d="M${x} ${y}L${baseX - dy * half} ${baseY - dx * half}L${baseX + dy * half} ${baseY + dx * half}Z" fill="${colour}"/>`;
}

/** The drawings' colours, and what they are on a dark page; those of gates and states are seen on both. */
const inTheDark = {
  "#000000": "#E8E8E8",
  "#FFFFFF": "#111111",
  "#555555": "#B0B0B0",
  "#F2F2F2": "#2B2B2B",
  "#FBF1F6": "#33222C",
  [roleColour.o]: "#56B4E9", // the blue is too dark there
};

/** A picture in a page asks for the page's colour scheme. The class keeps the rules from other pictures. */
const style = `<style>@media (prefers-color-scheme: dark) {${Object.entries(inTheDark)
  .flatMap(([light, dark]) =>
    ["fill", "stroke"].map((name) => `.unrolled-drawing [${name}="${light}"]{${name}:${dark}}`),
  )
  .join("")}}</style>`;

export interface DrawingOptions {
  width: number;
  height: number;
  title: string;
  description: string;
}

/**
 * A drawing as `image/svg+xml`, which GitHub and JupyterLab show without a script, and its description as
 * text.
 */
export function drawing({ width, height, title, description }: DrawingOptions, parts: string[]): Displayable {
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" class="unrolled-drawing" role="img" aria-label="${escapeHtml(description)}" font-family="sans-serif">`,
    `<title>${escapeHtml(title)}</title>`,
    `<desc>${escapeHtml(description)}</desc>`,
    style,
    `<rect width="${width}" height="${height}" fill="#FFFFFF"/>`,
    ...parts,
    "</svg>",
  ].join("\n");
  return { [jupyterDisplay]: () => ({ "image/svg+xml": svg, "text/plain": `${title}. ${description}` }) };
}
