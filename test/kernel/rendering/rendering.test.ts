// What Jupyter is given to show for a value, charts above all.

import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterEach, describe, expect, test, vi } from "vitest";
import { mimeBundle } from "../../../kernel/rendering/mime_bundle.js";

const VEGA_LITE = "application/vnd.vegalite.v5+json";
const SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json";
const display = Symbol.for("Jupyter.display");

const chart = (rest: object = {}) => ({
  $schema: SCHEMA,
  description: "one point",
  data: { values: [{ x: 1, y: 2 }] },
  mark: "point",
  encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
  ...rest,
});

function show(value: unknown) {
  const bundle = mimeBundle(value);
  if (bundle === null || bundle instanceof Promise) throw new Error("expected a bundle at once");
  return bundle;
}

const png = (value: unknown) => Buffer.from(show(value).data["image/png"] as string, "base64");

afterEach(() => {
  vi.restoreAllMocks();
});

describe("plain values", () => {
  test("undefined shows nothing", () => {
    expect(mimeBundle(undefined)).toBeNull();
  });

  test.each([
    [null, "null"],
    [-0, "-0"],
    [NaN, "NaN"],
    [5n, "5n"],
    ["text", "'text'"],
    [[1, 2], "[ 1, 2 ]"],
    [new Map([["a", 1]]), "Map(1) { 'a' => 1 }"],
    [
      { $schema: "https://json-schema.org/draft/2020-12/schema" },
      "{ '$schema': 'https://json-schema.org/draft/2020-12/schema' }",
    ],
  ])("%o shows as text", (value, text) => {
    expect(show(value)).toEqual({ data: { "text/plain": text }, metadata: {} });
  });

  const grid = (rows: number, columns: number, entry: (row: number, column: number) => number) =>
    Array.from({ length: rows }, (_, row) =>
      Array.from({ length: columns }, (_, column) => entry(row, column)),
    );
  const plain = (value: unknown) => (show(value).data["text/plain"] as string).split("\n");

  test("matrices show their columns aligned, six digits of each number", () => {
    expect(plain([[1 / 3, -10, NaN], [12.5, 0, -0], new Float64Array([1e-7, 100, Infinity])])).toEqual([
      "[",
      "  [  0.333333, -10,      NaN ],",
      "  [ 12.5     ,   0,       -0 ],",
      "  [  1e-7    , 100, Infinity ]",
      "]",
    ]);
  });

  test("matrices too large for a screen show their edges and their shape", () => {
    const lines = plain(grid(100, 50, (row, column) => 100 * row + column));
    expect(lines).toHaveLength(23);
    expect(lines[1]).toBe("  [    0,    1,    2,    3,    4,    5, …,   44,   45,   46,   47,   48,   49 ],");
    expect(lines[11]).toBe("  …,");
    expect(lines[21]).toMatch(/^ {2}\[ 9900, .*9949 \]$/);
    expect(lines[22]).toBe("] // 100 × 50");
  });

  test.each([
    [[[1, 2]], "[ [ 1, 2 ] ]"],
    [[[1], [2, 3]], "[ [ 1 ], [ 2, 3 ] ]"],
    [[[1, "a"]], "[ [ 1, 'a' ] ]"],
    [[[], []], "[ [], [] ]"],
  ])("arrays that are not matrices show as they are: %j", (value, text) => {
    expect(plain(value)).toEqual([text]);
  });

  test.each<[ArrayBufferView, string[]]>([
    [new Float32Array([0.1, -2]), ["Float32Array(2) [ 0.1, -2 ]"]],
    [new Uint8Array(0), ["Uint8Array(0) []"]],
    [
      new Float64Array(12).map((_, i) => i / 8),
      [
        "Float64Array(12) [",
        "  0   , 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1, 1.125,",
        "  1.25, 1.375",
        "]",
      ],
    ],
    [new BigInt64Array([2n ** 60n]), ["BigInt64Array(1) [ 1152921504606846976n ]"]],
    [Buffer.from([1, 2]), ["<Buffer 01 02>"]],
  ])("typed arrays show aligned: %o", (value, lines) => {
    expect(plain(value)).toEqual(lines);
  });

  test("long typed arrays show their ends", () => {
    const lines = plain(new Int16Array(1000).map((_, i) => i));
    expect(lines).toHaveLength(9);
    expect([lines[0], lines[4]]).toEqual(["Int16Array(1000) [", "  …,"]);
    expect(lines[7]).toBe("  990, 991, 992, 993, 994, 995, 996, 997, 998, 999");
  });

  test("records show as a table, text escaped, no more than 100 rows", () => {
    const rows = Array.from({ length: 102 }, (_, t) => ({ t, "<b>": "a & b" }));
    const html = show(rows).data["text/html"] as string;
    expect(html).toContain("<th>t</th><th>&lt;b&gt;</th>");
    expect(html).toContain("<td>99</td><td>a &amp; b</td>");
    expect(html).not.toContain("<td>100</td>");
    expect(html).toContain("… 2 more rows");
  });

  test("records show no more than 20 columns and 50 characters of each cell, and what their getters throw", () => {
    const row = Object.fromEntries(Array.from({ length: 2000 }, (_, column) => [`c${column}`, column]));
    const wide = show([row]).data["text/html"] as string;
    expect(wide).toContain("<th>c9</th><th>…</th><th>c1990</th>");
    expect(wide).toContain("<td>9</td><td>…</td><td>1990</td>");
    expect(wide).toMatch(/… 1980 more columns<\/p>$/);

    const long = show([{ short: "x".repeat(50), long: "x".repeat(48) + "😀".repeat(9), list: [row] }]);
    const cells = (long.data["text/html"] as string).match(/(?<=<td>).*?(?=<\/td>)/g)!;
    expect(cells.map((cell) => cell.length)).toEqual([50, 49, 50]);
    expect(cells[1]).toBe("x".repeat(48) + "…");

    const failing = {
      get failing(): never {
        throw new Error("not today");
      },
    };
    expect(show([failing]).data["text/html"]).toContain("<td>(Error: not today)</td>");
  });
});

