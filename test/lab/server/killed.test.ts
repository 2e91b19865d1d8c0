// A server that is killed while it saves, a few times in every run and 125 times in the long one: the
// notebook is the one before or the one after, whole, and nothing is left beside it once another server looks
// into the folder.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../../kernel/package_root.js";
import { startServer } from "../../../lab/server/server.js";
import { ask } from "../../support/lab_server.js";

const KILLS = process.env.UNROLLED_LONG ? 125 : 5;

const folder = mkdtempSync(join(tmpdir(), "unrolled-killed-"));
const root = join(folder, "root");
const options = { root, staticDir: folder, settingsDir: join(folder, "settings") };

const script = `import { startServer } from ${JSON.stringify(join(packageRoot, "dist/lab/server/server.js"))};
console.log((await startServer(${JSON.stringify(options)})).url);`;

const notebook = (source: string) => ({
  cells: [{ cell_type: "markdown", id: "a", metadata: {}, source }],
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
});

/** Saves for ever, and kills the server a moment after a save has begun. */
async function killWhileSaving(moment: number): Promise<void> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const { port, searchParams } = new URL(String(line).trim());
  const headers = { Authorization: `token ${searchParams.get("token")}` };
  const save = (letter: string) =>
    ask(Number(port), "PUT /api/contents/a.ipynb", {
      headers,
      body: { type: "notebook", content: notebook(letter.repeat(2_000_000)) },
    });
  expect((await save("a")).status).toBeLessThan(300);
  const exited = once(child, "exit");
  const saving = save("b").catch(() => undefined);
  // Later each time, so that some come before, some in the middle of and some after the write.
  setTimeout(() => child.kill("SIGKILL"), moment);
  await Promise.all([exited, saving]);
}

test(`keeps the notebook whole in ${KILLS} kills`, async () => {
  mkdirSync(root);
  for (let kill = 0; kill < KILLS; kill++) {
    await killWhileSaving((kill * 40) / KILLS);
    const { cells } = JSON.parse(readFileSync(join(root, "a.ipynb"), "utf8")) as {
      cells: { source: string[] }[];
    };
    expect(cells[0].source[0]).toMatch(/^(a{2000000}|b{2000000})$/);
    const next = await startServer(options);
    const headers = { Authorization: `token ${new URL(next.url).searchParams.get("token")}` };
    expect((await ask(next.port, "GET /api/contents", { headers })).json.content).toHaveLength(1);
    // This process looks into the folder once only.
    if (kill === 0) expect(readdirSync(root)).toEqual(["a.ipynb"]);
    await next.close();
  }
  // The last one's own left-over is seen to by a fresh process.
  await killWhileSaving(1_000);
  expect(readdirSync(root)).toEqual(["a.ipynb"]);
});
