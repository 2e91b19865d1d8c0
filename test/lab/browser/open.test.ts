// The file that the browser is opened with, and links that stand elsewhere.

import { mkdtempSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openBrowser } from "../../../cli/lab/browser.js";
import { hasBrowser, launchBrowser, openPage } from "../../support/browser.js";
import { useServer } from "../../support/lab_server.js";

const opened = vi.hoisted((): string[] => []);
vi.mock("open", () => ({
  default: (url: string) => {
    opened.push(url);
    return Promise.resolve();
  },
}));

describe.skipIf(!hasBrowser())("a browser", () => {
  const server = useServer();
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test("gets from the file to the page, with the cookie and without the token", async () => {
    vi.stubEnv("XDG_DATA_HOME", mkdtempSync(join(tmpdir(), "unrolled-data-")));
    const remove = await openBrowser(server.lab.invite("/lab/tree/한글.ipynb"));
    vi.unstubAllEnvs();
    const { page } = await openPage(browser, server.lab.url);
    await page.goto(opened[0]);
    await page.waitForURL(`http://127.0.0.1:${server.lab.port}/lab/tree/**`);
    await page.waitForSelector("#jupyter-config-data", { state: "attached" });
    expect(page.url()).not.toContain("token");
    expect(readFileSync(new URL(opened[0]), "utf8")).not.toContain(server.token);
    await remove();
    await page.close();
  });

  test("gets to the page by a link on another site", async () => {
    const elsewhere = createServer((_, response) => {
      response.setHeader("Content-Type", "text/html");
      response.end(`<a href="${server.lab.url}">here</a>`);
    }).listen(0, "127.0.0.1");
    await once(elsewhere, "listening");
    const { page } = await openPage(browser, server.lab.url);
    await page.goto(`http://localhost:${(elsewhere.address() as AddressInfo).port}`);
    await page.getByText("here").click();
    await page.waitForSelector("#jupyter-config-data", { state: "attached" });
    expect(page.url()).toBe(`http://127.0.0.1:${server.lab.port}/lab`);
    await page.close();
    elsewhere.close();
  });
});
