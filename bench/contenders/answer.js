// Lines "train SHAPE STEPS" and "infer SHAPE STEPS" on stdin, the median milliseconds of a step for each on stdout.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const shapes = JSON.parse(readFileSync(new URL("shapes.json", import.meta.url), "utf8"));

/** `make(shape, name)` returns `{ train, infer }`, which may be promises. */
export async function answer(make) {
  const contenders = {};
  for await (const line of createInterface({ input: process.stdin })) {
    const [command, name, steps] = line.split(" ");
    contenders[name] ??= await make(shapes[name], name);
    const times = [];
    for (let step = 0; step < Number(steps); step++) {
      const start = performance.now();
      const running = contenders[name][command]();
      if (running instanceof Promise) await running;
      times.push(performance.now() - start);
    }
    times.sort((a, b) => a - b);
    console.log(times[times.length >> 1]);
  }
}

export const uniform = (length) => Float32Array.from({ length }, () => 2 * Math.random() - 1);
