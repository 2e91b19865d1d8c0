// Run by `node --build-snapshot`: loads TypeScript and the kernel's compiler, lets them read the libraries
// that every cell is checked against, and leaves all that to the processes which start from the snapshot.
// Node's own module loaders do not survive in one, so a small loader of CommonJS stands in. In JavaScript,
// because what TypeScript makes of a file is a module, which `--build-snapshot` does not take.

const fs = require("node:fs");
const { isBuiltin } = require("node:module");
const path = require("node:path");
const { fileURLToPath, pathToFileURL } = require("node:url");
const { startupSnapshot } = require("node:v8");

/** Our own files, which are ES modules. They too lie in a `node_modules` where the package is installed. */
const own = path.join(__dirname, "..", "..") + path.sep;

/** Loaded modules by file. */
const cache = {};

function createRequire(importer) {
  const folder = path.dirname(importer);
  const resolve = (id) => (/^\.{0,2}\//.test(id) ? toFile(path.resolve(folder, id)) : inPackage(id, folder));
  const load = (id) => {
    if (isBuiltin(id)) return /^(node:)?module$/.test(id) ? moduleOfNode : require(id);
    const file = resolve(id);
    return (cache[file] ?? run(file)).exports;
  };
  return Object.assign(load, { resolve, cache });
}

const moduleOfNode = {
  isBuiltin,
  createRequire: (importer) =>
    createRequire(importer.startsWith("file:") ? fileURLToPath(importer) : importer),
};

function run(file) {
  const module = { exports: {} };
  cache[file] = module;
  const text = fs.readFileSync(file, "utf8");
  if (file.endsWith(".json")) {
    module.exports = JSON.parse(text);
    return module;
  }
  const code = `${file.startsWith(own) ? commonJs(text) : text}\n//# sourceURL=${file}`;
  const body = new Function("exports", "require", "module", "__filename", "__dirname", "__url", code);
  body(module.exports, createRequire(file), module, file, path.dirname(file), pathToFileURL(file).href);
  return module;
}

function commonJs(text) {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  return ts.transpileModule(text, { compilerOptions }).outputText.replaceAll("import.meta.url", "__url");
}

function toFile(name) {
  const candidates = [name, `${name}.js`, path.join(name, "index.js")];
  const found = candidates.find((candidate) => fs.statSync(candidate, { throwIfNoEntry: false })?.isFile());
  if (found === undefined) throw new Error(`snapshot: there is no file ${name}`);
  return found;
}

function inPackage(id, importer) {
  const parts = id.split("/");
  const name = parts.splice(0, id.startsWith("@") ? 2 : 1).join("/");
  const inner = parts.join("/");
  for (let folder = importer; ; folder = path.dirname(folder)) {
    const root = path.join(folder, "node_modules", name);
    if (fs.existsSync(root)) {
      if (inner !== "") return toFile(path.join(root, inner));
      const { main = "index.js" } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
      return toFile(path.join(root, main));
    }
    if (folder === path.dirname(folder)) throw new Error(`snapshot: there is no package ${name}`);
  }
}

const requireLanguage = createRequire(path.join(own, "kernel", "language", "main.js"));
const ts = requireLanguage("typescript");
const { Compiler } = requireLanguage("./compiler.js");
const { serve } = requireLanguage("./serve.js");

const compiler = new Compiler();
// No completion: it sorts with an Intl.Collator, which cannot be part of a snapshot.
compiler.compile("cell[1].ts", "[1, 2].map((x) => x + 1)");
compiler.inspect("Math", 4);

startupSnapshot.setDeserializeMainFunction(serve);
