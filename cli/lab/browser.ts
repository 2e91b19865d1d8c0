// The browser is opened by a command line, which every user of the machine can read. So it is given a file
// that only its user can read and that leads to the address, as Jupyter does.

import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import open from "open";
import { isAlive } from "../../files/is_alive.js";
import { userFolders } from "../../kernel/user_folders.js";

const NAME = /^open-(\d+)\.html$/;

/** Returns what removes the file. Where there is no browser to open, nothing happens. */
export async function openBrowser(address: string): Promise<() => Promise<void>> {
  const folder = join(userFolders().data, "runtime");
  const file = join(folder, `open-${process.pid}.html`);
  const remove = () => rm(file, { force: true });
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(folder)) {
      const [, pid] = NAME.exec(name) ?? [];
      if (pid !== undefined && (name === `open-${process.pid}.html` || !isAlive(Number(pid))))
        await rm(join(folder, name), { force: true });
    }
    await writeFile(file, page(address), { mode: 0o600, flag: "wx" });
    await open(pathToFileURL(file).href);
  } catch {
    // The address was printed.
  }
  return remove;
}

function page(address: string): string {
  const escaped = address.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return `<!doctype html>
<meta charset="utf-8" />
<meta http-equiv="refresh" content="0; url=${escaped}" />
<title>JupyterLab</title>
<a href="${escaped}">JupyterLab</a>
`;
}
