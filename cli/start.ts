// `unrolled start`: opens the workbook. Where Jupyter is installed, in Jupyter, with the kernel registered for that run
// only; elsewhere every notebook is executed and the results are left for any viewer of notebooks.
import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, mkdir, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { installKernelspec } from "../kernel/kernelspec.js";
import { packageRoot } from "../kernel/package_root.js";
import { runNotebook } from "./run.js";

type Language = "en" | "ko";

/** Returns the exit code: Jupyter's, or that of the first notebook that failed. */
export async function start(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { language: { type: "string" } } });
  const { language = systemLanguage() } = values;
  if (language !== "en" && language !== "ko") {
    throw new Error(`start: --language is ${JSON.stringify(language)}, expected "en" or "ko"`);
  }
  const folder = join(packageRoot, "notebooks", language);
  const notebooks = (await readdir(folder)).filter((name) => name.endsWith(".ipynb")).sort();
  const frontEnd = ["lab", "notebook"].find((command) => succeeds("jupyter", [command, "--version"]));
  return frontEnd === undefined
    ? await runAll(folder, notebooks, language)
    : await openJupyter(frontEnd, join(folder, notebooks[0]));
}

function systemLanguage(): Language {
  return Intl.DateTimeFormat().resolvedOptions().locale.startsWith("ko") ? "ko" : "en";
}

function succeeds(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}

async function openJupyter(frontEnd: string, notebook: string): Promise<number> {
  const prefix = await mkdtemp(join(tmpdir(), "unrolled-"));
  // Ctrl-C is for Jupyter, which asks before it stops; this process waits for it and then cleans up.
  const ignore = () => undefined;
  process.on("SIGINT", ignore);
  try {
    await installKernelspec({ prefix });
    const paths = [join(prefix, "share", "jupyter"), process.env.JUPYTER_PATH].filter(Boolean);
    const args = [frontEnd, `--notebook-dir=${join(packageRoot, "notebooks")}`, notebook];
    // Jupyter refuses to serve root, who in a container is everyone.
    if (process.getuid?.() === 0) args.push("--allow-root");
    console.log(`Opening the workbook in Jupyter (jupyter ${frontEnd}). Stop it with Ctrl-C.`);
    const child = spawn("jupyter", args, {
      stdio: "inherit",
      env: { ...process.env, JUPYTER_PATH: paths.join(delimiter) },
    });
    const terminate = () => child.kill("SIGTERM");
    process.once("SIGTERM", terminate);
    return await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) => {
        resolve(code ?? (signal === null ? 0 : 1));
      });
    });
  } finally {
    process.off("SIGINT", ignore);
    await rm(prefix, { recursive: true, force: true });
  }
}

async function runAll(folder: string, notebooks: string[], language: Language): Promise<number> {
  const results = join(process.cwd(), "results", language);
  await mkdir(results, { recursive: true });
  console.log("Jupyter is not on the PATH, so all notebooks are executed here instead.");
  let status = 0;
  for (const name of notebooks) {
    console.log(name);
    status ||= await runNotebook([join(folder, name), "-o", join(results, name)]);
  }
  console.log(
    `The results are in ${relative(process.cwd(), results)}. Open them in VS Code, or install Jupyter ` +
      `(https://jupyter.org/install) and run this command again.`,
  );
  return status;
}
