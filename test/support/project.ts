// A project of a user's, as `npm install` leaves one: packages of every kind, a tsconfig.json, and a folder
// of notebooks inside it.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export function writeFiles(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

function installed(name: string, manifest: object, files: Record<string, string>): Record<string, string> {
  const all = { "package.json": JSON.stringify({ name, version: "1.0.0", ...manifest }), ...files };
  return Object.fromEntries(
    Object.entries(all).map(([path, text]) => [`node_modules/${name}/${path}`, text]),
  );
}

/** Kernels run in `notebooks`. */
export const PROJECT: Record<string, string> = {
  "package.json": JSON.stringify({ name: "project", private: true }),
  "tsconfig.json":
    '{\n  // As older frameworks ask for.\n  "compilerOptions": { "experimentalDecorators": true }\n}\n',
  "shared/scale.ts":
    'import { offset } from "./offset.js";\nexport const scale = (x: number) => 2 * x + offset;\n',
  "shared/offset.ts": "export const offset: number = 1;\n",
  "notebooks/.keep": "",
  // Packages of the project itself: TypeScript, and TypeScript that is built.
  "packages/ws/package.json": '{ "name": "@me/ws", "main": "index.ts" }',
  "packages/ws/index.ts":
    'import { deeper } from "./deeper";\nexport const ws: number = deeper + 1;\nexport enum Size { Large = 9 }\n',
  "packages/ws/deeper.ts": "export const deeper: number = 2;\n",
  "packages/built/package.json": '{ "name": "@me/built", "types": "src/index.ts", "main": "dist/index.js" }',
  "packages/built/src/index.ts": "export const from: string = 'source';\n",
  "packages/built/dist/index.js": "exports.from = 'built';\n",
  // ES modules only, with types.
  ...installed(
    "esm-only",
    { type: "module", exports: { types: "./index.d.ts", import: "./index.js" } },
    {
      "index.js": "export const kind = 'esm'; export default function twice(x) { return 2 * x }\n",
      "index.d.ts": "export declare const kind: string; export default function twice(x: number): number;\n",
    },
  ),
  // The same, with an await at its top level, and without types.
  ...installed(
    "esm-await",
    { type: "module", exports: "./index.js" },
    {
      "index.js": "export const late = await Promise.resolve('awaited');\n",
    },
  ),
  // CommonJS whose names Node's own import cannot see.
  ...installed(
    "cjs-computed",
    { main: "index.js", types: "index.d.ts" },
    {
      "index.js": "for (const name of ['sum', 'mean']) module.exports[name] = (...x) => [name, ...x];\n",
      "index.d.ts":
        "export function sum(...x: number[]): unknown[]; export function mean(...x: number[]): unknown[];\n",
      "lib/index.js": "exports.index = 'folder';\n",
      "lib/inner.js": "exports.inner = 'deep';\n",
      "lib/inner.d.ts": "export declare const inner: string;\n",
    },
  ),
  // CommonJS that is one function.
  ...installed(
    "cjs-function",
    { main: "index.js", types: "index.d.ts" },
    {
      "index.js": "module.exports = (name) => `hello ${name}`;\n",
      "index.d.ts": "declare function hello(name: string): string; export = hello;\n",
    },
  ),
  // Both kinds, and two entries.
  ...installed(
    "dual",
    { exports: { ".": { import: "./index.mjs", require: "./index.cjs" }, "./more": "./more.cjs" } },
    {
      "index.mjs": "export const from = 'import';\n",
      "index.cjs": "exports.from = 'require';\n",
      "more.cjs": "exports.more = 1;\n",
    },
  ),
  // With a package of its own, whose types it gives away.
  ...installed(
    "outer",
    { main: "index.js", types: "index.d.ts" },
    {
      "index.js": "exports.make = require('inner').make;\n",
      "index.d.ts": 'export { make } from "inner";\n',
      "node_modules/inner/package.json": JSON.stringify({
        name: "inner",
        version: "1.0.0",
        main: "index.js",
      }),
      "node_modules/inner/index.js": "exports.make = () => ({ size: 1 });\n",
      "node_modules/inner/index.d.ts":
        "export interface Inner { size: number }\nexport declare function make(): Inner;\n",
    },
  ),
};
