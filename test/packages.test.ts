// The packages: they agree with each other, and the parts work where nothing else of the project is
// installed.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../kernel/package_root.js";
import { installAlone } from "./support/installed_package.js";

interface Manifest {
  name: string;
  version: string;
  license: string;
  engines: object;
  exports: Record<string, unknown>;
  scripts?: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const manifest = (folder: string) =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
const [umbrella, ...parts] = ["", "src", "kernel"].map((room) => manifest(join(packageRoot, room)));

describe.each(parts)("$name and unrolled", ({ version, license, engines, exports, dependencies }) => {
  test("are one version, under one licence, for the same Node", () => {
    expect([version, license, engines]).toEqual([umbrella.version, umbrella.license, umbrella.engines]);
  });

  test("have the same modules", () => {
    expect(umbrella.exports).toMatchObject(exports);
  });

  test("depend on the same versions", () => {
    expect(umbrella.dependencies).toMatchObject(dependencies);
  });
});

test("no package is asked for in two versions", () => {
  const others = ["lab", "bench"].map((folder) => manifest(join(packageRoot, folder)));
  const asked = [umbrella, ...parts, ...others].flatMap(({ dependencies, devDependencies }) =>
    Object.entries({ ...dependencies, ...devDependencies }),
  );
  const first = new Map(asked.toReversed());
  expect(asked.filter(([name, version]) => first.get(name) !== version)).toEqual([]);
});

/** A folder in which `name` alone is installed. */
function useInstalled(name: string) {
  const installed = {
    folder: "",
    packages: [] as string[],
    write(file: string, text: string): void {
      writeFileSync(join(installed.folder, file), text);
    },
    /** What Node prints. @throws {Error} with what it printed, when it fails */
    node: (...args: string[]): string =>
      execFileSync(process.execPath, args, { cwd: installed.folder, encoding: "utf8", stdio: "pipe" }),
    /** What the compiler says of a file that imports the package. */
    typeCheck(text: string): string {
      installed.write("types.mts", text);
      const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2023"];
      const tsc = join(packageRoot, "node_modules", "typescript", "bin", "tsc");
      return installed.node(tsc, ...options, "types.mts");
    },
  };
  beforeAll(() => {
    installed.folder = join(mkdtempSync(join(tmpdir(), "unrolled-")), "내 폴더 (1)");
    mkdirSync(installed.folder);
    installed.packages = installAlone(name, installed.folder);
    const bytes = installed.packages.flatMap(filesIn).reduce((sum, file) => sum + statSync(file).size, 0);
    console.log(`${name}: ${installed.packages.length} packages, ${(bytes / 1e6).toFixed(0)} MB`);
  });
  return installed;
}

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).isFile());

describe("@unrolled/rnn alone", () => {
  const rnn = useInstalled("@unrolled/rnn");

  test("has no native code, and nothing that runs when it is installed", () => {
    expect(rnn.packages.flatMap(filesIn).filter((file) => /\.(node|gyp)$/.test(file))).toEqual([]);
    const hooks = rnn.packages.flatMap((place) => Object.keys(manifest(place).scripts ?? {}));
    expect(hooks.filter((hook) => /^(pre|post)?install$/.test(hook))).toEqual([]);
  });

  test("computes", () => {
    rnn.write(
      "main.mjs",
      `import { LSTM } from "@unrolled/rnn";
      import { LSTM as Layers, Linear, SequenceNetwork } from "@unrolled/rnn/nn";
      import { readSafetensors, writeSafetensors } from "@unrolled/rnn/weights";
      console.log(new LSTM({ inputSize: 1, hiddenSize: 2 }).forward([[1], [2], [3]]).h.length);
      const rnn = new Layers({ inputSize: 1, hiddenSize: 2, dtype: "float32" });
      const head = new Linear({ inputSize: 2, outputSize: 1, dtype: "float32" });
      const network = new SequenceNetwork({ rnn, head });
      console.log(rnn.engine.name);
      console.log("head.weight" in readSafetensors(writeSafetensors(network.stateDict())).tensors);`,
    );
    expect(rnn.node("main.mjs").split("\n")).toEqual(["3", expect.stringContaining("SIMD"), "true", ""]);
  });

  test("runs the example of its README", () => {
    const readme = readFileSync(join(packageRoot, "src", "README.md"), "utf8");
    rnn.write("readme.mjs", /```ts\n(.*?)```/s.exec(readme)![1]);
    expect(rnn.node("readme.mjs")).toBe("");
  });

  test("has types", () => {
    const said = rnn.typeCheck(
      `import { gradientFlow, LSTM } from "@unrolled/rnn";
      import { GRU } from "@unrolled/rnn/nn";
      import { readTorch } from "@unrolled/rnn/weights";
      export const h: number[][] = new LSTM({ inputSize: 1, hiddenSize: 2 }).forward([[1]]).h;
      // @ts-expect-error
      new GRU({ inputSize: "1", hiddenSize: 2 });
      export const used = [gradientFlow, readTorch];`,
    );
    expect(said).toBe("");
  });

  test("is bundled without what is not used", async () => {
    rnn.write("entry.js", 'import { LSTM } from "@unrolled/rnn"; console.log(LSTM);');
    const bundle = await rolldown({ input: join(rnn.folder, "entry.js"), platform: "browser" });
    const { output } = await bundle.generate({ minify: true });
    const used = output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
    expect(used).toContainEqual(expect.stringMatching(/slides.layers.lstm\.js$/));
    expect(used.filter((file) => /mathjs|ml-matrix|fflate|.src.(engine|nn|flow|charts)./.test(file))).toEqual(
      [],
    );
    const bytes = output.reduce((sum, file) => sum + (file.type === "chunk" ? file.code.length : 0), 0);
    console.log(`@unrolled/rnn: ${(bytes / 1e3).toFixed(1)} kB for LSTM alone`);
  });
});

