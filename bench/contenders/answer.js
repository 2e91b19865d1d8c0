// Lines "train SHAPE MS" and "infer SHAPE MS" on stdin: the step is repeated for so long, at least once, and
// the median of its milliseconds goes to stdout.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { median } from "../../dist/bench/ratios.js";

const shapes = JSON.parse(readFileSync(new URL("shapes.json", import.meta.url), "utf8"));

/** `make(shape, name)` returns `{ train, infer }`, which may be promises. */
export async function answer(make) {
  const contenders = {};
  for await (const line of createInterface({ input: process.stdin })) {
    const [command, name, milliseconds] = line.split(" ");
    contenders[name] ??= await make(shapes[name], name);
    const times = [];
    const end = performance.now() + Number(milliseconds);
    do {
      const start = performance.now();
      const running = contenders[name][command]();
      if (running instanceof Promise) await running;
      times.push(performance.now() - start);
    } while (performance.now() < end);
    console.log(median(times));
  }
}

export const uniform = (length) => Float32Array.from({ length }, () => 2 * Math.random() - 1);
