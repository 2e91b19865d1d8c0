// The contents API over HTTP, and `/files`: a file as it is, for images in Markdown, downloads and HTML
// pages. Source: Jupyter Server documentation, "REST API".

import { basename, dirname } from "node:path";
import { stat } from "node:fs/promises";
import type { Stats } from "node:fs";
import type { SendOptions } from "send";
import send from "send";
import { brief } from "../../kernel/protocol/brief.js";
import type { Contents, GetOptions } from "./contents.js";
import { ANSWERED, asObject, HttpError, NO_CONTENT, Reply, requiredText, textField } from "./http.js";
import type { Exchange, Routes } from "./http.js";
import { FILES_POLICY, PDF_POLICY } from "./policies.js";
import { withFile } from "./reading.js";
import type { Root } from "./root.js";

// A notebook of 50 MB and its escapes fit; beyond half a gigabyte JavaScript has no text.
const LARGEST_SAVE_BYTES = 256 * 2 ** 20;

const TYPES = ["notebook", "file", "directory"];
const FORMATS = ["json", "text", "base64"];

export function contentsRoutes(contents: Contents, root: Root): Routes {
  const location = (path: string) => ({
    Location: `/api/contents/${path.split("/").map(encodeURIComponent).join("/")}`,
  });
  return {
    "GET /api/contents/*/checkpoints": ({ params }) => contents.checkpoints(params["*"]),
    "POST /api/contents/*/checkpoints": async ({ params }) =>
      new Reply(201, await contents.createCheckpoint(params["*"])),
    "POST /api/contents/*/checkpoints/:id": async ({ params }) => {
      await contents.restoreCheckpoint(params["*"], params.id);
      return NO_CONTENT;
    },
    "DELETE /api/contents/*/checkpoints/:id": async ({ params }) => {
      await contents.deleteCheckpoint(params["*"], params.id);
      return NO_CONTENT;
    },

    "POST /api/contents/*/trust": async ({ params }) => {
      await contents.trust(params["*"]);
      return new Reply(201);
    },

    "GET /api/contents/*?": ({ params, query }) => contents.get(params["*"], getOptions(query)),
    "PUT /api/contents/*?": async ({ params, body }) => {
      const given = asObject(await body(LARGEST_SAVE_BYTES));
      const { model, isNew } = await contents.save(params["*"], given);
      return isNew ? new Reply(201, model, location(model.path)) : model;
    },
    "POST /api/contents/*?": async ({ params, body }) => {
      const given = asObject(await body());
      const from = textField(given, "copy_from");
      const directory = params["*"];
      const model = await (from === undefined
        ? contents.create(directory, given)
        : contents.copy(from, directory));
      return new Reply(201, model, location(model.path));
    },
    "PATCH /api/contents/*": async ({ params, body }) => {
      return contents.rename(params["*"], requiredText(asObject(await body()), "path"));
    },
    "DELETE /api/contents/*": async ({ params }) => {
      await contents.delete(params["*"]);
      return NO_CONTENT;
    },

    "GET /files/*": async (exchange) => {
      const file = await root.resolve(exchange.params["*"]);
      if (!(await stat(file)).isFile()) throw new HttpError(404, "not a file");
      return sendFile(exchange, file);
    },
  };
}

function getOptions(query: URLSearchParams): GetOptions {
  const choice = (name: string, choices: string[]) => {
    const value = query.get(name);
    if (value === null || choices.includes(value)) return value ?? undefined;
    throw new HttpError(400, `${name} is ${brief(value)}, but must be one of ${choices.join(", ")}`);
  };
  return {
    type: choice("type", TYPES),
    format: choice("format", FORMATS),
    content: choice("content", ["0", "1"]) !== "0",
    hash: choice("hash", ["0", "1"]) === "1",
  };
}

async function sendFile({ request, response, query }: Exchange, path: string): Promise<typeof ANSWERED> {
  const name = basename(path);
  response.setHeader("Content-Security-Policy", /\.pdf$/i.test(name) ? PDF_POLICY : FILES_POLICY);
  if (query.get("download"))
    response.setHeader("Content-Disposition", `attachment; filename*=UTF-8''${encodeURIComponent(name)}`);
  await withFile(path, async (file) => {
    const opened = await file.stat();
    await new Promise<void>((resolve, reject) => {
      send(request, encodeURIComponent(name), {
        root: dirname(path),
        dotfiles: "deny",
        index: false,
        cacheControl: false,
        // Goes on to fs.createReadStream(), which then opens nothing by the name.
        fd: file,
      } as SendOptions)
        .on("error", reject)
        .on("directory", () => {
          reject(new HttpError(404, "not a file"));
        })
        // Of the file that has the name by now.
        .on("file", (_: string, found: Stats) => Object.assign(found, opened))
        .pipe(response)
        .on("close", () => {
          resolve();
        });
    });
  });
  return ANSWERED;
}
