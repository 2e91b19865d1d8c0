// The server behind JupyterLab: Jupyter Server's REST and WebSocket API, in Node. It listens on this machine only and
// answers only to who has its token.
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Contents } from "./contents.js";
import { contentsRoutes } from "./contents_routes.js";
import { Guard, isLoopback, SECURITY_HEADERS } from "./guard.js";
import {
  Router,
  readJson,
  requestUrl,
  sendError,
  sendResult,
  type Exchange,
  type JsonObject,
  type Routes,
} from "./http.js";
import { Root } from "./root.js";
import { staticRoutes } from "./static_files.js";
import { TrustedNotebooks } from "./trusted_notebooks.js";

export interface ServerOptions {
  /** The folder that is served. */
  root: string;
  /** Where the front-end was built. */
  staticDir: string;
  /** Where settings, workspaces and the list of trusted notebooks are kept. */
  settingsDir: string;
  /** 0, the default, is any free one. */
  port?: number;
  /** The address listened on; 127.0.0.1, this machine alone, if nothing is said. */
  ip?: string;
  /** What the page is told beside what the server knows itself. */
  pageConfig?: JsonObject;
}

export interface LabServer {
  /** Opens JupyterLab; it holds the token. */
  url: string;
  port: number;
  close(): Promise<void>;
}

/** Starts the server. @throws if the port is taken or the root does not exist */
export async function startServer(options: ServerOptions): Promise<LabServer> {
  const { ip = "127.0.0.1", port = 0, pageConfig = {}, staticDir, settingsDir } = options;
  const root = new Root(options.root);
  const guard = new Guard(ip);
  const contents = new Contents(root, new TrustedNotebooks(join(settingsDir, "trusted_notebooks")));
  const routes: Routes = {
    ...staticRoutes({ staticDir, pageConfig, root: root.folder }),
    ...contentsRoutes(contents, root),
  };
  const router = new Router(routes);

  const server = createServer((request, response) => {
    void answer(request, response, guard, router);
  });
  server.on("clientError", (_error, socket) => {
    // A request that is no HTTP; the other end may have gone already.
    if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    else socket.destroy();
  });
  await listen(server, port, ip);
  const address = server.address() as AddressInfo;
  guard.setPort(address.port);
  const host = isLoopback(ip) || ip === "0.0.0.0" || ip === "::" ? "127.0.0.1" : ip;
  return {
    url: `http://${host}:${address.port}/lab?token=${guard.token}`,
    port: address.port,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server, port: number, ip: string): Promise<void> {
  server.listen(port, ip);
  await once(server, "listening");
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  guard: Guard,
  router: Router,
): Promise<void> {
  // A client that goes away in the middle is none of our errors.
  request.on("error", () => undefined);
  response.on("error", () => undefined);
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  try {
    const url = requestUrl(request);
    const redirect = guard.check(request, url);
    if (redirect) {
      sendResult(response, redirect);
      return;
    }
    const { handler, params } = router.find(request.method ?? "GET", url.pathname);
    const exchange: Exchange = {
      request,
      response,
      params,
      query: url.searchParams,
      body: (limit) => readJson(request, limit),
    };
    sendResult(response, await handler(exchange));
  } catch (error) {
    sendError(response, error);
  }
}