describe("values of well-known libraries", () => {
  const bytes = (...parts: (string | number[])[]) =>
    Buffer.concat(
      parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part))),
    );
  const html = (value: unknown) => show(value).data["text/html"] as string;

  test.each([
    ["image/png", bytes("\x89PNG\r\n\x1a\n", [0, 0, 0, 13])],
    ["image/jpeg", bytes([0xff, 0xd8, 0xff, 0xe0, 0, 16], "JFIF")],
    ["image/gif", bytes("GIF89a", [1, 0, 1, 0])],
    ["image/webp", bytes("RIFF", [10, 1, 0, 13], "WEBPVP8 ")],
  ])("bytes of an %s show as such, also without Buffer", (mime, content) => {
    for (const value of [content, new Uint8Array(content)]) {
      expect(show(value).data).toMatchObject({
        [mime]: content.toString("base64"),
        "text/plain": expect.stringMatching(/^<Buffer|^Uint8Array/) as string,
      });
    }
  });

  test.each([["\x89PNG"], ["RIFFxxxxWAVE"], ["GIF"], [""]])(
    "bytes of anything else show as bytes: %j",
    (start) => {
      expect(Object.keys(show(bytes(start)).data)).toEqual(["text/plain"]);
    },
  );

  test("an element shows as HTML, and its text", () => {
    class HTMLElement {
      readonly outerHTML = "<p>a <b>bold</b><style>b { top: 0 }</style> word</p>";
    }
    expect(show(new HTMLElement()).data).toEqual({
      "text/html": new HTMLElement().outerHTML,
      "text/plain": "a bold word",
    });
  });

  test("an SVG element, which names no namespace, shows as a drawing with its picture; so does d3's selection", () => {
    const svg = {
      outerHTML: '<svg width="30" height="20"><text>a&nbsp;b</text><use xlink:href="#a"></use></svg>',
    };
    const selection = { _groups: [[svg]], _parents: [null], node: () => svg };
    for (const value of [svg, selection]) {
      const { data, metadata } = show(value);
      expect(data["image/svg+xml"]).toBe(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="30" height="20"><text>a&#160;b</text><use xlink:href="#a"></use></svg>',
      );
      expect(data["image/png"]).toEqual(expect.any(String));
      expect(metadata).toEqual({ "image/png": { width: 30, height: 20, alt: "an SVG drawing" } });
    }
  });

  test("a canvas shows its picture, at once or when it is ready", async () => {
    const picture = bytes("\x89PNG\r\n\x1a\n");
    const url = `data:image/png;base64,${picture.toString("base64")}`;
    const getContext = () => null;
    const canvases = [
      { getContext, toDataURL: () => url },
      { getContext, toDataURL: () => Promise.resolve(url) },
      { getContext, toBuffer: (mime: string) => (mime === "image/png" ? picture : undefined) },
    ];
    for (const canvas of canvases) {
      expect((await mimeBundle(canvas))?.data["image/png"]).toBe(picture.toString("base64"));
    }
    const broken = { getContext, toDataURL: () => Promise.reject(new Error("lost")) };
    expect(Object.keys((await mimeBundle(broken))!.data)).toEqual(["text/plain"]);
  });

  test("an object with a toSpec() that returns Vega-Lite shows as the chart", () => {
    class Mark {
      toSpec = () => chart();
    }
    expect(Object.keys(show(new Mark()).data)).toEqual([VEGA_LITE, "image/png", "text/plain"]);
    expect(Object.keys(show({ toSpec: () => ({ mark: "bar" }) }).data)).toEqual(["text/plain"]);
  });

  const limits: unknown[] = [];
  const rows = (count: number) => Array.from({ length: count }, (_, at) => ({ n: at, name: `<${at}>` }));
  const frames: [string, object][] = [
    [
      "arquero's",
      {
        columnNames: () => ["n", "name"],
        numRows: () => 5000,
        objects: ({ limit }: { limit: number }) => {
          limits.push(limit);
          return rows(limit);
        },
        toArray: () => {
          throw new Error("all of them");
        },
      },
    ],
    [
      "Arrow's",
      {
        schema: { fields: [{ name: "n" }, { name: "name" }] },
        numRows: 5000,
        slice: (from: number, to: number) => {
          limits.push(to - from);
          return { toArray: () => rows(to - from) };
        },
      },
    ],
    [
      "Danfo's",
      {
        columns: ["n", "name"],
        shape: [5000, 2],
        head: (count: number) => {
          limits.push(count);
          return { values: rows(count).map((row) => [row.n, row.name]) };
        },
      },
    ],
  ];
  test.each(frames)("%s data frames show their first 100 rows, and ask for no more", (_, frame) => {
    limits.length = 0;
    expect(html(frame)).toContain("<thead><tr><th>n</th><th>name</th></tr></thead>");
    expect(html(frame)).toContain("<td>99</td><td>&lt;99&gt;</td></tr></tbody>");
    expect(html(frame)).toMatch(/… 4900 more rows<\/p>$/);
    expect(show(frame).data["text/plain"]).toMatch(/^5000 rows × 2 columns\n\[/);
    expect(new Set(limits)).toEqual(new Set([100]));
  });

  test("what has display methods of other kernels, or toHTML, shows as these say", () => {
    expect(show({ _repr_html_: () => "<i>x</i>", _repr_latex_: () => null }).data).toEqual({
      "text/html": "<i>x</i>",
      "text/plain": expect.stringContaining("_repr_html_") as string,
    });
    const bundle = { "text/markdown": "*x*", "text/plain": "x" };
    expect(show({ _repr_mimebundle_: () => bundle }).data).toEqual(bundle);
    expect(html({ toHTML: () => "<table></table>" })).toBe("<table></table>");
  });

  test("values that do not let themselves be looked at show as text", () => {
    const nothing = () => {
      throw new Error("no");
    };
    const throwing = Object.fromEntries(
      ["_repr_html_", "toHTML", "toDataURL", "getContext", "toSpec", "objects"].map((name) => [
        name,
        nothing,
      ]),
    );
    const getter = (name: PropertyKey) => Object.defineProperty({ a: 1 }, name, { get: nothing });
    const answering = new Proxy({}, { has: (_, name) => typeof name === "string", get: () => nothing });
    const revoked = Proxy.revocable([], {});
    revoked.revoke();
    const names = ["outerHTML", "$schema", "columns", "toHTML", display, Symbol.toStringTag];
    const values = [throwing, answering, revoked.proxy, ...names.map(getter)];
    for (const value of values) expect(Object.keys(show(value).data)).toEqual(["text/plain"]);
    expect(show(getter(inspect.custom)).data["text/plain"]).toContain("a: 1");
  });
});

