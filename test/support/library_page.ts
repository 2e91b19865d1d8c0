// The built library in a page of Chromium, as an application's bundler brings it there.

import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { build } from "vite";
import { expect } from "vitest";
import { launchBrowser, PATIENCE_MS } from "./browser.js";

const dist = (path: string) => fileURLToPath(new URL(`../../dist/src/${path}`, import.meta.url));

/** What `modules` of dist/src export, bundled: code by file name. */
async function bundle(modules: readonly string[]): Promise<Map<string, string>> {
  const entry = modules.map((path) => `export * from ${JSON.stringify(dist(path))};`).join("\n");
  const built = await build({
    configFile: false,
    logLevel: "error",
    build: { write: false, lib: { entry: dist("library"), formats: ["es"], fileName: "library" } },
    plugins: [
      {
        name: "entry",
        enforce: "pre",
        resolveId: (id) => (id === dist("library") ? id : null),
        load: (id) => (id === dist("library") ? entry : null),
      },
    ],
  });
  const [{ output }] = built as { output: { fileName: string; code: string }[] }[];
  return new Map(output.map(({ fileName, code }) => [`/${fileName}`, code]));
}

/** With these a page may share memory with its workers. */
export const isolation = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/**
 * Calls `use` with a page that can import "/library.js"; then nothing may have failed in it.
 *
 * @param headers of all that the page loads
 * @param worker the text of "/worker.js"
 */
export async function inLibraryPage(
  modules: readonly string[],
  use: (page: Page) => Promise<void>,
  { headers = isolation, worker = "" }: { headers?: Record<string, string>; worker?: string } = {},
): Promise<void> {
  const files = (await bundle(modules)).set("/worker.js", worker);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const errors: unknown[] = [];
    page.on("pageerror", (error) => errors.push(error));
    await page.route("**/*", (route) => {
      const code = files.get(new URL(route.request().url()).pathname);
      const contentType = code === undefined ? "text/html" : "text/javascript";
      return route.fulfill({ contentType, headers, body: code ?? "<!doctype html><title>Unrolled</title>" });
    });
    await page.goto("https://unrolled.test/");
    await use(page);
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
  }
}
