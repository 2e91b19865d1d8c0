// The server behind JupyterLab: Jupyter Server's REST and WebSocket API, in Node. It listens on this machine
// only and answers only clients that have its token.

import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import type { JsonObject } from "../../kernel/objects.js";
import { ownPackage } from "../../kernel/own_package.js";
import { originsOf } from "./addresses.js";
import { Contents } from "./contents.js";
import { contentsRoutes } from "./contents_routes.js";
import { exportRoutes } from "./export_routes.js";
import { Guard, SECURITY_HEADERS, SignedOut } from "./guard.js";
import type { Exchange, Handler, Routes } from "./http.js";
import { Reply, Router, readJson, requestUrl, sendError, sendResult } from "./http.js";
import type { KernelModel } from "./kernel.js";
import { kernelRoutes } from "./kernel_routes.js";
import { Kernels } from "./kernels.js";
import { report } from "./report.js";
import { login, sendLoginPage } from "./login.js";
import { Root } from "./root.js";
import { Sessions } from "./sessions.js";
import { settingsRoutes } from "./settings.js";
import { smallRoutes } from "./small_routes.js";
import { staticRoutes } from "./static_files.js";
import type { Language } from "./translations/routes.js";
import { translationRoutes } from "./translations/routes.js";
import { trustedFrameRoutes } from "./trusted_frame.js";
import { TrustedNotebooks } from "./trusted_notebooks.js";
import { WebSockets } from "./websockets.js";
import { workspaceRoutes } from "./workspaces.js";

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
  /** Of JupyterLab's interface, if its user has chosen none; English if nothing is said. */
  language?: Language;
  /** What the page is told besides what the server knows itself. */
  pageConfig?: JsonObject;
  /** Further endpoints behind the same guard, by method and pattern, such as `GET /unrolled/api/chapters`. */
  routes?: Record<string, (query: URLSearchParams, body: unknown) => unknown>;
  /** How many heartbeats in a row, one a second, a kernel may miss. */
  missedBeats?: number;
}

export interface LabServer {
  /** An address that lets a browser in once, on that path. */
  invite(path: string): string;
  /** Opens JupyterLab; it holds the token. */
  url: string;
  /** The same for another machine, if the server listens on all addresses and there is a network. */
  outerUrl: string | undefined;
  port: number;
  /** Ends all kernels, then the server. */
  close(): Promise<void>;
  /** Resolves when it is closed, from here or by JupyterLab's "Shut Down". */
  closed: Promise<void>;
  /** The kernels that run a cell. */
  busyKernels(): KernelModel[];
  /** Has a kernel ready in a folder under the root, before a page asks for it. */
  warmUp(folder: string): Promise<void>;
}

/** Starts the server. @throws {Error} when the port is taken or the root does not exist */
export async function startServer(options: ServerOptions): Promise<LabServer> {
  const { ip = "127.0.0.1", port = 0, pageConfig = {}, staticDir, settingsDir } = options;
  const root = new Root(options.root);
  const guard = new Guard(ip);
  const contents = new Contents(root, new TrustedNotebooks(join(settingsDir, "trusted_notebooks")));
  const kernels = new Kernels(options.missedBeats);
  const sessions = new Sessions(kernels, contents);
  const routes: Routes = {
    ...staticRoutes({ staticDir, pageConfig, root }),
    ...trustedFrameRoutes,
    "GET /login": () => new Reply(302, undefined, { Location: "/lab" }),
    "GET /logout": () => guard.logout(),
    ...contentsRoutes(contents, root),
    ...exportRoutes(root),
    ...kernelRoutes(kernels, sessions),
    ...settingsRoutes(staticDir, settingsDir),
    ...workspaceRoutes(settingsDir),
    ...translationRoutes(options.language ?? "en"),
    ...smallRoutes({
      staticDir,
      settingsDir,
      version: ownPackage.version,
      kernels,
      shutdown: () => void close(),
    }),
    ...furtherRoutes(options.routes ?? {}),
  };
  const router = new Router(routes);

  const server = createServer((request, response) => {
    void answer(request, response, guard, router);
  });
  server.on("clientError", (_error, socket) => {
    // A request that is not HTTP; the other end may have gone already.
    if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    else socket.destroy();
  });
  // closeAllConnections() does not know of those that were upgraded.
  const connections = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  const webSockets = new WebSockets(server, guard, kernels);
  await listen(server, port, ip).catch(async (error: unknown) => {
    await webSockets.close();
    await kernels.close();
    throw error;
  });
  const address = server.address() as AddressInfo;
  guard.setPort(address.port);
  const closed = new Promise<void>((resolve) => server.once("close", resolve));
  server.on("error", (error) => {
    report("the server", error);
  });
  let closing: Promise<void> | undefined;
  const close = () =>
    (closing ??= (async () => {
      await kernels.close();
      await webSockets.close();
      server.close();
      for (const socket of connections) socket.destroy();
      await closed;
      await contents.close();
    })());
  const [origin, outerOrigin] = originsOf(address);
  return {
    url: `${origin}/lab?token=${guard.token}`,
    outerUrl: outerOrigin && `${outerOrigin}/lab?token=${guard.token}`,
    invite: (path) => {
      const url = new URL(origin);
      url.pathname = path;
      url.searchParams.set("token", guard.invite());
      return url.href;
    },
    port: address.port,
    close,
    closed,
    busyKernels: () =>
      kernels
        .list()
        .filter(({ isBusy }) => isBusy)
        .map((kernel) => kernel.model()),
    warmUp: async (folder) => kernels.warmUp(await root.resolve(folder)),
  };
}

function furtherRoutes(given: NonNullable<ServerOptions["routes"]>): Routes {
  return Object.fromEntries(
    Object.entries(given).map(([name, handler]) => [
      name,
      async ({ query, body }: Exchange) => handler(query, await body()),
    ]),
  );
}

async function listen(server: Server, port: number, ip: string): Promise<void> {
  server.listen(port, ip);
  await once(server, "listening");
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  guard: Guard,
  router: Router<Handler>,
): Promise<void> {
  // A client that goes away in the middle is none of our errors.
  request.on("error", () => undefined);
  response.on("error", () => undefined);
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  try {
    const url = requestUrl(request);
    if (request.method === "POST" && url.pathname === "/login") {
      sendResult(response, await login(request, response, guard));
      return;
    }
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
    if (error instanceof SignedOut && error.isPage) sendLoginPage(request, response, requestUrl(request));
    else sendError(response, error);
  }
}
