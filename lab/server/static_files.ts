// The front-end's own files, compressed when it was built, and its one page, which is told here where
// everything is.

import { randomBytes } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import mime from "mime-types";
import send from "send";
import type { JsonObject } from "../../kernel/objects.js";
import type { Exchange, Routes } from "./http.js";
import { ANSWERED, HttpError, Reply } from "./http.js";
import { pagePolicy } from "./policies.js";
import type { Root } from "./root.js";
import { isHidden } from "./root.js";

const ENCODINGS = [
  ["br", ".br"],
  ["gzip", ".gz"],
] as const;

/** Names with a hash of the content in them, which never change. */
const HASHED = /-[A-Za-z0-9]{8}\.\w+$/;
const A_YEAR_SECONDS = 31_536_000;

const NONCE_BYTES = 18;

export interface PageOptions {
  staticDir: string;
  /** What the page is told besides what the server knows itself. */
  pageConfig: JsonObject;
  root: Root;
}

export function staticRoutes({ staticDir, pageConfig, root }: PageOptions): Routes {
  const page = async ({ params, response }: Exchange) => {
    const html = await readFile(join(staticDir, "index.html"), "utf8");
    const treePath = params["*"] ?? "";
    const config = {
      ...serverConfig(root.folder),
      ...pageConfig,
      workspace: params.workspace ?? "default",
      treePath,
      notebookPath: (await isNotebook(root, treePath)) ? treePath : "",
    };
    const values = {
      page_config: JSON.stringify(config).replaceAll("<", "\\u003c"),
      nonce: randomBytes(NONCE_BYTES).toString("base64"),
    };
    response.writeHead(200, {
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
      "Content-Security-Policy": pagePolicy(values.nonce),
    });
    // Both at once: neither value is searched for the other's place.
    response.end(
      html.replace(/\{\{(page_config|nonce)\}\}/g, (_, name: keyof typeof values) => values[name]),
    );
    return ANSWERED;
  };
  return {
    "GET /": () => new Reply(302, undefined, { Location: "/lab" }),
    "GET /lab": page,
    "GET /lab/tree/*?": page,
    "GET /lab/workspaces/:workspace/tree/*?": page,
    "GET /lab/workspaces/:workspace": page,
    "GET /static/*": (exchange) => sendStatic(exchange, staticDir, exchange.params["*"]),
    "GET /lab/api/themes/*": (exchange) =>
      sendStatic(exchange, join(staticDir, "themes"), exchange.params["*"]),
    "GET /favicon.ico": (exchange) => sendStatic(exchange, staticDir, "favicon.svg"),
  };
}

/** There is one, not only an address that looks so. */
const isNotebook = async (root: Root, path: string) =>
  path.endsWith(".ipynb") && (await root.resolve(path).then(isFile, () => false));

/** What JupyterLab must know of this server. */
function serverConfig(root: string): JsonObject {
  return {
    appName: "JupyterLab",
    appVersion: "4.6.4",
    baseUrl: "/",
    wsUrl: "",
    token: "",
    appUrl: "/lab",
    fullStaticUrl: "/static",
    settingsUrl: "/lab/api/settings",
    fullSettingsUrl: "/lab/api/settings",
    workspacesApiUrl: "/lab/api/workspaces",
    fullWorkspacesApiUrl: "/lab/api/workspaces",
    themesUrl: "/lab/api/themes",
    fullThemesUrl: "/lab/api/themes",
    translationsApiUrl: "/lab/api/translations",
    fullTranslationsApiUrl: "/lab/api/translations",
    listingsUrl: "/lab/api/listings",
    fullListingsUrl: "/lab/api/listings",
    fullLabextensionsUrl: "",
    licensesUrl: "/lab/api/licenses",
    fullLicensesUrl: "/lab/api/licenses",
    notebookVersion: "[2, 0, 0]",
    preferredPath: "",
    serverRoot: root,
    terminalsAvailable: "false",
    quitButton: "true",
    federated_extensions: [],
    disabledExtensions: [],
  };
}

/** Sends a file of a directory, compressed if that was done before and the client can read it. */
export async function sendStatic(
  { request, response }: Exchange,
  directory: string,
  path: string,
): Promise<typeof ANSWERED> {
  const names = path.split("/");
  if (names.some((name) => name === "" || isHidden(name) || /[\0\\]/.test(name)))
    throw new HttpError(404, "no such file");
  const file = join(directory, ...names);
  if (!(await isFile(file))) throw new HttpError(404, "no such file");
  const accepted = String(request.headers["accept-encoding"] ?? "");
  response.setHeader("Vary", "Accept-Encoding");
  response.setHeader("Content-Type", mime.contentType(basename(file)) || "application/octet-stream");
  let sent = file;
  for (const [encoding, suffix] of ENCODINGS) {
    if (!new RegExp(`\\b${encoding}\\b`).test(accepted) || !(await isFile(file + suffix))) continue;
    response.setHeader("Content-Encoding", encoding);
    sent = file + suffix;
    break;
  }
  const isHashed = HASHED.test(basename(file));
  response.setHeader("Cache-Control", isHashed ? `public, max-age=${A_YEAR_SECONDS}, immutable` : "no-cache");
  return new Promise((resolve, reject) => {
    send(request, encodeURIComponent(basename(sent)), {
      root: dirname(sent),
      cacheControl: false,
      index: false,
    })
      .on("error", reject)
      .pipe(response)
      .on("close", () => {
        resolve(ANSWERED);
      });
  });
}

const isFile = (file: string) =>
  stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
