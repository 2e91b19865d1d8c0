// How a program starts a kernel, and where they meet.

import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startKernel } from "../../../kernel/protocol/client.js";
import { connectionIn, reserveConnection } from "../../../kernel/protocol/connection.js";
import { launchKernel } from "../../../kernel/protocol/launcher.js";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "launcher-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test.skipIf(process.platform === "win32")(
  "a kernel's sockets are files where a folder can hold them",
  async () => {
    const { transport, ip, ports } = await connectionIn(folder);
    expect({ transport, ip }).toEqual({ transport: "ipc", ip: join(folder, "kernel") });
    // The last of them, which was tried, is free again.
    const server = createServer().listen(`${ip}-${ports.hb}`);
    await once(server, "listening");
    server.close();
  },
);

test.each([
  ["has too long a path", () => join(folder, "x".repeat(100))],
  ["refuses them", () => join(folder, "absent")],
])("a kernel's sockets are ports where their folder %s", async (_, inside) => {
  const { transport, ip, key, ports } = await connectionIn(inside());
  expect({ transport, ip }).toEqual({ transport: "tcp", ip: "127.0.0.1" });
  expect(key).toMatch(/^[0-9a-f-]{36}$/);
  expect(new Set(Object.values(ports)).size).toBe(5);
});

test("a program that is not there is an error of the start", async () => {
  const command = () => [join(folder, "none"), "{connection_file}"];
  await expect(startKernel({ cwd: folder, command })).rejects.toThrow("ENOENT");
});

test("only the user may read a connection file, which is gone after the clean-up", async () => {
  let file = "";
  const command = (connectionFile: string) => {
    file = connectionFile;
    return [process.execPath, "--eval", "process.exit(3)"];
  };
  const { ended, cleanUp } = await launchKernel({ command, cwd: folder, connection: reserveConnection });
  if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await ended).toBe("exit code 3");
  cleanUp();
  expect(existsSync(file)).toBe(false);
});
