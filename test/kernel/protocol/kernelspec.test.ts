import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  installKernelspec,
  requireLasting,
  uninstallKernelspec,
  userDataDirectory,
} from "../../../kernel/protocol/kernelspec.js";
import { requireNode, requireVersion, stableNodePath } from "../../../kernel/protocol/node_command.js";
import { packageRoot } from "../../../kernel/package_root.js";
import { findPython } from "../../support/python.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unrolled-spec-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const kernels = () => join(folder, "share", "jupyter", "kernels");

describe("installKernelspec", () => {
  test("writes what Jupyter needs: command, interrupts by message, logos", async () => {
    const directory = await installKernelspec({ prefix: folder });
    expect(directory).toBe(join(kernels(), "unrolled"));
    expect(readdirSync(directory).sort()).toEqual([
      "kernel.json",
      "logo-32x32.png",
      "logo-64x64.png",
      "logo-svg.svg",
    ]);
    const spec = JSON.parse(readFileSync(join(directory, "kernel.json"), "utf8")) as Record<string, unknown>;
    expect(spec).toMatchObject({
      display_name: "TypeScript (Unrolled)",
      language: "typescript",
      interrupt_mode: "message",
    });
    const argv = spec.argv as string[];
    expect(realpathSync(argv[0])).toBe(realpathSync(process.execPath));
    expect(argv.slice(-2)).toEqual([
      join(packageRoot, "dist", "kernel", "unrolled.cjs"),
      "{connection_file}",
    ]);
  });

  test("replaces an earlier one and leaves nothing else behind", async () => {
    const directory = await installKernelspec({ prefix: folder });
    writeFileSync(join(directory, "old"), "");
    await installKernelspec({ prefix: folder });
    expect(readdirSync(directory)).not.toContain("old");
    expect(readdirSync(kernels())).toEqual(["unrolled"]);
  });

  test("replaces one of an earlier version, whose command says how to renew it", async () => {
    const directory = await installKernelspec({ prefix: folder });
    const argv = [process.execPath, join(packageRoot, "dist", "cli", "unrolled.js"), "kernel", "a.json"];
    writeFileSync(join(directory, "kernel.json"), JSON.stringify({ argv }));
    const { status, stderr } = spawnSync(argv[0], argv.slice(1), { encoding: "utf8" });
    expect([status, stderr]).toEqual([1, expect.stringContaining("`unrolled install` renews it")]);
    await installKernelspec({ prefix: folder });
    expect(readFileSync(join(directory, "kernel.json"), "utf8")).toContain("unrolled.cjs");
  });

  test.each([[[]], [["a.json", "b.json"]]])(
    "starts a kernel that says what it expected, given %j",
    (args) => {
      const { status, stderr } = spawnSync(
        process.execPath,
        [join(packageRoot, "dist", "kernel", "unrolled.cjs"), ...args],
        { encoding: "utf8" },
      );
      expect(status).toBe(1);
      expect(stderr).toBe(
        `unrolled kernel: the number of arguments is ${args.length}, but must be 1, a connection file\n`,
      );
    },
  );

  test("installs under another name, for the user and for an environment", async () => {
    vi.stubEnv("JUPYTER_DATA_DIR", join(folder, "data"));
    vi.stubEnv("VIRTUAL_ENV", join(folder, "venv"));
    expect(await installKernelspec({ name: "Mine.2" })).toBe(join(folder, "data", "kernels", "mine.2"));
    expect(await installKernelspec({ user: true })).toBe(join(folder, "data", "kernels", "unrolled"));
    expect(await installKernelspec({ sysPrefix: true })).toBe(
      join(folder, "venv", "share", "jupyter", "kernels", "unrolled"),
    );
  });

  test("leaves another kernel's specification alone", async () => {
    const other = join(kernels(), "unrolled");
    mkdirSync(other, { recursive: true });
    writeFileSync(join(other, "kernel.json"), '{"argv": ["python", "-m", "other"]}');
    await expect(installKernelspec({ prefix: folder })).rejects.toThrow(
      /belongs to another kernel; it is left as it is/,
    );
    await expect(uninstallKernelspec({ prefix: folder })).rejects.toThrow(/belongs to another kernel/);
    expect(readFileSync(join(other, "kernel.json"), "utf8")).toContain("other");
  });

  test.each([
    [
      { user: true, prefix: "/x" },
      "TypeError",
      "kernelspec: user and prefix are given, but must be one or the other",
    ],
    [{ prefix: "" }, "RangeError", "kernelspec: prefix is empty, but must be a directory"],
    [
      { prefix: "/x", name: "a/b" },
      "RangeError",
      'kernelspec: name is "a/b", but must be made of letters, digits, ".", "_" and "-"',
    ],
    [
      { prefix: "/x", name: ".." },
      "RangeError",
      'kernelspec: name is "..", but must be made of letters, digits, ".", "_" and "-"',
    ],
  ])("refuses %o with a %s", async (options, name, message) => {
    await expect(installKernelspec(options)).rejects.toThrow(expect.objectContaining({ name, message }));
  });

  test("refuses an environment where none is active", async () => {
    vi.stubEnv("VIRTUAL_ENV", "");
    vi.stubEnv("CONDA_PREFIX", "");
    await expect(installKernelspec({ sysPrefix: true })).rejects.toThrow("no active environment");
  });
});

const kernelJson = (directory: string) =>
  JSON.parse(readFileSync(join(directory, "kernel.json"), "utf8")) as {
    argv: string[];
    display_name: string;
  };

/** A program that answers `--version` as a Node of that version does. */
function nodeOf(version: string): string {
  const file = join(folder, `node-${version}`);
  writeFileSync(file, `#!/bin/sh\necho ${version}\n`);
  chmodSync(file, 0o755);
  return file;
}

