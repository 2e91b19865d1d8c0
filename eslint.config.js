import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import regexp from "eslint-plugin-regexp";
import globals from "globals";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores(["dist", "coverage", "results", "notebooks/en", "notebooks/ko", "src/engine/wasm"]),
  js.configs.recommended,
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
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
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
