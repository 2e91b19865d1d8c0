// Notebooks in other forms, under the addresses of nbconvert, which JupyterLab's Print… and "Save and Export
// Notebook As" ask for. Source: Jupyter Server, `nbconvert/handlers.py`.

import { basename } from "node:path";
import type { Notebook } from "../../kernel/protocol/nbformat.js";
import { parseNotebook } from "../../kernel/protocol/nbformat.js";
import { brief } from "../../kernel/protocol/brief.js";
import type { Exchange, Routes } from "./http.js";
import { ANSWERED, HttpError } from "./http.js";
import { EXPORT_POLICY } from "./policies.js";
import { readBytes } from "./reading.js";
import type { Root } from "./root.js";

interface Exported {
  text: string;
  extension: string;
}

interface Format {
  type: string;
  /** Loads what it needs only then: at the server's start nobody prints. */
  convert: (notebook: Notebook, name: string) => Promise<Exported>;
}

const FORMATS: Record<string, Format> = {
  html: {
    type: "text/html",
    convert: async (notebook, name) => {
      const { notebookToHtml } = await import("./export/html.js");
      return { text: notebookToHtml(notebook, name), extension: ".html" };
    },
  },
  markdown: {
    type: "text/markdown",
    convert: async (notebook, name) => {
      const { notebookToMarkdown } = await import("./export/texts.js");
      return { text: notebookToMarkdown(notebook, name), extension: ".md" };
    },
  },
  script: {
    type: "text/plain",
    convert: async (notebook, name) => {
      const { notebookToScript } = await import("./export/texts.js");
      const { factsOf } = await import("./export/facts.js");
      return { text: notebookToScript(notebook), extension: factsOf(notebook, name).extension };
    },
  },
};

export function exportRoutes(root: Root): Routes {
  return {
    "GET /api/nbconvert": () =>
      Object.fromEntries(
        Object.entries(FORMATS).map(([name, { type }]) => [name, { output_mimetype: type }]),
      ),
    "GET /nbconvert/:format/*": async ({ params, query, response }: Exchange) => {
      const { format, "*": path } = params;
      if (!Object.hasOwn(FORMATS, format)) {
        const known = Object.keys(FORMATS).join(", ");
        throw new HttpError(404, `format is ${brief(format)}, but must be one of ${known}`);
      }
      const { type, convert } = FORMATS[format];
      const file = await root.resolve(path);
      const name = basename(file);
      const { text, extension } = await convert(parse(await readBytes(file), path), name);
      const saved = encodeURIComponent(name.replace(/\.ipynb$/, "") + extension);
      const disposition = query.get("download") === "true" ? "attachment" : "inline";
      response.writeHead(200, {
        "Content-Type": `${type}; charset=utf-8`,
        "Content-Disposition": `${disposition}; filename*=UTF-8''${saved}`,
        "Content-Security-Policy": EXPORT_POLICY,
        "Cache-Control": "no-store",
      });
      response.end(text);
      return ANSWERED;
    },
  };
}

function parse(bytes: Buffer, path: string): Notebook {
  try {
    return parseNotebook(bytes.toString("utf8"), path);
  } catch (error) {
    throw new HttpError(400, (error as Error).message);
  }
}
