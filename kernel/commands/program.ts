// The program behind `unrolled-kernel`, and behind `unrolled`, which has more commands. Each command's code
// is loaded when it is asked for.

import { commandName, ownPackage } from "../own_package.js";
import { requireNode } from "../protocol/node_command.js";

export interface Command {
  /** What stands in the list of commands. */
  usage: string;
  /** @returns the exit code */
  run(args: string[]): Promise<number>;
}

const PLACE = "[--user | --sys-prefix | --prefix DIR] [--name N]";

const KERNEL_COMMANDS: Record<string, Command> = {
  run: {
    usage: "run NOTEBOOK.ipynb [-o OUT]   execute a notebook from start to end",
    run: async (args) => (await import("./run.js")).runNotebook(args),
  },
  install: {
    usage: `install ${PLACE} [--display-name TEXT] [--node PATH]
                                register the kernel with Jupyter`,
    run: async (args) => (await import("./kernelspec.js")).kernelspec("install", args),
  },
  uninstall: {
    usage: `uninstall ${PLACE}
                                remove it again`,
    run: async (args) => (await import("./kernelspec.js")).kernelspec("uninstall", args),
  },
};

/**
 * Runs what the command line asks for and sets the exit code.
 *
 * @param more commands besides the kernel's own
 */
export async function program(more: Record<string, Command> = {}): Promise<void> {
  try {
    process.exitCode = await main(process.argv.slice(2), { ...more, ...KERNEL_COMMANDS });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    console.error(`${commandName}: ${message}`);
    process.exitCode = code?.startsWith("ERR_PARSE_ARGS") ? 2 : 1;
  }
}

async function main(
  [command, ...args]: (string | undefined)[],
  commands: Record<string, Command>,
): Promise<number> {
  requireNode(process.versions);
  const usage = usageOf(Object.values(commands));
  switch (command) {
    case "kernel":
      // What kernelspecs of earlier versions ask for.
      throw new Error(
        `kernel: Jupyter's entry for this kernel is out of date; \`${commandName} install\` renews it`,
      );
    case "--version":
    case "-v":
      console.log(ownPackage.version);
      return 0;
    case undefined:
    case "help":
    case "--help":
    case "-h":
      process.stdout.write(usage);
      return command === undefined ? 2 : 0;
    default:
      if (Object.hasOwn(commands, command)) return commands[command].run(args as string[]);
      console.error(`${commandName}: unknown command ${JSON.stringify(command)}\n\n${usage}`);
      return 2;
  }
}

function usageOf(commands: Command[]): string {
  const lines = [...commands.map(({ usage }) => usage), "--version                     print the version"];
  return `usage: ${commandName} <command>\n\n${lines.map((line) => `  ${line}\n`).join("")}`;
}