test("two kernels of different names can be told apart, and a display name is kept", async () => {
  const shown = async (options: object) =>
    kernelJson(await installKernelspec({ prefix: folder, ...options })).display_name;
  expect(await shown({})).toBe("TypeScript (Unrolled)");
  expect(await shown({ name: "ts2" })).toBe("TypeScript (ts2)");
  expect(await shown({ name: "ts2", displayName: "TypeScript, 둘째" })).toBe("TypeScript, 둘째");
});

test("npx's cache is refused, with what to run instead", () => {
  const root = join(folder, "_npx", "e6bb4a299d06e116", "node_modules", "unrolled");
  expect(() => {
    requireLasting(root);
  }).toThrow(`${root} is in npx's cache, which does not last; run "npm install --global unrolled"`);
  expect(() => {
    requireLasting(packageRoot);
  }).not.toThrow();
});

describe("the Node of a kernelspec", () => {
  const isWindows = process.platform === "win32";

  test.skipIf(isWindows)("is the requested one, if it can run the kernel", async () => {
    const node = nodeOf("v22.1.0");
    expect(kernelJson(await installKernelspec({ prefix: folder, node })).argv[0]).toBe(node);
    for (const [bad, message] of [
      [nodeOf("v18.20.4"), "Node is v18.20.4, but must be 20.19 or newer"],
      [join(folder, "none"), "but must be a program that can be run"],
    ])
      await expect(installKernelspec({ prefix: folder, node: bad })).rejects.toThrow(message);
  });

  test.skipIf(isWindows)("is named as the PATH names it, so that it outlives an upgrade", () => {
    const place = (name: string) => {
      const bin = join(folder, name);
      mkdirSync(bin, { recursive: true });
      symlinkSync(process.execPath, join(bin, "node"));
      return bin;
    };
    const passing = [place("node_modules/.bin"), place("fnm_multishells/1_2/bin")];
    const lasting = place("homebrew/bin");
    const other = join(folder, "other");
    mkdirSync(other);
    writeFileSync(join(other, "node"), "");
    expect(stableNodePath(process.execPath, [...passing, other, lasting].join(":"))).toBe(
      join(lasting, "node"),
    );
    expect(stableNodePath(process.execPath, [...passing, other].join(":"))).toBe(process.execPath);
  });

  test.each(["v18.20.4", "v20.18.3", "v19.9.0", ""])("%s is too old", (version) => {
    expect(() => {
      requireVersion(version);
    }).toThrow("but must be 20.19 or newer");
  });

  test.each(["v20.19.0", "v21.0.0", "v22.1.0", "v26.10.0"])("%s is new enough", (version) => {
    requireVersion(version);
  });

  test.each([
    [{ node: "20.20.2", bun: "1.4.5" }, "the kernel needs Node, but this is Bun"],
    [{ node: "22.1.0", deno: "2.9.6" }, "the kernel needs Node, but this is Deno"],
    [{ node: "18.0.0" }, "Node is v18.0.0"],
  ])("cannot be %o", (versions, message) => {
    expect(() => {
      requireNode(versions as NodeJS.ProcessVersions);
    }).toThrow(message);
  });
});

describe("uninstallKernelspec", () => {
  test("removes what was installed", async () => {
    await installKernelspec({ prefix: folder });
    await uninstallKernelspec({ prefix: folder });
    expect(readdirSync(kernels())).toEqual([]);
  });

  test("says where it looked", async () => {
    await expect(uninstallKernelspec({ prefix: folder })).rejects.toThrow(
      `kernelspec: ${join(kernels(), "unrolled")} does not exist`,
    );
  });
});

describe("userDataDirectory", () => {
  test.each([
    ["linux", {}, "/home/a/.local/share/jupyter"],
    ["linux", { XDG_DATA_HOME: "/data" }, "/data/jupyter"],
    ["linux", { JUPYTER_DATA_DIR: "/own", XDG_DATA_HOME: "/data" }, "/own"],
    ["darwin", {}, "/home/a/Library/Jupyter"],
    ["win32", { APPDATA: "C:\\Roaming" }, "C:\\Roaming\\jupyter"],
  ])("is where Jupyter looks on %s with %o", (platform, env, expected) => {
    expect(userDataDirectory(platform, env, "/home/a")).toBe(expected);
  });
});

describe("unrolled install and uninstall", () => {
  const unrolled = (...args: string[]) =>
    spawnSync(process.execPath, [join(packageRoot, "dist", "cli", "unrolled.js"), ...args], {
      encoding: "utf8",
    });

  test("say what they did, and fail with a sentence", () => {
    expect(unrolled("install", "--prefix", folder).stdout).toContain(join(kernels(), "unrolled"));
    expect(unrolled("uninstall", "--prefix", folder).stdout).toContain("Removed");
    const again = unrolled("uninstall", "--prefix", folder);
    expect(again.status).toBe(1);
    expect(again.stderr).toMatch(/^unrolled: kernelspec: .* does not exist\n$/);
    expect(unrolled("install", "--nonsense").stderr).toMatch(/^unrolled: .*--nonsense/);
  });

  const python = findPython(["jupyter_client"], "jupyter-client");
  test.skipIf(python === undefined)("make Jupyter list the kernel", () => {
    unrolled("install", "--prefix", folder, "--name", "unrolled-test");
    const { stdout } = spawnSync(python!, ["-m", "jupyter_client.kernelspecapp", "list"], {
      encoding: "utf8",
      env: { ...process.env, JUPYTER_PATH: join(folder, "share", "jupyter") },
    });
    expect(stdout).toContain(join(kernels(), "unrolled-test"));
  });
});
