// The languages of JupyterLab's interface: English, its own, and Korean. Source: jupyterlab_server,
// `translations_handler.py`.

import type { JsonObject } from "../../../kernel/objects.js";
import { brief } from "../../../kernel/protocol/brief.js";
import type { Routes } from "../http.js";
import { counted, menus, texts, widgets } from "./korean.js";
import { settingTitles } from "./korean_settings.js";

export type Language = "en" | "ko";

/** JupyterLab's names of languages, and what they are called in each other. */
const LOCALES: Record<
  Language,
  { locale: string; nativeName: string; displayName: Record<Language, string> }
> = {
  en: { locale: "en", nativeName: "English", displayName: { en: "English", ko: "영어" } },
  ko: { locale: "ko_KR", nativeName: "한국어", displayName: { en: "Korean", ko: "한국어" } },
};

/** @param language of a user who has chosen none */
export function translationRoutes(language: Language): Routes {
  return {
    "GET /lab/api/translations": () => ({
      data: Object.fromEntries(
        Object.values(LOCALES).map(({ locale, nativeName, displayName }) => [
          locale,
          { displayName: displayName[language], nativeName },
        ]),
      ),
      message: "",
    }),
    "GET /lab/api/translations/:locale": ({ params }) => {
      const asked = params.locale === "default" ? LOCALES[language].locale : params.locale;
      if (asked === LOCALES.ko.locale) return { data: korean(), message: "" };
      const isKnown = asked === LOCALES.en.locale;
      const names = Object.values(LOCALES).map(({ locale }) => locale);
      const message = `locale is ${brief(asked)}, but must be one of ${names.join(", ")}`;
      return { data: {}, message: isKnown ? "" : message };
    },
  };
}

function korean(): JsonObject {
  const plain = (all: Record<string, string>) =>
    Object.entries(all).map(([text, translation]) => [text, [translation]]);
  // A text in a context has the context before it.
  const inContext = (context: string, all: Record<string, string>) =>
    Object.entries(all).map(([text, translation]) => [`${context}\u0004${text}`, [translation]]);
  // JupyterLab takes nothing with one form alone for what it counts.
  const ofNumbers = Object.entries(counted).map(([text, one]) => [text, [one, one]]);
  return {
    jupyterlab: catalogue("jupyterlab", [
      ...inContext("menu", menus),
      ...inContext("schema", settingTitles),
      ...plain(texts),
      ...ofNumbers,
    ]),
    jupyterlab_widgets: catalogue("jupyterlab_widgets", plain(widgets)),
  };
}

/** As gettext's JSON has it. */
function catalogue(domain: string, translations: unknown[][]): JsonObject {
  // The page looks for the language under its name in HTML.
  const about = { domain, language: "ko-KR", plural_forms: "nplurals=1; plural=0;" };
  return Object.fromEntries([["", about], ...translations]) as JsonObject;
}
