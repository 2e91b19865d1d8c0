// What a project's tsconfig.json says about the cells of its notebooks.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KernelClient } from "../../../kernel/protocol/client.js";
import { startKernel } from "../../../kernel/protocol/client.js";
import { projectSettings } from "../../../kernel/language/tsconfig.js";
import { packageRoot } from "../../../kernel/package_root.js";
import { plainTraceback, resultText, streamText } from "../../support/kernel.js";
import { writeFiles } from "../../support/project.js";

interface Project {
  client: KernelClient;
  folder: string;
}

/** A kernel in the folder `notebooks` of a project that has these files. */
function useProject(files: Record<string, string>): Project {
  const project = {} as Project;
  beforeAll(async () => {
    project.folder = mkdtempSync(join(tmpdir(), "unrolled-tsconfig-"));
    writeFiles(project.folder, { "notebooks/.keep": "", ...files });
    project.client = await startKernel({ cwd: join(project.folder, "notebooks") });
  });
  afterAll(async () => {
    await project.client.shutdown();
    rmSync(project.folder, { recursive: true });
  });
  return project;
}

const config = (compilerOptions: object, others: object = {}) =>
  JSON.stringify({ compilerOptions, ...others });

describe("a project's tsconfig.json", () => {
  const project = useProject({
    "tsconfig.json": config(
      {
        strict: true,
        noUncheckedIndexedAccess: true,
        // A linter's: a cell may well leave a name to the next one.
        noUnusedLocals: true,
        module: "CommonJS",
        target: "ES5",
        lib: ["ES5", "DOM"],
        baseUrl: ".",
        paths: { "@app/*": ["app/*"] },
        types: ["tester"],
        jsx: "preserve",
        jsxImportSource: "elements",
        experimentalDecorators: true,
      },
      { include: ["declarations"] },
    ),
    "app/one.ts": "export const one: 1 = 1;\n",
    "notebooks/view.tsx": 'export const view = <b title="t">{1}</b>;\n',
    "notebooks/worker.tsx":
      'import { parentPort } from "node:worker_threads";\nimport { one } from "@app/one";\nimport { one as same } from "app/one";\nconst seen: string[] = [];\nconst note = (target: unknown, name: string) => void seen.push(name);\nclass Noted { @note method() {} }\nparentPort!.postMessage([one, same, seen, <b title="t">{1}</b>]);\n',
    "notebooks/wrong.tsx": "export const wrong = <i />;\n",
    "declarations/all.d.ts":
      'declare var declared: { deep: number };\ndeclare module "untyped" { export const typed: 5 }\n',
    "node_modules/@types/tester/index.d.ts": "declare function test(name: string): 7;\n",
    "node_modules/untyped/index.js": "exports.typed = 5;\n",
    "node_modules/elements/package.json":
      '{ "name": "elements", "exports": { "./jsx-runtime": { "types": "./jsx.d.ts", "default": "./jsx.js" } } }',
    "node_modules/elements/jsx.d.ts":
      "export namespace JSX { interface IntrinsicElements { b: { title?: string; children?: unknown } } }\nexport function jsx(type: string, props: object): object;\n",
    "node_modules/elements/jsx.js": "exports.jsx = (type, props) => ({ type, ...props });\n",
  });

  test.each([
    ["strict", "function size(text?: string) { return text.length }", /TS18048/],
    ["strict, in a later cell", "[1].at(0).toFixed()", /TS2532/],
    ["noImplicitAny", "const twice = (x) => 2 * x", /TS7006/],
    ["useUnknownInCatchVariables", "try {} catch (error) { error.message }", /TS18046/],
    ["noUncheckedIndexedAccess", "[1][0].toFixed()", /TS2532/],
    ["types", "test(1)", /TS2345/],
    ["declarations", "declared.deep.length", /TS2339/],
    ["jsx", 'import { wrong } from "./wrong"', /wrong\.tsx:1:22 - error TS2339: Property 'i'/],
    ["lib", "document.title.toFixed()", /TS2551/],
  ])("decides how strictly cells are checked: %s", async (_, code, expected) => {
    const { error } = await project.client.execute(code);
    expect(plainTraceback(error).join("\n")).toMatch(expected);
  });

  test.each([
    ["paths", 'import { one } from "@app/one"; one', "1"],
    ["baseUrl", '(await import("app/one")).one', "1"],
    ["ambient modules", 'import { typed } from "untyped"; const five: 5 = typed; five', "5"],
    ["jsx", 'import { view } from "./view"; view', "{ type: 'b', title: 't', children: 1 }"],
  ])("decides where modules are found: %s", async (_, code, expected) => {
    const execution = await project.client.execute(code);
    expect(execution.error?.traceback.join("\n")).toBe(undefined);
    expect(resultText(execution)).toBe(expected);
  });

  test("decides how a worker's files are found and compiled", async () => {
    const execution = await project.client.execute(
      'import { once } from "node:events"; import { Worker } from "node:worker_threads"; (await once(new Worker(new URL("./worker.tsx", import.meta.url)), "message"))[0]',
    );
    expect(execution.error?.traceback.join("\n")).toBe(undefined);
    expect(resultText(execution)).toBe("[ 1, 1, [ 'method' ], { type: 'b', title: 't', children: 1 } ]");
  });

  test("does not take away what cells always have", async () => {
    const code =
      "const { size } = new Set([1n]); const unused = [...'ab'].at(-1); await Promise.resolve(); [size, process.argv.length > 0, typeof WebAssembly]";
    expect(resultText(await project.client.execute(code))).toBe("[ 1, true, 'object' ]");
    const own = "import { LSTM } from 'unrolled'; typeof LSTM";
    expect(resultText(await project.client.execute(own))).toBe("'function'");
  });
});

describe("a tsconfig.json that turns checks off for all cells", () => {
  const project = useProject({ "notebooks/tsconfig.json": config({ noCheck: true }) });

  test("is followed", async () => {
    expect(resultText(await project.client.execute('const six: string = "3" * 2; six'))).toBe("6");
    expect((await project.client.execute("const = 1")).error?.ename).toBe("SyntaxError");
  });
});

describe("a tsconfig.json that is wrong", () => {
  const project = useProject({
    "tsconfig.json":
      '{ "extends": "./missing.json", "compilerOptions": { "strict": "very", "lib": ["ES1234"], "types": ["absent"], "noImplicitAny": true, }',
  });

  test("is reported once, and its valid part is followed", async () => {
    const first = await project.client.execute("const sum = (x) => x");
    const said = streamText(first);
    for (const part of [
      /tsconfig\.json:1:/,
      /missing\.json/,
      /TS5024.*strict/s,
      /ES1234|TS6046/,
      /"absent"/,
    ]) {
      expect(said).toMatch(part);
    }
    expect(plainTraceback(first.error).join("\n")).toMatch(/TS7006/);
    const second = await project.client.execute("1 + 1");
    expect(streamText(second)).toBe("");
    expect(resultText(second)).toBe("2");
  });
});

test.each(["en", "ko"])(
  "the tsconfig.json of this repository does not apply to its notebooks: %s",
  (locale) => {
    const { options, problems } = projectSettings(join(packageRoot, "notebooks", locale));
    expect(options.strict).toBe(undefined);
    expect(problems).toEqual([]);
    expect(projectSettings(join(packageRoot, "notebooks")).options.strict).toBe(true);
  },
);
