#!/usr/bin/env node
// The `unrolled` command: a thin door. Each command's code is loaded when it is asked for.
const USAGE = `usage: unrolled <command>

  lab [DIR] [--port N] [--ip ADDRESS] [--no-browser] [--language en|ko]
                                open the workbook in JupyterLab; no Python needed
  run NOTEBOOK.ipynb [-o OUT]   execute a notebook from start to end
  install [--user | --sys-prefix | --prefix DIR] [--name N]
                                register the kernel with Jupyter
  uninstall [same options]      remove it again
`;

async function main([command, ...args]: string[]): Promise<number | undefined> {
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
    case undefined:
    case "help":
    case "--help":
    case "-h":
      process.stdout.write(USAGE);
      return command === undefined ? 2 : 0;
    default:
      throw new Error(`unknown command ${JSON.stringify(command)}\n\n${USAGE}`);
  }
}

try {
  const status = await main(process.argv.slice(2));
  if (status !== undefined) process.exitCode = status;
} catch (error) {
  console.error(`unrolled: ${(error as Error).message}`);
  process.exitCode = 1;
}
