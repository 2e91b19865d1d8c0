// The `unrolled` command itself: usage, version, and what it says of arguments that it does not know.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../kernel/package_root.js";

function unrolled(...args: string[]) {
  const command = join(packageRoot, "dist", "cli", "unrolled.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

test.each(["--version", "-v"])("%s prints the package's version", (option) => {
  const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as {
    version: string;
  };
  expect(unrolled(option)).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
});

test.each(["--help", "-h", "help"])("%s names every command", (option) => {
  const { status, stdout } = unrolled(option);
  expect(status).toBe(0);
  for (const command of ["lab", "run", "install", "uninstall"]) expect(stdout).toContain(`\n  ${command} `);
});

test.each(["lab", "run", "install", "uninstall"])("%s --help shows its usage", (command) => {
  const { status, stdout } = unrolled(command, "--help");
  expect(status).toBe(0);
  expect(stdout).toMatch(new RegExp(`^usage:.*unrolled ${command} `, "s"));
});

test.each([
  [["instal"], 'unknown command "instal"'],
  [["install", "--usr"], "Unknown option '--usr'"],
  [["lab", "--prt", "1"], "Unknown option '--prt'"],
  [["run"], "the number of notebooks is 0, but must be 1"],
])("%j is refused with exit code 2", (args, message) => {
  const { status, stderr } = unrolled(...args);
  expect(stderr).toContain(message);
  expect(status).toBe(2);
});
