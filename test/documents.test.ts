// What the documents point to is there: files move, and their readers look for them.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../kernel/package_root.js";

const WITH_SLASH = /^[\w.-]+\/(?:[\w.-]+\/?)*$/;
const FILE = /\.(?:c?js|ts|json|md|py)$/;

/**
 * `kernel/main/main.ts`, `scripts/setup.js lab`: in backticks, from the root. What a build makes need not be
 * there.
 */
function namedPaths(text: string): string[] {
  const inline = text.replace(/^```.*?^```$/gms, "").matchAll(/`([^`\n]+)`/g);
  return [...inline]
    .flatMap(([, code]) => code.replace("NN", "01").split(" "))
    .filter((word) => WITH_SLASH.test(word) && !word.startsWith("dist/"))
    .filter((word) => FILE.test(word) || existsSync(join(packageRoot, word.slice(0, word.indexOf("/")))));
}

const linkedPaths = (text: string) =>
  [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => path).filter((path) => path !== "");

const docs = readdirSync(join(packageRoot, "docs")).filter((name) => name.endsWith(".md"));

test.each(["README.md", "README.ko.md", "notebooks/source/README.md", ...docs.map((name) => `docs/${name}`)])(
  "%s",
  (document) => {
    const text = readFileSync(join(packageRoot, document), "utf8");
    const named = namedPaths(text).map((path) => join(packageRoot, path));
    const linked = linkedPaths(text).map((path) => join(packageRoot, dirname(document), path));
    expect(named.length).toBeGreaterThan(0);
    expect([...named, ...linked].filter((path) => !existsSync(path))).toEqual([]);
  },
);