describe("Vega-Lite charts", () => {
  test("show as specification, picture and description", () => {
    const { data, metadata } = show(chart());
    expect(Object.keys(data)).toEqual([VEGA_LITE, "image/png", "text/plain"]);
    expect(JSON.parse(JSON.stringify(data[VEGA_LITE]))).toEqual(chart());
    expect(data["text/plain"]).toBe("one point");
    const { width, height, alt } = metadata["image/png"] as { width: number; height: number; alt: string };
    expect(alt).toBe("one point");
    const image = png(chart());
    expect([image.readUInt32BE(16), image.readUInt32BE(20)]).toEqual([2 * width, 2 * height]);
  });

  test("look the same every time", () => {
    expect(png(chart())).toEqual(png(chart()));
  });

  test("stay under 40 kB with three lines of a hundred points and Korean titles", () => {
    const values = Array.from({ length: 300 }, (_, k) => ({
      t: k % 100,
      norm: Math.exp(-0.1 * (k % 100)) * (1 + Math.floor(k / 100)),
      series: ["순환 신경망", "장단기 메모리", "상한"][Math.floor(k / 100)],
    }));
    const image = png(
      chart({
        width: 480,
        height: 280,
        title: "시간에 따른 기울기 ‖∂L/∂hₜ‖",
        data: { values },
        mark: { type: "line", point: true },
        encoding: {
          x: { field: "t", type: "quantitative", title: "시간 단계" },
          y: { field: "norm", type: "quantitative", scale: { type: "log" }, title: "기울기 노름" },
          color: { field: "series", type: "nominal", title: "계열" },
        },
      }),
    );
    expect(image.length).toBeLessThan(40_000);
  });

  test("have every character of the lecture's formulas and of Korean, without any installed font", () => {
    const titled = (title: string) => png(chart({ title, width: 60, height: 20 })).toString("base64");
    const characters = [..."‖∂⊙∑√∞≤≥≈×→∈∏∇ŷσγρληₜ₀⁻가값기울소멸셀상태"];
    const missing = titled("\u{e000}");
    const pictures = characters.map(titled);
    for (const [k, picture] of pictures.entries()) expect(picture, characters[k]).not.toBe(missing);
    expect(new Set(pictures).size).toBe(characters.length);
    expect(titled("C\u0303")).not.toBe(titled("C"));
  });

  test("take typed arrays, big integers and gaps, also from a display method", () => {
    const values = [{ x: 1n, y: NaN, of: new Float32Array([1, 2]), more: new BigInt64Array([3n]) }];
    const spec = chart({ data: { values, name: "d" }, width: 50 });
    for (const value of [spec, { [display]: () => ({ [VEGA_LITE]: spec }) }]) {
      const { data } = show(value);
      expect(data[VEGA_LITE]).toMatchObject({
        data: { values: [{ x: 1, y: null, of: [1, 2], more: [3] }] },
      });
      expect(data["image/png"]).toEqual(expect.any(String));
    }
  });

  test.each([
    ["vega-lite", "v6", "Vega-Lite 6"],
    ["vega-lite", "v4.17.0", "Vega-Lite 4"],
  ])("of %s %s are drawn as version 5, with a note", (language, version, name) => {
    const notes: string[] = [];
    const $schema = `https://vega.github.io/schema/${language}/${version}.json`;
    const bundle = mimeBundle(chart({ $schema }), notes) as { data: Record<string, unknown> };
    expect(bundle.data).toMatchObject({
      [VEGA_LITE]: { $schema: SCHEMA },
      "image/png": expect.any(String) as string,
    });
    expect(notes).toEqual([`$schema names ${name}: drawn as version 5, which JupyterLab shows`]);
  });

  test("pass on each of Vega's warnings once", () => {
    const notes: string[] = [];
    const x = { field: "x", type: "quantitative", scale: { type: "log" } };
    void mimeBundle(chart({ mark: "bar", data: { values: [{ x: 0 }, { x: 1 }] }, encoding: { x } }), notes);
    expect(notes).toEqual(["Log scale domain includes zero: [0,1]"]);
  });

  test.each([
    [{ mark: "brr" }, "mark is 'brr', but must be one of arc, area, bar"],
    [{ mark: { type: 5 } }, "mark.type is 5, but must be"],
    [
      { mark: undefined, encoding: undefined, hconcat: [{ mark: "bar" }, { layer: [{ mark: "x" }] }] },
      "hconcat[1].layer[0].mark is 'x'",
    ],
  ])("with a wrong mark are an error that names the mark: %j", (wrong, message) => {
    expect(() => mimeBundle(chart(wrong))).toThrow(`Vega-Lite cannot draw this chart: ${message}`);
  });

  test("are an error in Vega-Lite's words when they are invalid, and print nothing", () => {
    const printed = (["log", "warn", "error"] as const).map((name) => vi.spyOn(console, name));
    expect(() => mimeBundle(chart({ transform: [{ calculate: "1 +", as: "z" }] }))).toThrow(
      /Vega-Lite cannot draw this chart: Unexpected end of input/,
    );
    expect(() => mimeBundle({ $schema: SCHEMA })).toThrow(/Vega-Lite cannot draw this chart/);
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
  });

  test("appear when their data have come from a URL", async () => {
    const server = createServer((_, response) => response.end('[{"x": 3, "y": 4}]')).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/data.json`;
    const loaded = await mimeBundle(chart({ data: { url } }));
    expect(Object.keys(loaded!.data)).toContain("image/png");
    await once(server.close(), "close");

    const failed = await mimeBundle(chart({ data: { url } }));
    expect(Object.keys(failed!.data)).toEqual([VEGA_LITE, "text/plain"]);
    expect(failed!.data["text/plain"]).toMatch(/one point \(no image: .* could not be loaded/);
  });
});

describe('values with a [Symbol.for("Jupyter.display")] method', () => {
  test("show what it returns, with bytes as base64", () => {
    const value = { [display]: () => ({ "text/html": "<b>x</b>", "image/gif": new Uint8Array([1, 2]) }) };
    expect(show(value).data).toEqual({ "text/html": "<b>x</b>", "image/gif": "AQI=" });
  });

  test("may return a promise of it", async () => {
    const value = { [display]: () => Promise.resolve({ "text/plain": "later" }) };
    expect((await mimeBundle(value))?.data).toEqual({ "text/plain": "later" });
  });

  test("get a picture for a Vega-Lite chart that has none", () => {
    const value = { [display]: () => ({ [VEGA_LITE]: chart(), "text/plain": "own words" }) };
    expect(show(value).data).toMatchObject({
      "image/png": expect.any(String) as string,
      "text/plain": "own words",
    });
    expect(show(value).metadata).toMatchObject({ "image/png": { alt: "own words" } });
  });

  test("get a picture for an SVG that has none, at the SVG's size", () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" height="20px" width="30"><circle r="9"/></svg>';
    const { data, metadata } = show({ [display]: () => ({ "image/svg+xml": svg }) });
    const picture = Buffer.from(data["image/png"] as string, "base64");
    expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([60, 40]);
    expect(metadata).toEqual({ "image/png": { width: 30, height: 20 } });
    expect(data["image/svg+xml"]).toBe(svg);
  });

  test.each([
    ["of no size", '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ["that is broken", '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><g></svg>'],
  ])("show an SVG %s as it is", (_, svg) => {
    expect(show({ [display]: () => ({ "image/svg+xml": svg }) }).data).toEqual({ "image/svg+xml": svg });
  });

  test.each([[undefined], ["text"], [[1]], [{ html: "no MIME type" }]])("must not return %o", (returned) => {
    expect(() => mimeBundle({ [display]: () => returned })).toThrow(
      /but must be an object of MIME type → data/,
    );
  });
});
