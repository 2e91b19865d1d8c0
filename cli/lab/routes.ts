// What the page's list of chapters asks the server for.

import type { ServerOptions } from "../../lab/server/server.js";
import type { Locale, Workbook } from "./workbook.js";

export function workbookRoutes(workbook: Workbook, locale: Locale): ServerOptions["routes"] {
  const list = async () => ({ language: locale, chapters: await workbook.chapters(locale) });
  return {
    "GET /unrolled/api/workbook": list,
    // Before a chapter is opened its copy is there, and so is what its links lead to.
    "POST /unrolled/api/workbook/open": async (_, body) => {
      const name = await nameIn(workbook, body);
      await workbook.provide(locale);
      return { path: `${locale}/${name}` };
    },
  };
}

async function nameIn(workbook: Workbook, body: unknown): Promise<string> {
  const { name } = (body ?? {}) as { name?: unknown };
  if (typeof name !== "string" || !(await workbook.has(name))) {
    const message = `name is ${JSON.stringify(name)}, but must be the file name of one of the workbook's notebooks`;
    throw Object.assign(new Error(message), { status: 400 });
  }
  return name;
}
