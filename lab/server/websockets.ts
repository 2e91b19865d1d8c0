// The two WebSockets of Jupyter Server: a kernel's channels, and the events of the server.
// Source: Jupyter Server documentation, "WebSocket kernel wire protocols", "Events".

import { once } from "node:events";
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { WebSocketServer } from "ws";
import type { Guard } from "./guard.js";
import { asHttpError, requestUrl, Router } from "./http.js";
import type { Kernels } from "./kernels.js";
import { legacy, V1, v1 } from "./websocket_messages.js";

const LARGEST_MESSAGE_BYTES = 256 * 2 ** 20;
/** A page that does not answer to two in a row is gone, though its connection may look open. */
const PING_EVERY_MS = 30_000;

const CLOSE_WITHIN_MS = 500;

// Of the WebSocket protocol.
const GOING_AWAY = 1001;

/** Finds who serves a socket, before it is accepted. */
type Door = (params: Record<string, string>, query: URLSearchParams) => (socket: WebSocket) => void;

export class WebSockets {
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE_BYTES,
    handleProtocols: (offered) => (offered.has(V1) ? V1 : false),
  });
  readonly #guard: Guard;
  readonly #router: Router<Door>;
  readonly #answering = new WeakSet<WebSocket>();
  readonly #pinging: NodeJS.Timeout;

  constructor(http: Server, guard: Guard, kernels: Kernels) {
    this.#guard = guard;
    this.#router = new Router({
      "GET /api/kernels/:id/channels": (params, query) => {
        const kernel = kernels.get(params.id);
        const session = query.get("session_id") ?? undefined;
        return (socket: WebSocket) => {
          kernel.attach(session, socket, socket.protocol === V1 ? v1 : legacy);
        };
      },
      "GET /api/events/subscribe": () => () => undefined,
    });
    http.on("upgrade", (request, socket, head) => {
      this.#upgrade(request, socket, head);
    });
    this.#pinging = setInterval(() => {
      for (const socket of this.#server.clients) this.#ping(socket);
    }, PING_EVERY_MS);
    this.#pinging.unref();
  }

  get count(): number {
    return this.#server.clients.size;
  }

  /** Says goodbye, and does not wait for clients that do not answer. */
  async close(): Promise<void> {
    clearInterval(this.#pinging);
    const sockets = [...this.#server.clients];
    const closed = sockets.map((socket) => once(socket, "close"));
    for (const socket of sockets) socket.close(GOING_AWAY, "the server is closing");
    const timer = setTimeout(() => {
      for (const socket of sockets) socket.terminate();
    }, CLOSE_WITHIN_MS);
    await Promise.all(closed);
    clearTimeout(timer);
    this.#server.close();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => undefined);
    try {
      const url = requestUrl(request);
      this.#guard.check(request, url);
      const { handler, params } = this.#router.find(request.method ?? "GET", url.pathname);
      const serve = handler(params, url.searchParams);
      this.#server.handleUpgrade(request, socket, head, (accepted) => {
        // Frames that break the protocol close the connection; nothing else is to be done.
        accepted.on("error", () => undefined);
        accepted.on("pong", () => this.#answering.add(accepted));
        this.#answering.add(accepted);
        serve(accepted);
      });
    } catch (error) {
      const { status, message } = asHttpError(error);
      socket.end(
        `HTTP/1.1 ${status} ${status === 403 ? "Forbidden" : "Refused"}\r\nConnection: close\r\n\r\n${message}`,
        // A client that never closes its own half would keep the socket for ever.
        () => socket.destroy(),
      );
    }
  }

  #ping(socket: WebSocket): void {
    if (!this.#answering.has(socket)) {
      socket.terminate();
      return;
    }
    this.#answering.delete(socket);
    socket.ping();
  }
}
