// Makes the kernel known to Jupyter: writes the directory `kernels/unrolled` where Jupyter looks for kernels,
// and removes it. In plain Node, so that it can be installed without Python on the PATH.
// Source: jupyter_client "Kernel specs", jupyter_core `paths.py` (data directories).

import { copyFile, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir, totalmem } from "node:os";
import { join, posix, resolve, win32 } from "node:path";
import { requireNodeAt, stableNodePath } from "./node_command.js";
import { commandName, ownPackage } from "../own_package.js";
import { asset, packageRoot } from "../package_root.js";

/** Where the kernelspec goes; `user` if nothing is said, and at most one of the three. */
export interface KernelspecOptions {
  /** The user's own data directory. */
  user?: boolean;
  /** The active virtual or conda environment. */
  sysPrefix?: boolean;
  /** `<prefix>/share/jupyter`, such as /usr/local for all users. */
  prefix?: string;
  /** The kernel's name: letters, digits, `.`, `_` and `-`. */
  name?: string;
  /**
   * What Jupyter calls it in its menus: "TypeScript (Unrolled)", or with `name` in the brackets if that is
   * given.
   */
  displayName?: string;
  /** The Node that runs the kernel; by default the one that runs this. */
  node?: string;
}

export const LOGOS = ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"];

const SHARE_OF_MEMORY = 0.75;

/** The command line that starts a kernel, with Jupyter's `{connection_file}` or the path of a real one. */
export function kernelCommand(connectionFile: string, node = process.execPath): string[] {
  return [
    node,
    // Interrupting a cell terminates it wherever it is; Node's check of its hook stack would take that for
    // corruption.
    "--no-force-async-hooks-checks",
    "--disable-warning=DEP0111",
    "--disable-warning=ExperimentalWarning",
    `--max-old-space-size=${Math.floor(heapLimit() / 2 ** 20)}`,
    join(packageRoot, "dist", "kernel", "unrolled.cjs"),
    connectionFile,
  ];
}

/**
 * Bytes for JavaScript's values. Node's own limit is 4 GB on any larger machine, and who reaches it loses
 * everything.
 */
function heapLimit(): number {
  // Of the container, if it has one. Without, some systems say 0, others more than there is.
  const constrained = process.constrainedMemory() || Infinity;
  return SHARE_OF_MEMORY * Math.min(totalmem(), constrained);
}

/** What stands in `kernel.json`. */
export const kernelJson = ({
  name,
  displayName = `TypeScript (${name ?? "Unrolled"})`,
  node,
}: KernelspecOptions = {}) => ({
  argv: kernelCommand("{connection_file}", node),
  display_name: displayName,
  language: "typescript",
  interrupt_mode: "message",
  metadata: { debugger: false },
});

/**
 * The user's Jupyter data directory: `JUPYTER_DATA_DIR`, or else `~/Library/Jupyter` (macOS),
 * `%APPDATA%\jupyter` (Windows), `$XDG_DATA_HOME/jupyter` or `~/.local/share/jupyter` (elsewhere). An empty
 * variable counts as unset.
 * @throws {Error} on Windows when neither `JUPYTER_DATA_DIR` nor `APPDATA` is set
 */
export function userDataDirectory(platform: string, env: NodeJS.ProcessEnv, home: string): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (platform === "darwin") return posix.join(home, "Library", "Jupyter");
  if (platform === "win32") {
    if (!env.APPDATA) throw new Error("kernelspec: neither JUPYTER_DATA_DIR nor APPDATA is set");
    return win32.join(env.APPDATA, "jupyter");
  }
  return env.XDG_DATA_HOME
    ? posix.join(env.XDG_DATA_HOME, "jupyter")
    : posix.join(home, ".local", "share", "jupyter");
}

