// The licences of what is in the bundle, for its recipients.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import spdx from "spdx-license-list/full.js";
import { lab, readJson } from "./extensions.js";

/**
 * Each package that has a file among esbuild's inputs, in the form of JupyterLab's licence report.
 * @throws {Error} when a package has no licence text and names no licence of which SPDX has one
 */
export function licences(inputs) {
  const folders = new Set(
    inputs.flatMap(
      (input) => /^[^:]*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input.replaceAll("\\", "/")) ?? [],
    ),
  );
  const packages = [...folders].map((folder) => {
    const { name, version: versionInfo, ...manifest } = readJson(join(lab, folder, "package.json"));
    // Older packages give an object, or a list of them.
    const license = [manifest.license ?? manifest.licenses].flat().map((one) => one?.type ?? one);
    const licenseId = license.join(" or ");
    const texts = readdirSync(join(lab, folder))
      .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
      .map((file) => readFileSync(join(lab, folder, file), "utf8").trim());
    if (texts.length === 0) texts.push(standardText(licenseId, manifest.author, name));
    return { name, versionInfo, licenseId, extractedText: texts.join("\n\n") };
  });
  // A package may lie in several folders.
  const distinct = new Map(packages.map((one) => [JSON.stringify(one), one]));
  return [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** Whose package holds no text, as of a repository with many, names the author and the licence. */
function standardText(licenseId, author, name) {
  if (!(licenseId in spdx)) throw new Error(`${name} has no licence text, and SPDX knows no ${licenseId}`);
  const holder = /^[^<(]*[^<(\s]/.exec(author?.name ?? author ?? "")?.[0] ?? `the authors of ${name}`;
  return spdx[licenseId].licenseText.replace(/<year> <[^>]+>/, () => holder).trim();
}

/** One text of name, version, licence and the licence's words for each package. */
export function thirdPartyNotices(packages) {
  const notices = packages.map(({ name, versionInfo, licenseId, extractedText }) =>
    [`${name} ${versionInfo}, ${licenseId}`, extractedText].join("\n\n"),
  );
  return notices.join(`\n\n${"-".repeat(80)}\n\n`) + "\n";
}