describe("@unrolled/kernel alone", () => {
  const kernel = useInstalled("@unrolled/kernel");
  const command = (...args: string[]) =>
    kernel.node(
      join("node_modules", "@unrolled", "kernel", "dist", "kernel", "commands", "unrolled_kernel.js"),
      ...args,
    );

  test("registers itself with Jupyter", () => {
    expect(command("install", "--prefix", "jupyter")).toContain("Installed the kernel");
    const spec = readFileSync(
      join(kernel.folder, "jupyter", "share", "jupyter", "kernels", "unrolled", "kernel.json"),
      "utf8",
    );
    const { argv } = JSON.parse(spec) as { argv: string[] };
    expect(argv).toContain(
      join(kernel.folder, "node_modules", "@unrolled", "kernel", "dist", "kernel", "unrolled.cjs"),
    );
  });

  /** What a notebook of one cell has as its output after a run. */
  function run(source: string): Record<string, unknown>[] {
    const cell = { cell_type: "code", id: "a", metadata: {}, source, outputs: [], execution_count: null };
    kernel.write("a.ipynb", JSON.stringify({ metadata: {}, nbformat: 4, nbformat_minor: 5, cells: [cell] }));
    command("run", "a.ipynb", "--allow-errors");
    const { cells } = JSON.parse(readFileSync(join(kernel.folder, "a.ipynb"), "utf8")) as {
      cells: { outputs: Record<string, unknown>[] }[];
    };
    return cells[0].outputs;
  }

  test("runs a notebook", () => {
    const outputs = run(
      `import { markdown } from "@unrolled/kernel/display";
      import { interact } from "unrolled/widgets";
      markdown(typeof interact);
      const data = { values: [{ x: 1 }] };
      ({ $schema: "https://vega.github.io/schema/vega-lite/v5.json", mark: "point", data, encoding: { x: { field: "x" } } })`,
    );
    expect(outputs).toMatchObject([
      { output_type: "display_data", data: { "text/markdown": ["function"] } },
      { output_type: "execute_result", data: { "image/png": expect.stringMatching(/^iVBOR/) as string } },
    ]);
  });

  test("has no library of networks", () => {
    expect(run('import { LSTM } from "unrolled";')).toMatchObject([
      { output_type: "error", evalue: expect.stringContaining("Cannot find module 'unrolled'") as string },
    ]);
  });

  test("has types", () => {
    const said = kernel.typeCheck(
      `import { display } from "@unrolled/kernel/display";
      import * as comm from "@unrolled/kernel/comm";
      import { interact } from "@unrolled/kernel/widgets";
      display(comm);
      // @ts-expect-error
      interact({ n: 3 }, "no function");`,
    );
    expect(said).toBe("");
  });
});
