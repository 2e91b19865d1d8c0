// What the page does with a kernel: stop it, start it again, lose it, and come back to it.

import { readFileSync, writeFileSync } from "node:fs";
import { Server } from "node:http";
import { join } from "node:path";
import { kill } from "node:process";
import { afterEach, describe, expect, test, vi } from "vitest";
import { hasBrowser } from "../../support/browser.js";
import { useLab, writeNotebook } from "../../support/lab_page.js";

describe.skipIf(!hasBrowser())("the kernel in JupyterLab", () => {
  const lab = useLab();
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test.each([
    ["an endless loop", "while (true) {}"],
    ["an await of what never comes", "await new Promise(() => {});"],
  ])("is interrupted in %s by the stop button, and keeps what it knows", async (name, endless) => {
    const page = await lab.openCells(`${name}.ipynb`, "const kept = 41;", endless, "kept + 1");
    await page.run(0);
    await expect.poll(() => page.prompt(0).textContent()).toBe("[1]:");
    await page.run(1);
    // A star alone does not say that the cell has come to the kernel, which ignores an interrupt of nothing.
    await page.busy();
    expect(await page.prompt(1).textContent()).toBe("[*]:");
    await page.notebook.locator('jp-button[data-command="notebook:interrupt-kernel"]').click();
    await expect.poll(() => page.prompt(1).textContent()).toBe("[2]:");
    // On a busy machine the kernel may say first that the stop takes a while.
    const said = async () => (await page.outputs(1).allTextContents()).join("");
    await expect.poll(said).toMatch(/Interrupted/);
    await page.run(2);
    await expect.poll(() => page.outputs(2).allTextContents()).toEqual(["42"]);
  });

  test("gives no number to cells that wait behind one that fails", async () => {
    const page = await lab.openCells("aborted.ipynb", "1", 'throw new Error("x")', "3", "4");
    await page.runAll();
    await expect.poll(() => page.prompt(1).textContent()).toBe("[2]:");
    const prompts = () => Promise.all([0, 1, 2, 3].map((at) => page.prompt(at).textContent()));
    await expect.poll(prompts).toEqual(["[1]:", "[2]:", "[ ]:", "[ ]:"]);
  });

  test("is restarted and has forgotten everything", async () => {
    const page = await lab.openCells("restarted.ipynb", "const before = 1;", "typeof before");
    await page.runAll();
    await page.allRan();
    await page.restartKernel();
    await page.run(1);
    // A name that is not declared is a type error: the cell is blocked.
    await expect.poll(() => page.outputs(1).allTextContents()).toEqual([expect.stringContaining("before")]);
    await expect.poll(() => page.prompt(1).textContent()).toBe("[1]:");
  });

  test("is started again when it died, and the page says so", async () => {
    const page = await lab.openCells("killed.ipynb", "console.log(process.ppid, process.pid);", "1 + 1");
    await page.run(0);
    // JupyterLab draws text piece by piece.
    await expect
      .poll(() => page.outputs(0).allTextContents())
      .toEqual([expect.stringMatching(/^\d+ \d+\n$/)]);
    const pid = Number((await page.outputs(0).textContent())!.trim().split(" ")[1]);
    kill(pid, "SIGKILL");
    const dialog = page.page.locator(".jp-Dialog");
    await dialog.getByText("Kernel Restarting").waitFor();
    await page.screenshot("autorestart_dialog");
    await page.acceptDialog();
    await page.ready();
    await page.run(1);
    await expect.poll(() => page.outputs(1).allTextContents()).toEqual(["2"]);
  });

  test.each([0, 1500])(
    "continues while no page is open and loses no output, with %i ms until the next page is connected",
    async (delay) => {
      const count = `${pauseUntilThere(`closed_${delay}`)}
for (let i = 1; i <= 40; i++) {
  console.log(i);
  if (i === 10) await pause();
  await new Promise((resolve) => setTimeout(resolve, 100));
}`;
      const first = await lab.openCells(`closed_${delay}.ipynb`, count);
      await first.run(0);
      await expect.poll(() => first.outputs(0).textContent()).toContain("3");
      await first.save();
      await first.page.close();
      await lab.allLeft();
      delayWebSockets(delay);
      writeFileSync(join(lab.root, `closed_${delay}`), "");
      const second = await lab.goto(`/lab/workspaces/closed_${delay}/tree/closed_${delay}.ipynb`);
      await second.outputs(0).first().waitFor();
      await expect.poll(() => second.prompt(0).textContent()).toBe("[1]:");
      const all = Array.from({ length: 40 }, (_, i) => `${i + 1}\n`).join("");
      // JupyterLab draws long text piece by piece.
      await expect.poll(() => second.outputs(0).allTextContents()).toEqual([all]);
    },
  );

  test("lets outputs of a cell that ran without a page be trusted as what the user has run", async () => {
    const file = join(lab.root, "trust.ipynb");
    const print = `${pauseUntilThere("closed")}
import { html } from "unrolled/display";
html("<b>before</b>");
await pause();
html("<b>after</b>");`;
    writeNotebook(file, ["1", print]);
    const notebook = JSON.parse(readFileSync(file, "utf8"));
    // From elsewhere: with it no save trusts the notebook as a whole.
    notebook.cells[0].outputs = [
      { output_type: "display_data", data: { "text/html": "<i>1</i>" }, metadata: {} },
    ];
    writeFileSync(file, JSON.stringify(notebook));
    const first = await lab.open("trust.ipynb");
    await first.run(1);
    await expect.poll(() => first.outputs(1).allTextContents()).toEqual(["before"]);
    await first.save();
    await first.page.close();
    await lab.allLeft();
    writeFileSync(join(lab.root, "closed"), "");
    const second = await lab.open("trust.ipynb");
    await expect.poll(() => second.outputs(1).allTextContents()).toEqual(["before", "after"]);
    const trusted = "jupyterapp.shell.currentWidget.content.widgets.map(({ model }) => model.trusted)";
    expect(await second.page.evaluate(trusted)).toEqual([false, true]);
  });
});

/**
 * For a cell: waits as long as there is no such file, however long a busy machine takes until a page is
 * closed.
 */
const pauseUntilThere = (file: string) => `import { existsSync } from "node:fs";
const pause = async () => {
  while (!existsSync("${file}")) await new Promise((resolve) => setTimeout(resolve, 20));
};`;

/** The server, which runs in this process, hears of a page's wish for a WebSocket so much later. */
function delayWebSockets(milliseconds: number): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own server below
  const emit = Server.prototype.emit as (this: Server, ...args: unknown[]) => boolean;
  vi.spyOn(Server.prototype, "emit").mockImplementation(function (this: Server, ...args: unknown[]) {
    if (args[0] !== "upgrade") return emit.call(this, ...args);
    setTimeout(() => emit.call(this, ...args), milliseconds);
    return true;
  });
}
