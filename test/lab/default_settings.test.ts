// The page's own reading of a schema's defaults, held against Ajv, which JupyterLab asks.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { AnySchemaObject } from "ajv";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { packageRoot } from "../../kernel/package_root.js";

const file = join(packageRoot, "lab", "frontend", "default_settings.js");
const { defaultSettings } = (await import(pathToFileURL(file).href)) as {
  defaultSettings: (schema: object) => object;
};
const schemas = JSON.parse(
  readFileSync(join(packageRoot, "dist", "lab", "static", "schemas.json"), "utf8"),
) as Record<string, { schema: AnySchemaObject }>;

function byAjv(schema: AnySchemaObject): object {
  const settings = {};
  const isValid = new Ajv({ useDefaults: true, strict: false, validateSchema: false }).compile(schema)(
    settings,
  );
  expect(isValid).toBe(true);
  return settings;
}

test.each(Object.keys(schemas))("the defaults of %s are those that Ajv fills in", (id) => {
  expect(defaultSettings(schemas[id].schema)).toEqual(byAjv(schemas[id].schema));
});

test("defaults are found inside defaults, behind references and in every item", () => {
  const schema = {
    type: "object",
    definitions: {
      entry: {
        properties: { rank: { default: 100 }, more: { items: { properties: { a: { default: 1 } } } } },
      },
    },
    allOf: [{ properties: { all: { default: [] } } }],
    anyOf: [{ properties: { any: { default: 1 } } }],
    properties: {
      list: { default: [{}, { rank: 1, more: [{}] }], items: { $ref: "#/definitions/entry" } },
      map: { default: { x: {} }, additionalProperties: { $ref: "#/definitions/entry" } },
      nothing: { default: null },
      absent: { properties: { inside: { default: 1 } } },
    },
  };
  expect(defaultSettings(schema)).toEqual({
    all: [],
    list: [{ rank: 100 }, { rank: 1, more: [{ a: 1 }] }],
    map: { x: { rank: 100 } },
    nothing: null,
  });
  expect(defaultSettings(schema)).toEqual(byAjv(schema));
});
