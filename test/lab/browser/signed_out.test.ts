// How a page's session begins and ends: links, Log Out, Shut Down, a server that was started again.

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hasBrowser } from "../../support/browser.js";
import type { LabPage } from "../../support/lab_page.js";
import { useLab, writeNotebook } from "../../support/lab_page.js";

describe.skipIf(!hasBrowser())("a page of JupyterLab", () => {
  const lab = useLab();
  const saved = (name: string) => readFileSync(join(lab.root, name), "utf8");

  test("is opened by the printed address on another site's page, and runs cells", async () => {
    const elsewhere = createServer((_, response) => {
      response.setHeader("Content-Type", "text/html");
      response.end(`<a href="${lab.server.url}">here</a>`);
    }).listen(0, "127.0.0.1");
    await once(elsewhere, "listening");
    const page = await lab.openCells("linked.ipynb", "1 + 1");
    // A browser that has no cookie yet.
    await page.page.context().clearCookies();
    await page.page.goto(`http://localhost:${(elsewhere.address() as AddressInfo).port}`);
    await page.page.getByText("here").click();
    await page.page.locator("#jp-main-dock-panel").waitFor();
    await page.openFile("linked.ipynb");
    await page.ready("linked.ipynb");
    await page.run(0);
    await expect.poll(() => page.outputs(0).allTextContents()).toEqual(["2"]);
    elsewhere.close();
  });

  const dialogOf = ({ page }: LabPage) =>
    page.locator(".jp-Dialog").filter({ hasText: "The server was restarted" });
  const enter = async (page: LabPage, text: string) => {
    await dialogOf(page).locator("input").fill(text);
    await dialogOf(page).locator(".jp-mod-accept").click();
  };
  const notice = ({ page }: LabPage) =>
    page.locator(".Toastify__toast").filter({ hasText: "their variables are gone" });
  const runningPaths = async () => {
    const { origin, searchParams } = new URL(lab.server.url);
    const headers = { Authorization: `token ${searchParams.get("token")}` };
    const sessions = (await (await fetch(`${origin}/api/sessions`, { headers })).json()) as {
      path: string;
    }[];
    return sessions.map(({ path }) => path).sort();
  };

  test("asks for the token of a server that was started again, and loses nothing", async () => {
    const page = await lab.openCells("old.ipynb", "1");
    await page.type(0, " + 41");
    await lab.restart();
    await dialogOf(page).locator("input").waitFor();
    await enter(page, "wrong");
    await dialogOf(page).filter({ hasText: "not its token" }).getByText("Close", { exact: true }).click();
    await enter(page, lab.server.url);
    await dialogOf(page).waitFor({ state: "detached" });
    expect(await page.code(0)).toBe("1 + 41");
    await page.save();
    expect(saved("old.ipynb")).toContain("1 + 41");
  });

  test("gives its notebooks kernels of the server that was started again, and says that variables are gone", async () => {
    const page = await lab.openCells("without.ipynb", "1");
    await page.menu("Kernel", "Shut Down Kernel");
    await expect.poll(runningPaths).not.toContain("without.ipynb");
    writeNotebook(join(lab.root, "kept.ipynb"), ["const kept = 41;", "typeof kept", "40 + 2"]);
    await page.openFile("kept.ipynb");
    await page.ready("kept.ipynb");
    await page.run(0);
    await expect.poll(() => page.prompt(0).textContent()).toBe("[1]:");
    await lab.restart();
    await dialogOf(page).locator("input").waitFor();
    await enter(page, lab.server.url);
    await notice(page).waitFor();
    await page.ready("kept.ipynb");
    // The kernel that the user has shut down stays so.
    expect(await runningPaths()).toEqual(["kept.ipynb"]);
    await page.run(1);
    await expect.poll(() => page.outputs(1).allTextContents()).toEqual([expect.stringContaining("kept")]);
    await page.restartKernel();
    await page.run(2);
    await expect.poll(() => page.outputs(2).allTextContents()).toEqual(["42"]);
    await expect.poll(() => page.prompt(2).textContent()).toBe("[1]:");
  });

  test("comes back with the other pages of its browser: a notebook and its console have one kernel", async () => {
    const page = await lab.openCells("shared.ipynb", "const shared = 42;");
    await page.page.evaluate(
      'jupyterapp.commands.execute("notebook:create-console", { activate: false }).then(() => undefined)',
    );
    await page.page.locator(".jp-ConsolePanel .jp-CodeConsole-banner").waitFor();
    await lab.restart();
    await dialogOf(page).locator("input").waitFor();
    // Another page of the browser was told the token.
    await page.page.context().request.get(lab.server.url, { headers: { Accept: "text/html" } });
    await notice(page).waitFor();
    await dialogOf(page).waitFor({ state: "detached" });
    await page.select(0);
    await page.ready("shared.ipynb");
    await page.run(0);
    await expect.poll(() => page.prompt(0).textContent()).toBe("[1]:");
    const kernels = `[...jupyterapp.shell.widgets("main")].map((widget) => widget.sessionContext?.session?.kernel.id)`;
    const [first, second] = await page.page.evaluate<string[]>(kernels);
    expect(first).toBeTruthy();
    expect(second).toBe(first);
  });

  test("has the menu items that lead somewhere", async () => {
    const page = await lab.openCells("menu.ipynb", "1");
    await page.menu("File");
    const labels = await page.page.locator(".lm-Menu-itemLabel").allTextContents();
    expect(labels).toEqual(
      expect.arrayContaining(["Save and Export Notebook As", "Print…", "Log Out", "Shut Down"]),
    );
  });

  test("has help that opens in a tab", async () => {
    const page = await lab.openCells("help.ipynb", "1");
    await page.page.route("https://commonmark.org/help/", (route) =>
      route.fulfill({ body: "<h1>Markdown in ten minutes</h1>", contentType: "text/html" }),
    );
    await page.menu("Help", "Markdown Reference");
    const frame = page.page.frameLocator(".jp-Help iframe");
    await frame.getByText("Markdown in ten minutes").waitFor();
  });

  test("becomes the page that asks for the token after Log Out", async () => {
    const page = await lab.openCells("out.ipynb", "1");
    await page.menu("File", "Log Out");
    await page.page.locator("input[name=token]").waitFor();
    expect(await page.page.context().cookies()).toEqual([]);
    await page.page.locator("input[name=token]").fill(lab.server.url);
    await page.page.getByRole("button").click();
    await page.page.locator("#jp-main-dock-panel").waitFor();
  });

  // The last one: no server is left.
  test("ends the server by Shut Down", async () => {
    const page = await lab.openCells("end.ipynb", "1");
    await page.menu("File", "Shut Down");
    await page.acceptDialog();
    await lab.server.closed;
  });
});
