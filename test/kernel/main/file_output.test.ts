// What cells write to the files behind stdout and stderr is shown in the cell, in the order in which it was
// written.

import { expect, test } from "vitest";
import { useKernel } from "../../support/kernel.js";

const kernel = useKernel();

test.each([
  ["writeSync", 'fs.writeSync(1, "가\\n")'],
  ["writeSync of a part", 'fs.writeSync(1, Buffer.from("xx가\\nx"), 2, 4)'],
  ["writeSync in an encoding", 'fs.writeSync(1, "6rCACg==", null, "base64")'],
  ["write", 'await new Promise((resolve) => fs.write(1, "가\\n", resolve))'],
  ["write, promisified", 'await promisify(fs.write)(1, Buffer.from("가\\n"))'],
  ["writevSync", 'fs.writevSync(1, [Buffer.from("가"), Buffer.from("\\n")])'],
  ["writeFileSync", 'fs.writeFileSync("/dev/stdout", "가\\n")'],
  ["writeFileSync by number", 'fs.writeFileSync(1, "가\\n")'],
  ["appendFileSync", 'fs.appendFileSync("/dev/stdout", Buffer.from("가\\n"))'],
  ["promises.writeFile", 'await fs.promises.writeFile("/dev/stdout", "가\\n")'],
  ["open", 'const file = fs.openSync("/dev/stdout", "w"); fs.writeSync(file, "가\\n"); fs.closeSync(file)'],
  [
    "a stream",
    'const stream = fs.createWriteStream("/dev/fd/1"); await new Promise<void>((resolve) => stream.end("가\\n", resolve))',
  ],
  ["end", 'process.stdout.end("가\\n")'],
])("what a cell writes to stdout by %s is shown in order among its prints", async (_, code) => {
  const imports = 'import fs from "node:fs"; import { promisify } from "node:util";';
  expect(await kernel.printed(`${imports} console.log(1); ${code}; console.log(2)`)).toBe("1\n가\n2\n");
});

test("what a cell writes to stderr is shown as stderr", async () => {
  const { outputs } = await kernel.client.execute(
    'import { writeSync } from "node:fs"; void writeSync(2, "oh\\n")',
  );
  expect(outputs).toEqual([{ output_type: "stream", name: "stderr", text: "oh\n" }]);
});

test("other files are written as usual", async () => {
  const code =
    'import fs from "node:fs"; fs.writeFileSync("x.txt", "가"); fs.appendFileSync("x.txt", "나"); fs.readFileSync("x.txt", "utf8")';
  expect(await kernel.evaluate(code)).toBe("'가나'");
});
