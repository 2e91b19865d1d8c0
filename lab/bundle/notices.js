// The licences of what is in the bundle, for whoever receives it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lab, readJson } from "./extensions.js";

/** Each package that has a file among esbuild's inputs, in the form of JupyterLab's licence report. */
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
    const texts = readdirSync(join(lab, folder))
      .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
      .map((file) => readFileSync(join(lab, folder, file), "utf8").trim());
    return { name, versionInfo, licenseId: license.join(" or "), extractedText: texts.join("\n\n") };
  });
  // A package may lie in several folders.
  const distinct = new Map(packages.map((one) => [JSON.stringify(one), one]));
  return [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** One text of name, version, licence and the licence's words for each package. */
export function thirdPartyNotices(packages) {
  const notices = packages.map(({ name, versionInfo, licenseId, extractedText }) =>
    [`${name} ${versionInfo}, ${licenseId}`, extractedText].filter(Boolean).join("\n\n"),
  );
  return notices.join(`\n\n${"-".repeat(80)}\n\n`) + "\n";
}
