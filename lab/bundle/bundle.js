// The static files of the page: scripts and styles by esbuild, with what lies next to them.

import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { compress } from "./compress.js";
import { plugins } from "./esbuild_plugins.js";
import { lab, themes } from "./extensions.js";
import { licences, thirdPartyNotices } from "./notices.js";
import { settings } from "./settings.js";

const common = {
  absWorkingDir: lab,
  bundle: true,
  minify: true,
  metafile: true,
  plugins,
  jsx: "automatic",
  legalComments: "none",
  // Chromium then compiles a script while it is being loaded, in another thread, and not each function when
  // it is first called: most are called before the first notebook is there. Other browsers read a comment.
  banner: { js: "//# allFunctionsCalledOnLoad" },
  logLevel: "warning",
  mainFields: ["browser", "module", "main"],
  loader: Object.fromEntries([
    ...[".woff", ".woff2", ".ttf", ".eot", ".png", ".gif"].map((ending) => [ending, "file"]),
    ...[".md", ".txt"].map((ending) => [ending, "text"]),
  ]),
};

const bundlePage = (outdir) =>
  build({
    ...common,
    outdir,
    entryPoints: { main: "frontend/main.js", style: "frontend/style.js" },
    format: "esm",
    splitting: true,
    target: "es2022",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    define: {
      global: "globalThis",
      __dirname: '""',
      "process.env.NODE_ENV": '"production"',
    },
    inject: ["frontend/process.js"],
  });

/** Under the names that JupyterLab asks for. */
const bundleThemes = (outdir) =>
  build({
    ...common,
    outdir,
    entryPoints: Object.fromEntries(
      themes.map(({ name, jupyterlab }) => [
        `themes/${name}/index`,
        join("node_modules", name, jupyterlab.themePath),
      ]),
    ),
  });

/** What the browser loads before anything is drawn: the entry and all it imports, other than by import(). */
function initial(outputs, entry) {
  const files = new Set();
  const visit = (file) => {
    if (files.has(file)) return;
    files.add(file);
    outputs[file].imports
      .filter(({ kind }) => kind === "import-statement")
      .forEach(({ path }) => visit(path));
  };
  visit(entry);
  return [...files];
}

function html(outputs) {
  const name = (file) => file.slice(file.lastIndexOf("/") + 1);
  const entry = (file) => Object.keys(outputs).find((output) => outputs[output].entryPoint === file);
  const main = entry("frontend/main.js");
  // What the packages name as their style, and what their scripts import.
  const styles = [entry("frontend/style.js"), main].map((file) => outputs[file].cssBundle);
  const values = {
    main: name(main),
    styles: styles.map((file) => `<link rel="stylesheet" href="/static/${name(file)}" />`).join("\n    "),
    preload: initial(outputs, main)
      .filter((file) => file !== main)
      .map((file) => `<link rel="modulepreload" nonce="{{nonce}}" href="/static/${name(file)}" />`)
      .join("\n    "),
  };
  // {{page_config}} and {{nonce}} stay, for the server to fill in.
  return readFileSync(join(lab, "frontend", "page.html"), "utf8").replace(
    /\{\{(main|styles|preload)\}\}/g,
    (_, key) => values[key],
  );
}

/** Writes all files again into `outdir`. */
export async function bundle(outdir) {
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  const results = [await bundlePage(outdir), await bundleThemes(outdir)];
  const inputs = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  writeFileSync(join(outdir, "index.html"), html(results[0].metafile.outputs));
  writeFileSync(join(outdir, "schemas.json"), JSON.stringify(settings()));
  const packages = licences(inputs);
  writeFileSync(join(outdir, "third_party_notices.txt"), thirdPartyNotices(packages));
  writeFileSync(join(outdir, "licenses.json"), JSON.stringify({ bundles: { JupyterLab: { packages } } }));
  for (const icon of ["favicon.svg", "favicon-busy.svg"])
    copyFileSync(join(lab, "frontend", icon), join(outdir, icon));
  const files = readdirSync(outdir, { recursive: true, withFileTypes: true });
  await compress(files.filter((file) => file.isFile()).map(({ parentPath, name }) => join(parentPath, name)));
}
