// JupyterLab's interface in Korean: what the server sends, and that JupyterLab finds it.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageRoot } from "../../../kernel/package_root.js";
import { counted, menus, texts, widgets } from "../../../lab/server/translations/korean.js";
import { settingTitles } from "../../../lab/server/translations/korean_settings.js";
import { useServer } from "../../support/lab_server.js";

const PLACES = /%\d/g;

describe("a server in Korean", () => {
  const server = useServer({ language: "ko" });
  const bundle = async (locale: string, domain = "jupyterlab") =>
    (await server.ask(`GET /lab/api/translations/${locale}`)).json.data[domain];

  test("names its languages", async () => {
    expect((await server.ask("GET /lab/api/translations")).json).toEqual({
      data: {
        en: { displayName: "영어", nativeName: "English" },
        ko_KR: { displayName: "한국어", nativeName: "한국어" },
      },
      message: "",
    });
  });

  test("is in Korean unless its user has chosen English", async () => {
    expect(await bundle("default")).toMatchObject({
      "": { language: "ko-KR" },
      "menu\u0004File": ["파일"],
      "schema\u0004Notebook": ["노트북"],
      "Run All Cells": ["모든 셀 실행"],
      "Cut Cell": ["셀 잘라내기", "셀 잘라내기"],
    });
    expect(await bundle("ko_KR")).toEqual(await bundle("default"));
    expect(await bundle("default", "jupyterlab_widgets")).toEqual({
      "": { domain: "jupyterlab_widgets", language: "ko-KR", plural_forms: "nplurals=1; plural=0;" },
      "Save Widget State Automatically": ["위젯 상태 자동 저장"],
    });
    expect((await server.ask("GET /lab/api/translations/en")).json).toEqual({ data: {}, message: "" });
  });

  test("says of any other language that it has none", async () => {
    expect((await server.ask("GET /lab/api/translations/fr_FR")).json).toEqual({
      data: {},
      message: 'locale is "fr_FR", but must be one of en, ko_KR',
    });
  });
});

describe("a server in English", () => {
  const server = useServer();

  test("has Korean for who chooses it", async () => {
    expect((await server.ask("GET /lab/api/translations/default")).json.data).toEqual({});
    expect((await server.ask("GET /lab/api/translations/ko_KR")).json.data).toHaveProperty("jupyterlab");
  });
});

describe("the translations", () => {
  test("are of texts that JupyterLab has", () => {
    const folder = join(packageRoot, "dist", "lab", "static");
    const scripts = readdirSync(folder).filter((name) => /\.(js|json)$/.test(name));
    const built = scripts
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("\n")
      // The bundle is ASCII.
      .replaceAll(/\\u([0-9a-f]{4})|\\x([0-9a-f]{2})/gi, (_, ...codes: (string | undefined)[]) =>
        String.fromCharCode(parseInt(codes[0] ?? codes[1]!, 16)),
      );
    const asWritten = (text: string) => [JSON.stringify(text).slice(1, -1), text];
    const gone = [menus, settingTitles, texts, widgets, counted]
      .flatMap((translations) => Object.keys(translations))
      .filter((text) => !asWritten(text).some((one) => built.includes(one)));
    expect(gone).toEqual([]);
  });

  test("have a place for no name that JupyterLab does not give", () => {
    for (const [text, translation] of Object.entries({ ...texts, ...counted })) {
      const given = new Set(text.match(PLACES) ?? []);
      const unknown = (translation.match(PLACES) ?? []).filter((place) => !given.has(place));
      // Of what is counted, the number is given to the plural at least.
      if (!(text in counted)) expect(unknown, text).toEqual([]);
    }
  });

  test("have no particle after a name", () => {
    for (const translation of Object.values(texts))
      expect(translation).not.toMatch(/%1(?:을|를|이|가|은|는|과|와)/);
  });
});
