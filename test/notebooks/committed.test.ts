// The committed notebooks as files: valid by nbformat's own schema and by Python's nbformat, with nothing
// that breaks a rule. Executing them is `npm run notebooks`' task.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import AjvDraft04 from "ajv-draft-04";
import { describe, expect, test } from "vitest";
import { packageRoot } from "../../kernel/package_root.js";
import { parseNotebook } from "../../kernel/protocol/nbformat.js";
import { brokenRules, differentCode } from "../../notebooks/tooling/rules.js";
import { findPython } from "../support/python.js";

const schema = JSON.parse(
  readFileSync(new URL("../support/nbformat-4.5.schema.json", import.meta.url), "utf8"),
) as object;
const validate = new AjvDraft04.default({ strict: false }).compile(schema);

const names = readdirSync(join(packageRoot, "notebooks", "en")).filter((name) => name.endsWith(".ipynb"));
const fileOf = (language: string, name: string) => join(packageRoot, "notebooks", language, name);
const files = ["en", "ko"].flatMap((language) => names.map((name) => fileOf(language, name)));
const textOf = (file: string) => readFileSync(file, "utf8");
const notebookOf = (file: string) => parseNotebook(textOf(file), file);

test("both languages have the same notebooks", () => {
  expect(readdirSync(join(packageRoot, "notebooks", "ko")).filter((name) => name.endsWith(".ipynb"))).toEqual(
    names,
  );
});

test.each(files)("%s is valid and follows the rules", (file) => {
  validate(JSON.parse(textOf(file)));
  expect(validate.errors).toBeNull();
  expect(brokenRules(notebookOf(file))).toEqual([]);
});

test.each(names)("%s has the same code in both languages", (name) => {
  expect(differentCode(notebookOf(fileOf("en", name)), notebookOf(fileOf("ko", name)))).toEqual([]);
});

const python = findPython(["nbformat"], "python3-nbformat");
describe.skipIf(python === undefined)("Python's nbformat", () => {
  const script = `import sys, nbformat
for name in sys.argv[1:]:
    nbformat.validate(nbformat.read(name, as_version=nbformat.NO_CONVERT))`;
  const judge = (...paths: string[]) => spawnSync(python!, ["-c", script, ...paths], { encoding: "utf8" });

  test("accepts every notebook without a warning", () => {
    expect(judge(...files)).toMatchObject({ status: 0, stdout: "", stderr: "" });
  });

  test("refuses one that was tampered with", () => {
    const file = join(mkdtempSync(join(tmpdir(), "unrolled-")), "a.ipynb");
    writeFileSync(file, textOf(files[0]).replace('"cell_type": "code"', '"cell_type": "coda"'));
    const { status, stderr } = judge(file);
    expect(status).not.toBe(0);
    expect(stderr).toContain("NotebookValidationError");
  });
});
