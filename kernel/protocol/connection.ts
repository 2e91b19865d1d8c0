// The connection file: where the kernel's five sockets are, and the key that signs its messages.
// Source: Jupyter client documentation, "Connection files".

import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { brief } from "./brief.js";

const CHANNELS = ["shell", "control", "iopub", "stdin", "hb"] as const;
export type Channel = (typeof CHANNELS)[number];

export interface Connection {
  transport: "tcp" | "ipc";
  ip: string;
  key: string;
  ports: Record<Channel, number>;
}

/**
 * @throws {Error} when the file cannot be read or a field is missing or wrong: it names the file and the
 *   field
 */
export function readConnectionFile(path: string): Connection {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`connection file ${path}: ${(error as Error).message}`, { cause: error });
  }
  const fail = (field: string, allowed: string): never => {
    throw new Error(`connection file ${path}: ${field} is ${brief(fields[field])}, but must be ${allowed}`);
  };
  const { transport = "tcp", ip, key, signature_scheme = "hmac-sha256" } = fields;
  if (transport !== "tcp" && transport !== "ipc") return fail("transport", '"tcp" or "ipc"');
  if (typeof ip !== "string") return fail("ip", "an address");
  if (typeof key !== "string") return fail("key", "a string");
  if (key !== "" && signature_scheme !== "hmac-sha256") return fail("signature_scheme", '"hmac-sha256"');
  const ports = Object.fromEntries(
    CHANNELS.map((channel) => {
      const port = fields[`${channel}_port`];
      if (!Number.isInteger(port)) fail(`${channel}_port`, "a port number");
      return [channel, port as number];
    }),
  ) as Record<Channel, number>;
  return { transport, ip, key, ports };
}

export function endpoint({ transport, ip, ports }: Connection, channel: Channel): string {
  return transport === "tcp" ? `tcp://${ip}:${ports[channel]}` : `ipc://${ip}-${ports[channel]}`;
}

/** The longest path of a Unix socket: macOS's limit, which is the smallest. */
const LONGEST_SOCKET_BYTES = 103;

/**
 * Five sockets in a folder that only the user may enter, and a new key: what a kernel publishes goes to every
 * client that connects. Where the folder cannot hold such sockets, five ports.
 */
export async function connectionIn(folder: string): Promise<Connection> {
  const ip = join(folder, "kernel");
  if (!(await canHoldSocket(`${ip}-5`))) return reserveConnection();
  return {
    transport: "ipc",
    ip,
    key: randomUUID(),
    ports: { shell: 1, control: 2, iopub: 3, stdin: 4, hb: 5 },
  };
}

/**
 * Not if the path is too long, nor on a file system without sockets, such as one that is shared with
 * Windows.
 */
async function canHoldSocket(path: string): Promise<boolean> {
  if (process.platform === "win32" || Buffer.byteLength(path) > LONGEST_SOCKET_BYTES) return false;
  const server = createServer().listen(path);
  try {
    await once(server, "listening");
    await once(server.close(), "close");
    return true;
  } catch {
    return false;
  }
}

/** Five free ports of this machine, and a new key. */
export async function reserveConnection(): Promise<Connection> {
  // Held open together, so that no port is given out twice.
  const servers = await Promise.all(
    CHANNELS.map(async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const ports = Object.fromEntries(
    CHANNELS.map((channel, at) => [channel, (servers[at].address() as AddressInfo).port]),
  ) as Record<Channel, number>;
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return { transport: "tcp", ip: "127.0.0.1", key: randomUUID(), ports };
}

/** Only the user may read it: who has the key can run anything. */
export function writeConnectionFile(path: string, { transport, ip, key, ports }: Connection): void {
  const fields = Object.entries(ports).map(([channel, port]) => [`${channel}_port`, port] as const);
  const content = { transport, ip, key, signature_scheme: "hmac-sha256", ...Object.fromEntries(fields) };
  writeFileSync(path, JSON.stringify(content), { mode: 0o600 });
}
