// Bundles JupyterLab's front-end into dist/lab/static: `node lab/build.js`. Where nothing has changed it does
// nothing, and where something has, it first installs the packages that it bundles.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { installPackages } from "../scripts/install.js";

const lab = fileURLToPath(new URL(".", import.meta.url));
const outdir = join(lab, "..", "dist", "lab", "static");
const stamp = join(outdir, "built_from.txt");

/** All that decides what comes out: our own files and the lockfile. */
function fingerprint() {
  const ours = ["bundle", "frontend"].flatMap((folder) =>
    readdirSync(join(lab, folder)).map((name) => join(folder, name)),
  );
  const hash = createHash("sha256");
  for (const file of [...ours.sort(), "build.js", "package-lock.json"]) {
    hash
      .update(`${file.replaceAll("\\", "/")}\0`)
      .update(readFileSync(join(lab, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

const from = fingerprint();
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== from) {
  installPackages(new URL(".", import.meta.url));
  console.log(`Bundling JupyterLab into ${relative(process.cwd(), outdir)} …`);
  const { bundle } = await import("./bundle/bundle.js");
  await bundle(outdir);
  // Last, so that a build that broke off is done again.
  writeFileSync(stamp, from);
}
