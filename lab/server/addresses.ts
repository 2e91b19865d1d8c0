// Under which addresses a server is asked.

import type { AddressInfo } from "node:net";
import { isIPv4, isIPv6 } from "node:net";
import { networkInterfaces } from "node:os";

const ALL = new Set(["0.0.0.0", "::"]);

export function isLoopback(name: string): boolean {
  return (
    name === "localhost" ||
    name.endsWith(".localhost") ||
    name === "::1" ||
    name === "[::1]" ||
    (isIPv4(name) && name.startsWith("127."))
  );
}

export const ownAddresses = () => Object.values(networkInterfaces()).flatMap((own) => own ?? []);

/** The one for this machine; where the server listens on all addresses, one for other machines too. */
export function originsOf({ address, port }: AddressInfo): string[] {
  const outer = ownAddresses().filter(({ internal, family }) => !internal && family === "IPv4");
  const hosts = ALL.has(address) ? ["127.0.0.1", ...outer.slice(0, 1).map((own) => own.address)] : [address];
  return hosts.map((host) => `http://${isIPv6(host) ? `[${host}]` : host}:${port}`);
}
