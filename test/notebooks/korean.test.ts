// Every Korean text of the workbook, of the library's charts and of the front-end keeps the rules of its
// Korean.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { packageRoot } from "../../kernel/package_root.js";
import { readSource } from "../../notebooks/tooling/generate.js";
import { brokenKorean } from "../../notebooks/tooling/korean.js";

const hangul = /[가-힣]/;

const filesIn = (folder: string, ending: RegExp) =>
  readdirSync(join(packageRoot, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => ending.test(name))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .sort();

/** The strings of a program with Hangul in them, as they are when it runs; a 0 for each value put in. */
function koreanStrings(file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    else if (ts.isTemplateExpression(node))
      found.push([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join("0"));
    ts.forEachChild(node, visit);
  };
  visit(
    ts.createSourceFile(
      file,
      readFileSync(join(packageRoot, file), "utf8"),
      ts.ScriptTarget.Latest,
      false,
      file.endsWith(".js") ? ts.ScriptKind.JS : ts.ScriptKind.TS,
    ),
  );
  return found.filter((text) => hangul.test(text));
}

const broken = (texts: string[]) =>
  texts.flatMap((text) => brokenKorean(text).map((what) => `${what}: ${text.slice(0, 60)}`));

test.each(filesIn("notebooks/source", /^\d\d_.*\.md$/))("the Korean of %s follows the rules", (file) => {
  const { title, goal, cells } = readSource(readFileSync(join(packageRoot, file), "utf8"), file);
  const prose = cells.flatMap((cell) => (cell.kind === "prose" ? cell.text.ko.split("\n") : []));
  expect(broken([title.ko, goal?.ko ?? "", ...prose])).toEqual([]);
});

test("README.ko.md follows the rules of Korean", () => {
  expect(broken(readFileSync(join(packageRoot, "README.ko.md"), "utf8").split("\n"))).toEqual([]);
});

// The rules themselves are made of what they refuse.
const programs = [
  "notebooks/workbook",
  "notebooks/pages",
  "notebooks/tooling",
  "src",
  "lab/frontend",
  "lab/server",
]
  .flatMap((folder) => filesIn(folder, /^(?!.*node_modules).*(?<!\.d)\.[jt]s$/))
  .filter(
    (file) =>
      !/tooling\/korean\w*\.ts$/.test(file) && hangul.test(readFileSync(join(packageRoot, file), "utf8")),
  );

test("there are programs with Korean words", () => {
  expect(programs.length).toBeGreaterThan(40);
});

test.each(programs)("the Korean words in %s follow the rules", (file) => {
  expect(broken(koreanStrings(file))).toEqual([]);
});
