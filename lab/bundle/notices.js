// The licences of what is in the bundle, for whoever receives it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lab, readJson } from "./extensions.js";

/** One text of name, version, licence and the licence's words for each package that has a file among esbuild's inputs. */
export function thirdPartyNotices(inputs) {
  const folders = new Set(
    inputs.flatMap(
      (input) => /^[^:]*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input.replaceAll("\\", "/")) ?? [],
    ),
  );
  const notices = [...folders].map((folder) => {
    const { name, version, ...manifest } = readJson(join(lab, folder, "package.json"));
    // Older packages give an object, or a list of them.
    const license = [manifest.license ?? manifest.licenses].flat().map((one) => one?.type ?? one);
    const title = `${name} ${version}, ${license.join(" or ")}`;
    const texts = readdirSync(join(lab, folder))
      .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
      .map((file) => readFileSync(join(lab, folder, file), "utf8").trim());
    return [title, ...texts].join("\n\n");
  });
  return [...new Set(notices)].sort().join(`\n\n${"-".repeat(80)}\n\n`) + "\n";
}
