// The kernels that can be started: ours, always, and whatever is installed where Jupyter looks.
// Source: jupyter_client documentation, "Kernel specs"; jupyter_core `paths.py`.

import { readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, delimiter, extname, join } from "node:path";
import type { JsonObject } from "../../kernel/objects.js";
import { isObject } from "../../kernel/objects.js";
import { kernelJson, LOGOS, userDataDirectory } from "../../kernel/protocol/kernelspec.js";
import { asset } from "../../kernel/package_root.js";
import { HttpError } from "./http.js";

export interface KernelSpec {
  name: string;
  argv: string[];
  displayName: string;
  language: string;
  interruptMode: "signal" | "message";
  env: Record<string, string>;
  metadata: JsonObject;
  /** Logos and scripts: the file of each, by its name. */
  resources: Record<string, string>;
  /** Where kernel.json is, for `{resource_dir}` in argv. */
  directory: string;
}

export const DEFAULT_KERNEL = "unrolled";

const VALID_NAME = /^[a-z0-9._-]+$/i;

export async function findKernelspecs(): Promise<KernelSpec[]> {
  const found = new Map([[DEFAULT_KERNEL, ours()]]);
  for (const directory of dataDirectories()) {
    const kernels = join(directory, "kernels");
    for (const name of await readdir(kernels).catch(() => [])) {
      // The first place wins, as for Jupyter; the one in this package before all.
      if (!VALID_NAME.test(name) || found.has(name.toLowerCase())) continue;
      const spec = await readSpec(name.toLowerCase(), join(kernels, name));
      if (spec) found.set(spec.name, spec);
    }
  }
  return [...found.values()];
}

/** @throws {HttpError} 501, as Jupyter Server has it */
export async function findKernelspec(name: string): Promise<KernelSpec> {
  const spec = (await findKernelspecs()).find((candidate) => candidate.name === name);
  if (spec) return spec;
  throw new HttpError(
    501,
    `The '${name}' kernel is not available. Please pick another suitable kernel instead, or install that kernel.`,
  );
}

function ours(): KernelSpec {
  return toSpec(DEFAULT_KERNEL, asset(""), kernelJson(), LOGOS)!;
}

function dataDirectories(): string[] {
  const { env, platform } = process;
  const environments = [env.VIRTUAL_ENV, env.CONDA_PREFIX].filter(Boolean) as string[];
  const system =
    platform === "win32"
      ? [join(env.PROGRAMDATA ?? "C:\\ProgramData", "jupyter")]
      : ["/usr/local/share/jupyter", "/usr/share/jupyter"];
  return [
    ...(env.JUPYTER_PATH ?? "").split(delimiter).filter(Boolean),
    userDataDirectory(platform, env, homedir()),
    ...environments.map((prefix) => join(prefix, "share", "jupyter")),
    ...system,
  ];
}

/** Undefined for what is not a kernelspec: the others are listed anyway. */
async function readSpec(name: string, directory: string): Promise<KernelSpec | undefined> {
  try {
    const json: unknown = JSON.parse(await readFile(join(directory, "kernel.json"), "utf8"));
    return toSpec(name, directory, json, await readdir(directory));
  } catch {
    return undefined;
  }
}

function toSpec(name: string, directory: string, json: unknown, files: string[]): KernelSpec | undefined {
  if (!isObject(json) || !Array.isArray(json.argv) || json.argv.length === 0) return undefined;
  const { argv, display_name, language, interrupt_mode, env, metadata } = json;
  const resources = files.filter(
    (file) => file.startsWith("logo-") || file === "kernel.js" || file === "kernel.css",
  );
  return {
    name,
    argv: argv.map(String),
    displayName: typeof display_name === "string" ? display_name : name,
    language: typeof language === "string" ? language : "",
    interruptMode: interrupt_mode === "message" ? "message" : "signal",
    env: isObject(env)
      ? Object.fromEntries(Object.entries(env).map(([key, value]) => [key, String(value)]))
      : {},
    metadata: isObject(metadata) ? metadata : {},
    resources: Object.fromEntries(
      resources.map((file) => [
        file.startsWith("logo-") ? file.slice(0, -extname(file).length) : file,
        join(directory, file),
      ]),
    ),
    directory,
  };
}

/** As the REST API shows it. */
export function describeSpec(spec: KernelSpec): JsonObject {
  const { name, argv, displayName, language, interruptMode, env, metadata, resources } = spec;
  return {
    name,
    spec: {
      argv,
      env,
      display_name: displayName,
      language,
      interrupt_mode: interruptMode,
      metadata,
    },
    resources: Object.fromEntries(
      Object.entries(resources).map(([key, file]) => [key, `/kernelspecs/${name}/${basename(file)}`]),
    ),
  };
}
