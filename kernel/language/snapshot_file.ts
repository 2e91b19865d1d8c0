// Where the snapshot lies that the language process starts from, and how it is built. Without it a kernel works the
// same, but its first cell waits for TypeScript to load and to read some hundred files of declarations.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import envPaths from "env-paths";
import { packageRoot } from "../package_root.js";

const ABANDONED_AFTER = 5 * 60_000;
// A cell's program is mostly short-lived: with V8's default, collecting it takes a third of the time. V8 refuses a
// snapshot that was built with other flags.
export const LANGUAGE_FLAGS = ["--max-semi-space-size=32"];

const compiled = join(packageRoot, "dist", "kernel", "language");
const builder = join(packageRoot, "kernel", "language", "snapshot.cjs");
const { resolve } = createRequire(import.meta.url);

/** The file for this installation, by this Node, of what lies there now; it need not be there. */
export function snapshotFile(): string {
  const place = hash(packageRoot, process.execPath);
  const packages = ["typescript", "tslab", "@types/node"].map((name) => resolve(`${name}/package.json`));
  const own = readdirSync(compiled).filter((name) => name.endsWith(".js"));
  const read = [...packages, builder, ...own.map((name) => join(compiled, name))];
  const content = hash(process.version, process.arch, ...LANGUAGE_FLAGS, ...read.map(changed));
  return join(envPaths("unrolled", { suffix: "" }).cache, `language-${place}-${content}.blob`);
}

function changed(path: string): string {
  const { mtimeMs, size } = statSync(path);
  return `${path} ${mtimeMs} ${size}`;
}

const hash = (...parts: string[]) => createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 12);

/** Builds the snapshot unless it is there or being built, and removes what it replaces. */
export async function buildSnapshot(): Promise<void> {
  const path = snapshotFile();
  if (statSync(path, { throwIfNoEntry: false })) return;
  const building = `${path}.building`;
  await mkdir(dirname(path), { recursive: true });
  const begun = await stat(building).catch(() => undefined);
  if (begun && Date.now() - begun.mtimeMs > ABANDONED_AFTER) await rm(building, { recursive: true });
  try {
    await mkdir(building);
  } catch {
    return;
  }
  try {
    const blob = join(building, "blob");
    const args = [...LANGUAGE_FLAGS, "--snapshot-blob", blob, "--build-snapshot", builder];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"], cwd: building });
    let report = "";
    child.stderr.on("data", (chunk: Buffer) => (report += chunk.toString()));
    const [code] = (await once(child, "exit")) as [number | null];
    if (code !== 0) throw new Error(`the snapshot of the language process could not be built:\n${report}`);
    await rename(blob, path);
    const [, place] = basename(path).split("-");
    for (const name of await readdir(dirname(path))) {
      const isOlder =
        name.startsWith(`language-${place}-`) && name.endsWith(".blob") && name !== basename(path);
      if (isOlder) await rm(join(dirname(path), name));
    }
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

/** The command line of the language process. */
export function languageCommand(snapshot: string | undefined): string[] {
  const start =
    snapshot === undefined ? [join(compiled, "main.js")] : ["--snapshot-blob", snapshot, "language"];
  return [process.execPath, ...LANGUAGE_FLAGS, ...start];
}
