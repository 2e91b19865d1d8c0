// Requests and replies as the routes see them: bodies limited and parsed, results sent as JSON, errors with a
// status.

import type { IncomingMessage, ServerResponse } from "node:http";
import { parse } from "regexparam";
import type { JsonObject } from "../../kernel/objects.js";
import { isObject } from "../../kernel/objects.js";
import { brief } from "../../kernel/protocol/brief.js";
import { report } from "./report.js";

/**
 * A client's mistake, or a request that cannot be met: the client is told the status and `{message, reason}`.
 */
export class HttpError extends Error {
  override name = "HttpError";
  readonly status: number;
  readonly reason: string | null;

  constructor(status: number, message: string, reason: string | null = null) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

/** A result that is not simply 200 with JSON. */
export class Reply {
  constructor(
    readonly status: number,
    readonly body?: unknown,
    readonly headers: Record<string, string> = {},
  ) {}
}

export const NO_CONTENT = new Reply(204);

/** Returned by a handler that has answered by itself. */
export const ANSWERED = Symbol("answered");

export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  /** Parts of the path that the route names, decoded; `*` is the rest, which can hold slashes. */
  params: Record<string, string>;
  query: URLSearchParams;
  /** The request's JSON; undefined if there is no body. */
  body: (limit?: number) => Promise<unknown>;
}

/** Returns JSON for a reply 200, a `Reply`, or `ANSWERED`. */
export type Handler = (exchange: Exchange) => unknown;

/** Handlers by method and pattern, such as `GET /api/kernels/:id`. */
export type Routes = Record<string, Handler>;

const MEBIBYTE = 2 ** 20;
const BODY_LIMIT_BYTES = MEBIBYTE;

/** Finds the handler of a request: the first whose pattern fits. */
export class Router<H> {
  readonly #routes: { method: string; keys: string[]; pattern: RegExp; handler: H }[];

  constructor(routes: Record<string, H>) {
    this.#routes = Object.entries(routes).map(([name, handler]) => {
      const [method, path] = name.split(" ");
      return { method, ...parse(path), handler };
    });
  }

  /**
   * @throws {HttpError} 404 for an unknown path, 405 for a method that it does not have, 400 for a bad
   * encoding
   */
  find(method: string, pathname: string): { handler: H; params: Record<string, string> } {
    const fitting = this.#routes.filter(({ pattern }) => pattern.test(pathname));
    if (fitting.length === 0) throw new HttpError(404, "nothing here");
    const route = fitting.find((candidate) => candidate.method === (method === "HEAD" ? "GET" : method));
    if (!route) throw new HttpError(405, `${method} is not possible here`);
    const values = route.pattern.exec(pathname)!.slice(1);
    const params = Object.fromEntries(route.keys.map((key, at) => [key, decode(values[at] ?? "")]));
    return { handler: route.handler, params };
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new HttpError(400, `the path has a percent sign that encodes nothing: ${part.slice(0, 100)}`);
  }
}

/** @throws {HttpError} 400 for a target that is not a path */
export function requestUrl({ url = "" }: IncomingMessage): URL {
  // A browser sends a path; proxies' absolute targets are not for us.
  const absolute = `http://localhost${url}`;
  if (!url.startsWith("/") || !URL.canParse(absolute))
    throw new HttpError(400, "the request's target is not a path");
  return new URL(absolute);
}

/** @throws {HttpError} 413 beyond `limit` bytes, 400 for what is not JSON in UTF-8 */
export async function readJson(request: IncomingMessage, limit = BODY_LIMIT_BYTES): Promise<unknown> {
  const body = await readBody(request, limit);
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    throw new HttpError(400, `the body is not JSON: ${(error as Error).message}`);
  }
}

/** @throws {HttpError} 413 beyond `limit` bytes */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > limit) throw new HttpError(413, `the body has more than ${limit / MEBIBYTE} MiB`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw new HttpError(400, "the client went away in the middle of the body");
  }
  return Buffer.concat(chunks);
}

/** @throws {HttpError} 400 when a body is anything but an object; none counts as an empty one */
export function asObject(body: unknown, what = "the body"): JsonObject {
  if (body === undefined || body === null) return {};
  if (!isObject(body)) throw new HttpError(400, `${what} is ${brief(body)}, but must be an object`);
  return body;
}

/** A field that is text, or undefined if it is missing. @throws {HttpError} 400 for anything else */
export function textField(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw new HttpError(400, `${name} is ${brief(value)}, but must be text`);
  return value;
}

export function requiredText(object: JsonObject, name: string): string {
  const value = textField(object, name);
  if (value === undefined) throw new HttpError(400, `${name} is ${brief(value)}, but must be text`);
  return value;
}

/** Sends what a handler returned. */
export function sendResult(response: ServerResponse, result: unknown): void {
  if (result === ANSWERED) return;
  const { status, body, headers } = result instanceof Reply ? result : new Reply(200, result ?? null);
  if (body === undefined) {
    response.writeHead(status, headers).end();
    return;
  }
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": text.length,
    "Cache-Control": "no-store",
    ...headers,
  });
  response.end(text);
}

export function sendError(response: ServerResponse, error: unknown): void {
  const { status, message, reason } = asHttpError(error);
  if (status === 500) report("an unexpected error", error);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // The rest of a body that is not read would be taken for the next request.
  sendResult(response, new Reply(status, { message, reason }, { Connection: "close" }));
}

const FILE_ERRORS: Record<string, [status: number, message: string]> = {
  ENOENT: [404, "no such file or directory"],
  ENOTDIR: [404, "no such file or directory"],
  ELOOP: [404, "no such file or directory"],
  EACCES: [403, "permission denied"],
  EPERM: [403, "permission denied"],
  EROFS: [403, "the file system is read-only"],
  EEXIST: [409, "exists already"],
  ENOTEMPTY: [400, "the directory is not empty"],
  EISDIR: [400, "is a directory"],
  ENAMETOOLONG: [400, "the name is too long"],
  EINVAL: [400, "the name is not allowed"],
  ENOSPC: [507, "no space left on the disk"],
  EDQUOT: [507, "the disk quota is used up"],
  EFBIG: [507, "the file is larger than the system allows"],
};

/** What a client is told of any error. */
export function asHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  const { code = "", status } = error as NodeJS.ErrnoException & { status?: unknown };
  if (code in FILE_ERRORS) return new HttpError(...FILE_ERRORS[code]);
  const { message } = error as Error;
  // Not everything that JSON.parse can read can be walked through or written.
  if (error instanceof RangeError && message.includes("call stack"))
    return new HttpError(400, "the JSON is nested too deeply");
  return new HttpError(typeof status === "number" ? status : 500, message);
}
