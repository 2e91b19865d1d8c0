import { access, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runNotebook } from "../../../kernel/commands/run.js";
import { parseNotebook } from "../../../kernel/protocol/nbformat.js";

let folder: string;
let file: string;
let printed: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "unrolled-"));
  file = join(folder, "a.ipynb");
  printed = [];
  const collect = (line: string) => void printed.push(line);
  vi.spyOn(console, "log").mockImplementation(collect);
  vi.spyOn(console, "error").mockImplementation(collect);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const textOf = (sources: string[], metadata: object = {}, indent = 1, minor = 5, tags?: string[]) =>
  JSON.stringify(
    {
      metadata,
      nbformat_minor: minor,
      nbformat: 4,
      cells: [
        { source: "# Title", metadata: {}, cell_type: "markdown", ...(minor === 5 && { id: "m" }) },
        ...sources.map((source, i) => ({
          source,
          outputs: [],
          metadata: { mine: i, tags },
          execution_count: null,
          cell_type: "code",
          ...(minor === 5 && { id: `c${i}` }),
        })),
      ],
    },
    null,
    indent,
  );
const codeCells = async (path = file) =>
  parseNotebook(await readFile(path, "utf8"), path).cells.filter((cell) => cell.cell_type === "code");
const counts = async (path = file) => (await codeCells(path)).map((cell) => cell.execution_count);
const printedBy = (cell: { outputs?: unknown[] }) => JSON.stringify(cell.outputs);

test.each([
  [2, 5],
  [1, 4],
  [4, 0],
])("run fills in the results and nothing else (indent %i, nbformat 4.%i)", async (indent, minor) => {
  const text = textOf(["const a = 6;", "console.log(a * 7);"], { mine: { x: 1 } }, indent, minor);
  await writeFile(file, text);
  expect(await runNotebook([file]), printed.join("\n")).toBe(0);
  const [, second] = await codeCells();
  expect(second.outputs).toEqual([{ output_type: "stream", name: "stdout", text: "42\n" }]);
  expect(await counts()).toEqual([1, 2]);
  const emptied = (await readFile(file, "utf8"))
    .replace(/"outputs": \[\n[^]*?\n {1,12}\],\n/, '"outputs": [],\n')
    .replace(/"execution_count": \d/g, '"execution_count": null');
  expect(emptied).toBe(text);
  expect(printed).toEqual(["[1/2] const a = 6;", "[2/2] console.log(a * 7);"]);
  expect(await readdir(folder)).toEqual(["a.ipynb"]);
});

test("the notebook's folder is the working folder", async () => {
  await writeFile(join(folder, "data.txt"), "beside the notebook");
  await writeFile(
    file,
    textOf(['import { readFileSync } from "node:fs";\nconsole.log(readFileSync("data.txt", "utf8"));']),
  );
  expect(await runNotebook([file]), printed.join("\n")).toBe(0);
  expect(printedBy((await codeCells())[0])).toContain("beside the notebook");
});

test("with -o the input file stays untouched", async () => {
  const text = textOf(["1 + 1"]);
  await writeFile(file, text);
  const out = join(folder, "out.ipynb");
  expect(await runNotebook([file, "-o", out]), printed.join("\n")).toBe(0);
  expect(await readFile(file, "utf8")).toBe(text);
  expect(printedBy((await codeCells(out))[0])).toContain('"2"');
});

test("a cell's error is shown, what ran before it is saved, and the exit code is 1", async () => {
  await writeFile(
    file,
    textOf(["console.log('before');", "throw new RangeError('too deep');", "console.log('after');"]),
  );
  expect(await runNotebook([file])).toBe(1);
  expect(await counts()).toEqual([1, 2, null]);
  const [, failed, notRun] = await codeCells();
  expect(failed.outputs).toMatchObject([{ output_type: "error", ename: "RangeError", evalue: "too deep" }]);
  expect(notRun.outputs).toEqual([]);
  expect(printed.join("\n")).toContain("too deep");
});

test("--allow-errors continues after a cell's error", async () => {
  await writeFile(file, textOf(["throw new Error('no');", "console.log('after');"]));
  expect(await runNotebook([file, "--allow-errors"])).toBe(0);
  expect(printedBy((await codeCells())[1])).toContain("after");
});

test("a cell tagged raises-exception may fail, and need not", async () => {
  await writeFile(file, textOf(["throw new Error('on purpose');", "1 + 1"], {}, 1, 5, ["raises-exception"]));
  expect(await runNotebook([file]), printed.join("\n")).toBe(0);
  expect(await counts()).toEqual([1, 2]);
});

