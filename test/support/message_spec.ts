// What the protocol allows in each message that a kernel sends: one schema for each type, and for its header
// and parent header. A test that imports this file fails where a message that it has read says anything else.
// Source: Jupyter messaging specification 5.5; ipykernel's `test_message_spec.py`.

import { Ajv } from "ajv";
import { afterAll, afterEach, expect } from "vitest";
import type { Message } from "../../kernel/protocol/messages.js";
import { MessageCodec, PROTOCOL_VERSION } from "../../kernel/protocol/messages.js";

type Schema = Record<string, unknown>;

const text = { type: "string" };
const texts = { type: "array", items: text };
const count = { type: "integer", minimum: 0 };
const port = { type: "integer", minimum: 1, maximum: 65_535 };
const flag = { type: "boolean" };
const anything = { type: "object" };
const one = (...values: string[]) => ({ enum: values });
const map = (values: Schema) => ({ type: "object", additionalProperties: values });

/** An object with these members and no others. */
const only = (required: Record<string, Schema>, optional: Record<string, Schema> = {}): Schema => ({
  type: "object",
  properties: { ...required, ...optional },
  required: Object.keys(required),
  additionalProperties: false,
});

const ok = (required: Record<string, Schema>, optional?: Record<string, Schema>) =>
  only({ status: one("ok"), ...required }, optional);
const thrown = { ename: text, evalue: text, traceback: texts };
const failed = only({ status: one("error"), ...thrown });

/** By MIME type. What is neither JSON nor text is base64. */
const data = {
  type: "object",
  propertyNames: { pattern: "^[^/]+/[^/]+$" },
  patternProperties: {
    "^application/(.+\\+)?json$": {},
    "^(text/.*|.*\\+xml|application/(javascript|xml))$": text,
    "^(image/(?!svg).*|audio/.*|video/.*|application/pdf)$": {
      ...text,
      pattern: "^[A-Za-z0-9+/\\s]+=*\\s*$",
    },
  },
};
const bundle = { data, metadata: anything };
const transient = { display_id: text };

const payload = {
  type: "array",
  items: {
    anyOf: [
      only({ source: one("page"), data, start: count }),
      only({ source: one("set_next_input"), text, replace: flag }),
      only({ source: one("ask_exit"), keepkernel: flag }),
    ],
  },
};

/** The replies, each by its request. */
const REPLIES: Record<string, Schema> = {
  kernel_info: ok(
    {
      protocol_version: { const: PROTOCOL_VERSION },
      implementation: text,
      implementation_version: text,
      language_info: only(
        { name: text, version: text, mimetype: text, file_extension: { ...text, pattern: "^\\." } },
        { pygments_lexer: text, codemirror_mode: { type: ["string", "object"] }, nbconvert_exporter: text },
      ),
      banner: text,
      help_links: { type: "array", items: only({ text, url: text }) },
    },
    { debugger: flag, supported_features: texts },
  ),
  execute: {
    anyOf: [
      ok({
        execution_count: count,
        payload,
        user_expressions: map({ anyOf: [ok(bundle), failed] }),
      }),
      only({ status: one("error"), execution_count: count, ...thrown, payload }),
      only({ status: one("aborted") }),
    ],
  },
  inspect: ok({ found: flag, ...bundle }),
  complete: ok({ matches: texts, cursor_start: count, cursor_end: count, metadata: anything }),
  is_complete: {
    anyOf: [
      only({ status: one("complete", "invalid", "unknown") }),
      only({ status: one("incomplete"), indent: text }),
    ],
  },
  history: ok({
    history: {
      type: "array",
      items: {
        type: "array",
        minItems: 3,
        items: [
          { type: "integer" },
          { type: "integer" },
          {
            anyOf: [
              text,
              {
                type: "array",
                minItems: 2,
                items: [text, { type: ["string", "null"] }],
                additionalItems: false,
              },
            ],
          },
        ],
        additionalItems: false,
      },
    },
  }),
  comm_info: ok({ comms: map(only({ target_name: text })) }),
  connect: ok({ shell_port: port, iopub_port: port, stdin_port: port, hb_port: port, control_port: port }),
  interrupt: ok({}),
  shutdown: ok({ restart: flag }),
};

/** What is published, and what is asked of the user. */
const OTHERS: Record<string, Schema> = {
  stream: only({ name: one("stdout", "stderr"), text }),
  display_data: only({ ...bundle, transient: only({}, transient) }),
  update_display_data: only({ ...bundle, transient: only(transient) }),
  execute_input: only({ code: text, execution_count: count }),
  execute_result: only({ ...bundle, execution_count: count }, { transient: only({}, transient) }),
  error: only(thrown),
  status: only({ execution_state: one("starting", "busy", "idle") }),
  clear_output: only({ wait: flag }),
  comm_open: only({ comm_id: text, target_name: text, data: anything }, { target_module: text }),
  comm_msg: only({ comm_id: text, data: anything }),
  comm_close: only({ comm_id: text, data: anything }),
  input_request: only({ prompt: text, password: flag }),
  iopub_welcome: only({ subscription: text }),
};

const headerOf = (type: Schema, date: Schema): Schema => ({
  type: "object",
  properties: {
    msg_id: { ...text, minLength: 1 },
    session: text,
    username: text,
    date,
    msg_type: type,
    version: text,
  },
  required: ["msg_id", "session", "username", "date", "msg_type", "version"],
});
const isoDate = {
  ...text,
  pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$",
};

/** @param parent the schema of the parent header, which is the client's and kept as it came */
function message(type: string, parent: Schema, content: Schema): Schema {
  const header = { ...headerOf({ const: type }, isoDate), additionalProperties: false };
  return only({ header, parent, metadata: anything, content });
}

const ajv = new Ajv({ strictTuples: false, allowUnionTypes: true, strictTypes: false });
const specs = new Map(
  [
    ...Object.entries(REPLIES).map(([name, content]) => {
      const parent = headerOf({ const: `${name}_request` }, text);
      return [`${name}_reply`, parent, { anyOf: [content, failed] }] as const;
    }),
    ...Object.entries(OTHERS).map(([type, content]) => {
      const parent = { anyOf: [only({}), headerOf(text, text)] };
      return [type, parent, content] as const;
    }),
  ].map(([type, parent, content]) => [type, ajv.compile(message(type, parent, content))]),
);

/** The types that have a schema. */
export const messageTypes = [...specs.keys()];

/** @returns what is wrong with a message; undefined where nothing is */
function problemOf({ header, parent, metadata, content }: Message): string | undefined {
  const type = header.msg_type;
  const isValid = specs.get(type);
  if (!isValid) return `${type}: the protocol has no such message`;
  if (isValid({ header, parent, metadata, content })) return undefined;
  const complaint = ajv.errorsText(isValid.errors, { dataVar: "" });
  return `${type}: ${complaint}: ${JSON.stringify({ header, parent, content }).slice(0, 1000)}`;
}

/** The types that were read; `execute_reply error` is a reply that says what went wrong. */
export const read = new Set<string>();
const problems: string[] = [];

const decode = Reflect.get(MessageCodec.prototype, "decode");
MessageCodec.prototype.decode = function (frames) {
  const message = decode.call(this, frames);
  const problem = problemOf(message);
  if (problem !== undefined) problems.push(problem);
  const { header, content } = message;
  read.add(header.msg_type);
  if (content.status === "error") read.add(`${header.msg_type} error`);
  return message;
};

const expectNoProblems = () => {
  expect(problems.splice(0)).toEqual([]);
};
afterEach(expectNoProblems);
afterAll(expectNoProblems);
