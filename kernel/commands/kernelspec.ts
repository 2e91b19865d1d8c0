// The commands `install` and `uninstall`: make the kernel known to Jupyter, or no longer.

import { parseArgs } from "node:util";
import { buildSnapshot } from "../language/snapshot_file.js";
import { commandName } from "../own_package.js";
import { installKernelspec, kernelJson, uninstallKernelspec } from "../protocol/kernelspec.js";

const usage = `usage: ${commandName} install [--user | --sys-prefix | --prefix DIR] [--name N] [--display-name TEXT] [--node PATH]
       ${commandName} uninstall [--user | --sys-prefix | --prefix DIR] [--name N]`;

/** Returns the exit code. @throws {Error} that says what was wrong with the arguments or the place */
export async function kernelspec(command: "install" | "uninstall", args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      user: { type: "boolean" },
      "sys-prefix": { type: "boolean" },
      prefix: { type: "string" },
      name: { type: "string" },
      "display-name": { type: "string" },
      node: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  const { "sys-prefix": sysPrefix, "display-name": displayName, help, ...rest } = values;
  if (help) {
    console.log(usage);
    return 0;
  }
  const options = { ...rest, sysPrefix, displayName };
  if (command === "install") {
    const directory = await installKernelspec(options);
    await buildSnapshot();
    const { display_name } = kernelJson(options);
    console.log(
      `Installed the kernel in ${directory}\nIn Jupyter it is called ${JSON.stringify(display_name)}.`,
    );
  } else {
    console.log(`Removed ${await uninstallKernelspec(options)}`);
  }
  return 0;
}
