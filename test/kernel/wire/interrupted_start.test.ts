// A stop that comes while the kernel, or a part of it, is being loaded breaks nothing for ever.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startKernel } from "../../../kernel/protocol/client.js";
import { resultText, streamText, useKernel } from "../../support/kernel.js";

const kernel = useKernel();
const CHART = `({ $schema: "https://vega.github.io/schema/vega-lite/v5.json", mark: "point", data: { values: [{ x: 1 }] } })`;
// Milliseconds behind the kernel's first answer.
const DELAYS =
  process.env.UNROLLED_LONG === "1" ? Array.from({ length: 16 }, (_, i) => 20 + 28 * i) : [20, 76, 188, 440];

test.each(DELAYS)(
  "an interrupt %i ms after the kernel has first answered leaves it usable",
  async (delay) => {
    const client = await startKernel({ cwd: kernel.folder });
    try {
      const execution = client.execute("1 + 1");
      await new Promise((resolve) => setTimeout(resolve, delay));
      await client.interrupt();
      expect([undefined, "Interrupted"]).toContain((await execution).error?.ename);
      expect(resultText(await client.execute("1 + 1"))).toBe("2");
    } finally {
      await client.shutdown();
    }
  },
);

/** Executes a cell that is stopped when it has printed. @returns its error, if it has not come to its end */
async function stopped(code: string): Promise<string | undefined> {
  const flag = join(kernel.folder, "stopped");
  rmSync(flag, { force: true });
  let interrupted: Promise<void> | undefined;
  const execution = kernel.client.execute(code, {
    onOutput: () => {
      interrupted ??= kernel.client.interrupt();
      void interrupted.then(() => {
        writeFileSync(flag, "");
      });
    },
  });
  const { error } = await execution;
  await interrupted;
  return error?.ename;
}

test("charts can be drawn after an interrupt has stopped the first one", async () => {
  expect([undefined, "Interrupted"]).toContain(await stopped(`console.log("started"); ${CHART}`));
  const { outputs, error } = await kernel.client.execute(CHART);
  expect(error).toBeUndefined();
  expect(outputs).toMatchObject([
    { output_type: "execute_result", data: { "image/png": expect.any(String) as string } },
  ]);
});

test("a cell's global document survives an interrupt while the libraries of charts are loaded", async () => {
  const client = await startKernel({ cwd: kernel.folder });
  try {
    await client.execute(`Object.assign(globalThis, { document: "mine" });
      const extensions = require("node:module")._extensions, js = extensions[".js"];
      extensions[".js"] = (module: object, file: string) => {
        if (!file.includes("vega")) return js(module, file);
        extensions[".js"] = js;
        console.log("loading", "document" in globalThis);
        while (true);
      };`);
    let interrupted: Promise<void> | undefined;
    const first = await client.execute(CHART, { onOutput: () => void (interrupted ??= client.interrupt()) });
    await interrupted;
    expect(first.error?.ename).toBe("Interrupted");
    expect(streamText(first)).toBe("loading false\n");
    expect(resultText(await client.execute("(globalThis as any).document"))).toBe("'mine'");
  } finally {
    await client.shutdown();
  }
});

test.each([
  ["awaits", "await new Promise((resolve) => (globalThis.goOn = resolve));"],
  ["computes", 'while (!existsSync("stopped"));'],
])("an ES module that %s while it is loaded can be imported after an interrupt", async (what, work) => {
  const folder = join(kernel.folder, "node_modules", what);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module", "exports": "./index.js" }');
  writeFileSync(
    join(folder, "index.js"),
    `import { existsSync } from "node:fs"; console.log("loading"); ${work} export const whole = 1;`,
  );
  const load = `(await import(${JSON.stringify(what)} as string)).whole`;
  const error = await stopped(load);
  // What computes is not broken off.
  expect(what === "awaits" ? ["Interrupted"] : [undefined, "Interrupted"]).toContain(error);
  expect(await kernel.evaluate(`(globalThis as any).goOn?.(); ${load}`)).toBe("1");
});