test("late output of an earlier cell is saved in that cell, also when a later cell replaces it", async () => {
  await writeFile(
    file,
    textOf([
      `import { display } from "unrolled/display";
       const handle = display("waiting"), other = display("old");
       let go!: () => void;
       void new Promise<void>((resolve) => (go = resolve)).then(() => { handle.update("done"); console.log("late"); });`,
      `go(); await 0; console.log("second");`,
      `other.update("new");`,
    ]),
  );
  expect(await runNotebook([file]), printed.join("\n")).toBe(0);
  const outputs = (await codeCells()).map((cell) => cell.outputs);
  expect(outputs[0]).toMatchObject([
    { output_type: "display_data", data: { "text/plain": "'done'" } },
    { output_type: "display_data", data: { "text/plain": "'new'" } },
    { output_type: "stream", text: "late\n" },
  ]);
  expect(outputs.slice(1)).toMatchObject([[{ text: "second\n" }], []]);
});

test.each([
  ["in its own cell", ["void Promise.reject(new RangeError('forgotten'));", "2"]],
  [
    "in the time of a later one",
    [
      "let go!: () => void;\nvoid new Promise<void>((resolve) => (go = resolve)).then(() => { throw new RangeError('forgotten'); });",
      "go(); await new Promise((resolve) => setTimeout(resolve)); 2",
    ],
  ],
])(
  "when a promise that nothing awaits fails %s, the run continues and the exit code is 1",
  async (_, sources) => {
    await writeFile(file, textOf(sources));
    expect(await runNotebook([file])).toBe(1);
    const [first, second] = await codeCells();
    expect(first.outputs).toMatchObject([{ output_type: "error", ename: "RangeError", evalue: "forgotten" }]);
    expect(printedBy(second)).toContain('"2"');
    expect(printed.join("\n")).toContain("forgotten");
  },
);

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("%s interrupts the cell, saves what there is and exits with code %i", async (signal, code) => {
  await writeFile(
    file,
    textOf([
      "import { writeFileSync } from 'node:fs'; 1 + 1",
      "console.log('started'); writeFileSync('started', '');\nwhile (true) {}",
      "3",
    ]),
  );
  const ended = runNotebook([file]);
  const signalled = vi
    .waitFor(() => access(join(folder, "started")), { timeout: 60_000 })
    .then(() => process.emit(signal, signal));
  expect(await ended, printed.join("\n")).toBe(code);
  await signalled;
  const [first, second, third] = await codeCells();
  expect(first.execution_count).toBe(1);
  expect(printedBy(second)).toContain("started");
  expect(third.execution_count).toBeNull();
  expect(printed.at(-1)).toBe(`stopped by ${signal}; what ran is saved in ${file}`);
});

test("a kernel that ends itself loses nothing", async () => {
  await writeFile(file, textOf(["console.log('before');", "process.exit(3);", "3"]));
  expect(await runNotebook([file])).toBe(1);
  const [first, second] = await codeCells();
  expect(printedBy(first)).toContain("before");
  expect(printedBy(second)).toContain("error");
});

test("a notebook edited during the run is not overwritten", async () => {
  const edited = textOf(["1 + 1 // edited"]);
  await writeFile(
    file,
    textOf([
      `import { writeFileSync } from "node:fs";\nwriteFileSync("a.ipynb", ${JSON.stringify(edited)});`,
    ]),
  );
  expect(await runNotebook([file])).toBe(1);
  expect(await readFile(file, "utf8")).toBe(edited);
  expect(printed.at(-1)).toContain("changed by someone else");
});

test.each([
  ["not json", "not a notebook"],
  [textOf(["1"]).replace('"nbformat": 4', '"nbformat": 3'), "nbformat is 3.5, but must be from 4.0 to 4.5"],
  [
    textOf(["1"], { kernelspec: { name: "python3", display_name: "P", language: "python" } }),
    "language is python, but must be TypeScript or JavaScript",
  ],
  [textOf(["1"], { language_info: { name: "R" } }), "language is R, but must be TypeScript or JavaScript"],
])("a notebook that cannot be run is refused and not touched (%#)", async (text, message) => {
  await writeFile(file, text);
  expect(await runNotebook([file])).toBe(1);
  expect(printed.join("\n")).toContain(message);
  expect(await readFile(file, "utf8")).toBe(text);
});

test("another kernel's TypeScript or JavaScript notebook runs", async () => {
  await writeFile(
    file,
    textOf(["1"], { kernelspec: { name: "tslab", display_name: "T", language: "typescript" } }),
  );
  expect(await runNotebook([file]), printed.join("\n")).toBe(0);
});

test("wrong arguments and places that cannot be written are refused", async () => {
  expect(await runNotebook([])).toBe(2);
  expect(await runNotebook([file, "--fast"])).toBe(2);
  expect(await runNotebook([file])).toBe(1);
  expect(printed.at(-1)).toContain("a.ipynb: no such file");
  await writeFile(file, textOf(["1"]));
  expect(await runNotebook([file, "-o", join(folder, "missing", "b.ipynb")])).toBe(1);
  expect(await runNotebook([file, "-o", folder])).toBe(1);
  expect(printed.at(-1)).toContain("is a folder, but must be a file");
});
