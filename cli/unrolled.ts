#!/usr/bin/env node
// The `unrolled` command: a thin door. Each command's code is loaded when it is asked for.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { requireNode } from "../kernel/protocol/node_command.js";
import { packageRoot } from "../kernel/package_root.js";

const USAGE = `usage: unrolled <command>

  lab [DIR] [--port N] [--ip ADDRESS] [--no-browser] [--language en|ko]
                                open the workbook in JupyterLab; no Python needed
  run NOTEBOOK.ipynb [-o OUT]   execute a notebook from start to end
  install [--user | --sys-prefix | --prefix DIR] [--name N] [--display-name TEXT] [--node PATH]
                                register the kernel with Jupyter
  uninstall [--user | --sys-prefix | --prefix DIR] [--name N]
                                remove it again
  --version                     print the version
`;

async function main([command, ...args]: string[]): Promise<number | undefined> {
  requireNode(process.versions);
  switch (command) {
    case "install":
    case "uninstall": {
      const { kernelspec } = await import("./kernelspec.js");
      return kernelspec(command, args);
    }
    case "lab": {
      const { lab } = await import("./lab.js");
      return lab(args);
    }
    case "run": {
      const { runNotebook } = await import("./run.js");
      return runNotebook(args);
    }
    case "kernel":
      // What kernelspecs of earlier versions ask for.
      throw new Error("kernel: Jupyter's entry for this kernel is out of date; `unrolled install` renews it");
    case "--version":
    case "-v":
      console.log(
        (JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string }).version,
      );
      return 0;
    case undefined:
    case "help":
    case "--help":
    case "-h":
      process.stdout.write(USAGE);
      return command === undefined ? 2 : 0;
    default:
      console.error(`unrolled: unknown command ${JSON.stringify(command)}\n\n${USAGE}`);
      return 2;
  }
}

try {
  const status = await main(process.argv.slice(2));
  if (status !== undefined) process.exitCode = status;
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  console.error(`unrolled: ${message}`);
  process.exitCode = code?.startsWith("ERR_PARSE_ARGS") ? 2 : 1;
}
