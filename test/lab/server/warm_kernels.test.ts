// A kernel that is ready before a page asks for one. In a file of its own: no other test's kernel has another
// one prepared meanwhile.

import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { Channels } from "../../support/channels.js";
import { useServer } from "../../support/lab_server.js";

const server = useServer();

const startSession = async (path: string) =>
  (await server.ask("POST /api/sessions", { body: { path, type: "notebook", name: "", kernel: {} } })).json;

// Windows has another name for TMPDIR.
test.skipIf(process.platform === "win32")(
  "the first notebook of a folder has the kernel that was warmed up, and the next finds a warm one too",
  async () => {
    mkdirSync(join(server.root, "ready"));
    const temporary = join(server.folder, "temporary");
    mkdirSync(temporary);
    vi.stubEnv("TMPDIR", temporary);
    await server.lab.warmUp("ready");
    vi.unstubAllEnvs();
    const [connection] = readdirSync(temporary);
    expect((await server.ask("GET /api/kernels")).json).toEqual([]);
    const first = await startSession("ready/first.ipynb");
    const channels = await Channels.open(server.lab.port, first.kernel.id, { token: server.token });
    expect(await channels.evaluate("process.argv.join()")).toContain(connection);
    await channels.close();
    // A warm one is idle as soon as it is given out.
    await vi.waitFor(
      async () => {
        const { id, kernel } = await startSession("ready/second.ipynb");
        await server.ask(`DELETE /api/sessions/${id}`);
        expect(kernel.execution_state).toBe("idle");
      },
      { timeout: 300_000, interval: 2000 },
    );
    expect((await server.ask("GET /api/kernels")).json).toHaveLength(1);
  },
);
