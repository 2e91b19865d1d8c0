// What of an output is shown where no script runs: of each bundle the richest form that stands still.

import { stripVTControlCharacters } from "node:util";
import type { Output } from "../../../kernel/protocol/nbformat.js";

export type Shown =
  | { kind: "html" | "markdown" | "text"; text: string }
  | { kind: "picture"; url: string; alt: string; width: number | undefined };

const PICTURES = ["image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp"];

export function shown(output: Output): Shown | undefined {
  switch (output.output_type) {
    case "stream":
      return { kind: "text", text: stripVTControlCharacters(output.text) };
    case "error":
      return { kind: "text", text: stripVTControlCharacters(output.traceback.join("\n")) };
    default:
      return ofBundle(output);
  }
}

type Bundle = Extract<Output, { data: unknown }>;

function ofBundle({ data, metadata }: Bundle): Shown | undefined {
  const textOf = (type: string) => (typeof data[type] === "string" ? data[type] : undefined);
  // Of a chart the picture is here, and nothing draws the specification.
  const picture = PICTURES.find((type) => textOf(type) !== undefined);
  const plain = textOf("text/plain");
  if (picture !== undefined) {
    const { alt, width } = (metadata[picture] ?? {}) as { alt?: unknown; width?: unknown };
    return {
      kind: "picture",
      url: dataUrl(picture, textOf(picture)!),
      alt: typeof alt === "string" ? alt : (plain ?? ""),
      width: typeof width === "number" ? width : undefined,
    };
  }
  const [html, markdown] = ["text/html", "text/markdown"].map(textOf);
  if (html !== undefined) return { kind: "html", text: html };
  const written = markdown ?? textOf("text/latex");
  if (written !== undefined) return { kind: "markdown", text: written };
  return plain === undefined ? undefined : { kind: "text", text: stripVTControlCharacters(plain) };
}

/** SVG is kept in notebooks as text, all other pictures in base64. */
export function dataUrl(type: string, content: string): string {
  const base64 = type === "image/svg+xml" ? Buffer.from(content).toString("base64") : content;
  return `data:${type};base64,${base64.replaceAll(/[^\w+/=]/g, "")}`;
}
