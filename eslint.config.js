import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import regexp from "eslint-plugin-regexp";
import globals from "globals";
import tseslint from "typescript-eslint";

/** What a file says of itself stands apart from the first thing in it. */
const headerComment = {
  meta: { type: "layout", fixable: "whitespace", schema: [] },
  create: ({ sourceCode, report }) => ({
    Program(program) {
      const comments = sourceCode.getAllComments().filter(({ type }) => type !== "Shebang");
      const first = sourceCode.getFirstToken(program);
      if (comments[0]?.type !== "Line" || !first || comments[0].range[0] > first.range[0]) return;
      const end = comments.findIndex(({ loc }, n) => comments[n + 1]?.loc.start.line !== loc.end.line + 1);
      const last = comments[end];
      const next = sourceCode.getTokenAfter(last, { includeComments: true });
      if (next.loc.start.line > last.loc.end.line + 1) return;
      report({
        loc: last.loc,
        message: "A blank line belongs after the comment at a file's head.",
        fix: (fixer) => fixer.insertTextAfter(last, "\n"),
      });
    },
  }),
};

/** Editors and typedoc look for the class of an error in braces. */
const throwsTag = {
  meta: { type: "problem", schema: [] },
  create: ({ sourceCode, report }) => ({
    Program() {
      for (const { value, loc } of sourceCode.getAllComments()) {
        if (!/@throws\b(?! \{\w+\} )/.test(value)) continue;
        report({ loc, message: "What is thrown has its class in braces: @throws {RangeError} when …" });
      }
    },
  }),
};

export default defineConfig(
  globalIgnores(["dist", "coverage", "results", "notebooks/en", "notebooks/ko", "src/engine/wasm"]),
  js.configs.recommended,
  {
    ignores: [
      "kernel/widgets/models*.ts",
      "src/engine/simd_binary.ts",
      "src/engine/threads/thread_source.ts",
      "lab/absent/**",
    ],
    plugins: { house: { rules: { "header-comment": headerComment, "throws-tag": throwsTag } } },
    rules: {
      "house/header-comment": "error",
      "house/throws-tag": "error",
      // Prettier does not wrap comments.
      "max-len": ["error", { code: Infinity, comments: 110, ignoreUrls: true, ignoreTrailingComments: true }],
    },
  },
  // Cells, notebooks and requests hold text of any length: a search in it may not take the square of that.
  {
    files: ["**/*.{ts,js,cjs}"],
    ignores: [
      "test/**",
      "bench/**",
      "scripts/**",
      "lab/bundle/**",
      "notebooks/pages/**",
      "notebooks/tooling/{pull,rules,source}.ts",
    ],
    plugins: { regexp },
    rules: {
      "regexp/no-super-linear-backtracking": ["error", { report: "potential" }],
      "regexp/no-super-linear-move": ["error", { report: "potential" }],
    },
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/prefer-for-of": "off",
      "no-restricted-syntax": [
        "error",
        {
          selector:
            ":matches(ImportDeclaration, ExportNamedDeclaration) > :matches(ImportSpecifier[importKind=type], ExportSpecifier[exportKind=type])",
          message: "Types have an import line of their own: import type { … }.",
        },
        {
          selector:
            ":matches(PropertyDefinition, MethodDefinition:not([kind=constructor]), TSParameterProperty)[accessibility=private]",
          message: "What is private has a name with #.",
        },
      ],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
    },
  },
  // TypeScript has no list of what browsers and Node share. The library is checked with that of workers;
  // this refuses what they have besides.
  {
    files: ["src/**/*.ts"],
    rules: {
      "no-restricted-globals": [
        "error",
        ...Object.keys(globals.worker).filter((name) => !(name in globals["shared-node-browser"])),
      ],
    },
  },
  {
    files: ["**/*.js", "**/*.cjs"],
    ignores: ["lab/frontend/**"],
    languageOptions: { globals: globals.node },
  },
  // What a server answers is JSON of any shape; its tests say which.
  {
    files: ["test/lab/**/*.ts", "test/support/lab_server.ts", "test/support/channels.ts"],
    rules: {
      "@typescript-eslint/no-explicit-any": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  {
    files: ["lab/frontend/**"],
    languageOptions: { globals: globals.browser },
  },
);
