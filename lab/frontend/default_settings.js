// The settings of a user who has changed none: what the schema gives, as Ajv's `useDefaults` fills it in.

/** Returns the value of every default in a setting's schema. */
export function defaultSettings(schema) {
  const settings = {};
  fill(settings, schema, schema);
  return settings;
}

/** Ajv looks for defaults in everything that must hold; not in what is tried, such as `anyOf`. */
function fill(data, schema, root) {
  if (typeof schema !== "object" || typeof data !== "object" || data === null) return;
  if (schema.$ref) fill(data, definition(schema.$ref, root), root);
  for (const part of schema.allOf ?? []) fill(data, part, root);
  if (Array.isArray(data)) {
    for (const item of data) fill(item, schema.items, root);
    return;
  }
  const { properties = {}, additionalProperties } = schema;
  for (const [name, { default: value }] of Object.entries(properties))
    if (value !== undefined && data[name] === undefined) data[name] = structuredClone(value);
  for (const [name, value] of Object.entries(data))
    fill(value, properties[name] ?? additionalProperties, root);
}

/** What "#/definitions/name" stands for. */
function definition(ref, root) {
  const [, ...path] = ref.split("/");
  return path.reduce((schema, name) => schema[name], root);
}
