// How a page's session begins and ends: links, Log Out, Shut Down, a server that was started again.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hasBrowser } from "../../support/browser.js";
import { useLab } from "../../support/lab_page.js";

describe.skipIf(!hasBrowser())("a page of JupyterLab", () => {
  const lab = useLab();
  const saved = (name: string) => readFileSync(join(lab.root, name), "utf8");

  it("is opened by the printed address on another site's page, and runs cells", async () => {
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

  it("asks for the token of a server that was started again, and loses nothing", async () => {
    const page = await lab.openCells("old.ipynb", "1");
    await page.type(0, " + 41");
    await lab.restart();
    const dialog = page.page.locator(".jp-Dialog").filter({ hasText: "The server was started again" });
    const enter = async (text: string) => {
      await dialog.locator("input").fill(text);
      await dialog.locator(".jp-mod-accept").click();
    };
    await dialog.locator("input").waitFor();
    await enter("wrong");
    await dialog.filter({ hasText: "not its token" }).getByText("Close", { exact: true }).click();
    await enter(lab.server.url);
    await dialog.waitFor({ state: "detached" });
    expect(await page.code(0)).toBe("1 + 41");
    await page.save();
    expect(saved("old.ipynb")).toContain("1 + 41");
  });

  it("has no menu item that leads nowhere", async () => {
    const page = await lab.openCells("menu.ipynb", "1");
    await page.menu("File");
    const labels = await page.page.locator(".lm-Menu-itemLabel").allTextContents();
    expect(labels).toEqual(expect.arrayContaining(["Log Out", "Shut Down"]));
    expect(labels.join()).not.toMatch(/Export/);
  });

  it("is the page that asks for the token after Log Out", async () => {
    const page = await lab.openCells("out.ipynb", "1");
    await page.menu("File", "Log Out");
    await page.page.locator("input[name=token]").waitFor();
    expect(await page.page.context().cookies()).toEqual([]);
    await page.page.locator("input[name=token]").fill(lab.server.url);
    await page.page.getByRole("button").click();
    await page.page.locator("#jp-main-dock-panel").waitFor();
  });

  // The last one: no server is left.
  it("ends the server by Shut Down", async () => {
    const page = await lab.openCells("end.ipynb", "1");
    await page.menu("File", "Shut Down");
    await page.acceptDialog();
    await lab.server.closed;
  });
});
