// The server keeps nothing of the cells that have run. A thousand of them here, ten thousand in `npm run
// ci:long`.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../../kernel/package_root.js";
import { Channels } from "../../support/channels.js";
import { writeStatic } from "../../support/lab_server.js";

const CELLS = process.env.UNROLLED_LONG ? 10_000 : 1000;
/**
 * Beyond what the first tenth took, in bytes. The signatures that are remembered against replays take about
 * 700 a cell, up to their limit of 65 536; kept outputs would take twenty times as much.
 */
const ALLOWED = 2e6 + 1000 * CELLS;

test("the server's memory is flat over many cells", { timeout: 1_200_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "unrolled-memory-"));
  const options = { root: folder, staticDir: writeStatic(join(folder, "static")), settingsDir: folder };
  const script = `
    import { startServer } from ${JSON.stringify(join(packageRoot, "dist", "lab", "server", "server.js"))};
    const lab = await startServer(${JSON.stringify(options)});
    process.on("message", () => {
      gc();
      const { heapUsed, external } = process.memoryUsage();
      process.send(heapUsed + external);
    });
    process.on("disconnect", () => lab.close());
    process.send({ port: lab.port, url: lab.url });`;
  const child = spawn(process.execPath, ["--expose-gc", "--input-type=module", "-e", script], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const [{ port, url }] = await once(child, "message");
  const token = new URL(url).searchParams.get("token")!;
  const started = await fetch(new URL("/api/kernels", url), {
    method: "POST",
    headers: { Authorization: `token ${token}` },
  });
  const { id: kernel } = (await started.json()) as { id: string };
  const used = async () => {
    child.send("measure");
    return Number((await once(child, "message"))[0]);
  };
  const channels = await Channels.open(port, kernel, { token });
  const code = 'console.log("x".repeat(5000)); "y".repeat(5000)';
  let after = 0;
  for (let cell = 1; cell <= CELLS; cell++) {
    await channels.done(channels.execute(code));
    channels.received.length = 0;
    if (cell === CELLS / 10) after = await used();
  }
  const end = await used();
  console.log(`server's memory after ${CELLS / 10} and ${CELLS} cells: ${after} and ${end} bytes`);
  expect(end - after).toBeLessThan(ALLOWED);
  await channels.close();
  const exited = once(child, "exit");
  child.disconnect();
  await exited;
  rmSync(folder, { recursive: true });
});
