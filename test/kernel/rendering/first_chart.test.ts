// The first chart of a kernel, where Vega and the painter are loaded.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { KernelClient } from "../../../kernel/protocol/client.js";
import { startKernel } from "../../../kernel/protocol/client.js";

const VEGA_LITE = "application/vnd.vegalite.v5+json";
const CHART =
  '({ $schema: "https://vega.github.io/schema/vega-lite/v5.json", mark: "point", data: { values: [{ x: 1 }] } })';
let kernel: KernelClient;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "unrolled-test-"));
  // As where npm has installed no program for the platform.
  const hook = join(folder, "without_painter.cjs");
  writeFileSync(
    hook,
    `const Module = require("node:module");
     const resolve = Module._resolveFilename;
     Module._resolveFilename = (name, ...rest) => {
       if (name.startsWith("@resvg/resvg-js-")) throw new Error("Cannot find module '" + name + "'\\nRequire stack: …");
       return resolve(name, ...rest);
     };`,
  );
  kernel = await startKernel({ cwd: folder, env: { NODE_OPTIONS: `--require ${JSON.stringify(hook)}` } });
});

afterAll(async () => {
  await kernel.shutdown();
  rmSync(folder, { recursive: true });
});

test("a chart asks no document that a cell made global for a canvas, and has no PNG where nothing paints", async () => {
  await kernel.execute(`const createElement = () => ({ getContext: () => console.error("not implemented") });
    Object.assign(globalThis, { document: { createElement } }); undefined`);
  const { outputs, error } = await kernel.execute(CHART);
  expect(error).toBeUndefined();
  expect(outputs).toMatchObject([
    { output_type: "execute_result", metadata: {} },
    {
      name: "stderr",
      text: expect.stringMatching(/^charts are shown without a PNG here: Cannot find .*\n$/) as string,
    },
  ]);
  expect(Object.keys((outputs[0] as unknown as { data: object }).data)).toEqual([VEGA_LITE, "text/plain"]);
});

test("only the first chart without a PNG warns, and the cell's document is still there", async () => {
  const { outputs } = await kernel.execute(CHART);
  expect(outputs).toMatchObject([{ output_type: "execute_result" }]);
  const { outputs: after } = await kernel.execute(
    "(globalThis as any).document.createElement === createElement",
  );
  expect(after).toMatchObject([{ data: { "text/plain": "true" } }]);
});