function dataDirectory({ user, sysPrefix, prefix }: KernelspecOptions): string {
  const given = [user && "user", sysPrefix && "sysPrefix", prefix !== undefined && "prefix"].filter(Boolean);
  if (given.length > 1)
    throw new TypeError(`kernelspec: ${given.join(" and ")} are given, but must be one or the other`);
  if (prefix === "") throw new RangeError("kernelspec: prefix is empty, but must be a directory");
  if (prefix !== undefined) return join(prefix, "share", "jupyter");
  if (!sysPrefix) return userDataDirectory(process.platform, process.env, homedir());
  const environment = [process.env.VIRTUAL_ENV, process.env.CONDA_PREFIX].find(Boolean);
  if (!environment) {
    throw new Error("kernelspec: no active environment: neither VIRTUAL_ENV nor CONDA_PREFIX is set");
  }
  return join(environment, "share", "jupyter");
}

function specDirectory(options: KernelspecOptions): string {
  const { name = "unrolled" } = options;
  // Jupyter's rule, and no name that is a relative directory.
  if (!/^[a-z0-9._-]+$/i.test(name) || /^\.+$/.test(name)) {
    throw new RangeError(
      `kernelspec: name is "${name}", but must be made of letters, digits, ".", "_" and "-"`,
    );
  }
  return resolve(dataDirectory(options), "kernels", name.toLowerCase());
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** @throws {Error} unless the directory holds a kernelspec of this kernel, from any installation */
async function requireOurs(directory: string): Promise<void> {
  let argv: unknown;
  try {
    ({ argv } = JSON.parse(await readFile(join(directory, "kernel.json"), "utf8")) as { argv?: unknown });
  } catch {
    throw new Error(`kernelspec: ${directory} has no readable kernel.json; it is left as it is`);
  }
  const isOurs = Array.isArray(argv) && argv.some((part) => /[\\/]unrolled\.c?js$/.test(String(part)));
  if (!isOurs) {
    throw new Error(`kernelspec: ${directory} belongs to another kernel; it is left as it is`);
  }
}

/**
 * @throws {Error} when `root` is a folder of npx's cache, which the next version or `npm cache clean` takes
 *   away
 */
export function requireLasting(root: string): void {
  if (/[\\/]_npx[\\/]/.test(root))
    throw new Error(
      `kernelspec: ${root} is in npx's cache, which does not last; run "npm install --global ${ownPackage.name}" and then "${commandName} install"`,
    );
}

/**
 * Writes the kernelspec and returns its directory. An earlier one of this kernel is replaced. The directory
 * appears complete or not at all.
 *
 * @throws {TypeError} when more than one place is given
 * @throws {RangeError} when the name is not allowed, or `prefix` is empty
 * @throws {Error} when no environment is active (`sysPrefix`), a kernelspec of that name belongs to another
 *   kernel, `node` cannot run it, or this package lies in npx's cache
 */
export async function installKernelspec(options: KernelspecOptions = {}): Promise<string> {
  const directory = specDirectory(options);
  requireLasting(packageRoot);
  if (options.node !== undefined) requireNodeAt(options.node);
  const node = options.node ?? stableNodePath(process.execPath);
  const replaces = await exists(directory);
  if (replaces) await requireOurs(directory);

  await mkdir(join(directory, ".."), { recursive: true });
  // Jupyter passes over a name with "~", so it never sees the half-written directory.
  const workspace = await mkdtemp(`${directory}~`);
  try {
    const fresh = join(workspace, "new");
    await mkdir(fresh);
    await writeFile(
      join(fresh, "kernel.json"),
      JSON.stringify(kernelJson({ ...options, node }), null, 2) + "\n",
    );
    for (const logo of LOGOS) await copyFile(asset(logo), join(fresh, logo));
    const old = join(workspace, "old");
    if (replaces) await rename(directory, old);
    await rename(fresh, directory).catch(async (error: unknown) => {
      if (replaces) await rename(old, directory);
      throw error;
    });
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
  return directory;
}

/**
 * Removes the kernelspec and returns the directory that it was.
 *
 * @throws {TypeError} when more than one place is given
 * @throws {RangeError} when the name is not allowed, or `prefix` is empty
 * @throws {Error} when it is not there, or belongs to another kernel
 */
export async function uninstallKernelspec(options: KernelspecOptions = {}): Promise<string> {
  const directory = specDirectory(options);
  if (!(await exists(directory))) throw new Error(`kernelspec: ${directory} does not exist`);
  await requireOurs(directory);
  await rm(directory, { recursive: true });
  return directory;
}
