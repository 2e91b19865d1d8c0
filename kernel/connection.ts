// The connection file: where the kernel's five sockets are, and the key that signs its messages.
// Source: Jupyter client documentation, "Connection files".
import { readFileSync } from "node:fs";

const CHANNELS = ["shell", "control", "iopub", "stdin", "hb"] as const;
export type Channel = (typeof CHANNELS)[number];

export interface Connection {
  transport: "tcp" | "ipc";
  ip: string;
  key: string;
  ports: Record<Channel, number>;
}

/** @throws if the file cannot be read or a field is missing; the error names the file and the field. */
export function readConnectionFile(path: string): Connection {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`connection file ${path}: ${(error as Error).message}`, { cause: error });
  }
  const fail = (field: string, expected: string): never => {
    throw new Error(
      `connection file ${path}: ${field} is ${JSON.stringify(fields[field])}, expected ${expected}`,
    );
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
