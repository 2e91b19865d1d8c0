// `unrolled install` and `unrolled uninstall`: make the kernel known to Jupyter, or no longer.
import { parseArgs } from "node:util";
import { buildSnapshot } from "../kernel/language/snapshot_file.js";
import { installKernelspec, uninstallKernelspec } from "../kernel/kernelspec.js";

/** Returns the exit code. @throws Error that says what was wrong with the arguments or the place. */
export async function kernelspec(command: "install" | "uninstall", args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      user: { type: "boolean" },
      "sys-prefix": { type: "boolean" },
      prefix: { type: "string" },
      name: { type: "string" },
    },
  });
  const { "sys-prefix": sysPrefix, ...rest } = values;
  const options = { ...rest, sysPrefix };
  if (command === "install") {
    const directory = await installKernelspec(options);
    await buildSnapshot();
    console.log(`Installed the kernel in ${directory}\nIn Jupyter it is called "TypeScript (Unrolled)".`);
  } else {
    console.log(`Removed ${await uninstallKernelspec(options)}`);
  }
  return 0;
}
