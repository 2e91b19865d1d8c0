// What `node lab/build.js` left in dist/lab/static; `npm test` builds it first.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { packageRoot } from "../../kernel/package_root.js";

const folder = join(packageRoot, "dist", "lab", "static");
const read = (name: string) => readFileSync(join(folder, name), "utf8");

describe("the bundle of JupyterLab", () => {
  test("has every file that the page names, and a page that names no other place", () => {
    const page = read("index.html");
    const references = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, url]) => url);
    expect(references.length).toBeGreaterThan(5);
    for (const url of references) {
      expect(url).toMatch(/^\/static\//);
      expect(existsSync(join(folder, url.slice("/static/".length))), url).toBe(true);
    }
    // For the server to fill in: the configuration, and a nonce for each script.
    const scripts = page.match(/<script type="module"|<link rel="modulepreload"/g)!;
    const places = page.match(/\{\{\w+\}\}/g);
    expect(places?.toSorted()).toEqual([...scripts.map(() => "{{nonce}}"), "{{page_config}}"].toSorted());
  });

  test("has each script and style in brotli and gzip too", () => {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
      /\.(js|css|html|json)$/.test(name),
    );
    expect(names.length).toBeGreaterThan(100);
    for (const name of names) {
      const content = readFileSync(join(folder, name));
      expect(brotliDecompressSync(readFileSync(join(folder, `${name}.br`))).equals(content), name).toBe(true);
      expect(gunzipSync(readFileSync(join(folder, `${name}.gz`))).equals(content), name).toBe(true);
    }
  });

  test("gives every extension's settings, and asks no server for news or updates", () => {
    const schemas = JSON.parse(read("schemas.json")) as Record<
      string,
      { version: string; schema: { properties: Record<string, { default: unknown }> } }
    >;
    expect(Object.keys(schemas)).toContain("@jupyterlab/notebook-extension:tracker");
    expect(Object.keys(schemas)).toContain("@jupyterlab/apputils-extension:themes");
    const { properties } = schemas["@jupyterlab/apputils-extension:notification"].schema;
    expect([properties.fetchNews.default, properties.checkForUpdates.default]).toEqual(["false", false]);
  });

  test("names the licence of every package in it, with its text", () => {
    const notices = read("third_party_notices.txt").split(`\n\n${"-".repeat(80)}\n\n`);
    const titles = notices.map((notice) => notice.trim().split("\n", 1)[0]);
    const { dependencies } = JSON.parse(readFileSync(join(packageRoot, "lab", "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    // Of the themes' packages only styles may be in the bundle, of all others scripts.
    for (const [name, version] of Object.entries(dependencies)) {
      expect(
        titles.some((title) => title.startsWith(`${name} ${version}, `)),
        name,
      ).toBe(true);
    }
    for (const title of titles) expect(title).toMatch(/^\S+ \d\S*, \S/);
    expect(titles.length).toBeGreaterThan(300);
    const wordless = notices.filter((notice) => !/\b(permi(tted|ssion)|license)\b[^]{300}/i.test(notice));
    expect(wordless).toEqual([]);
    expect(notices.filter((notice) => /<(year|owner|copyright holders)>/.test(notice))).toEqual([]);
    // Its package holds no text.
    const jupyterLab = notices.find((notice) => notice.startsWith("@jupyterlab/notebook 4."));
    expect(jupyterLab).toMatch(/Copyright \(c\) Project Jupyter\.\s+Redistribution and use in source/);
    const vega = notices.find((notice) => notice.startsWith("vega-lite 5."));
    expect(vega).toContain("Redistribution and use in source and binary forms");
    expect(titles.filter((title) => title.startsWith("yjs "))).toHaveLength(1);
    // As Help > Licenses shows them.
    const { packages } = JSON.parse(read("licenses.json")).bundles.JupyterLab;
    expect(packages).toHaveLength(titles.length);
    expect(packages.find(({ name }: { name: string }) => name === "vega-lite")).toEqual({
      name: "vega-lite",
      versionInfo: expect.stringMatching(/^5\./),
      licenseId: "BSD-3-Clause",
      extractedText: expect.stringContaining("Redistribution and use in source and binary forms"),
    });
  });
});
