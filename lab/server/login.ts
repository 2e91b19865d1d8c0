// The page for people who open an address without the token: it asks for it.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Guard } from "./guard.js";
import type { Reply } from "./http.js";
import { ANSWERED, readBody, requestUrl } from "./http.js";

const LARGEST_FORM_BYTES = 16_384;

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";

const texts = {
  en: {
    title: "Unrolled: token needed",
    how: "Enter the token, or the whole address, that <code>unrolled lab</code> printed when it started.",
    wrong: "That is not the token of this server. Each start has a new one.",
    token: "Token",
    open: "Open",
  },
  ko: {
    title: "Unrolled: 토큰이 필요합니다",
    how: "<code>unrolled lab</code>이 시작하면서 출력한 토큰이나 주소 전체를 입력하세요.",
    wrong: "이 서버의 토큰이 아닙니다. 서버는 시작할 때마다 새 토큰을 만듭니다.",
    token: "토큰",
    open: "열기",
  },
};

/** @param next where to go then, a path of ours */
export function sendLoginPage(
  request: IncomingMessage,
  response: ServerResponse,
  next: URL,
  isWrong = false,
): void {
  const language = /^ko\b/.test(request.headers["accept-language"] ?? "") ? "ko" : "en";
  const { title, how, wrong, token, open } = texts[language];
  next.searchParams.delete("token");
  const path = (next.pathname + next.search).replace(/[&"<]/g, (char) => `&#${char.charCodeAt(0)};`);
  response.writeHead(403, {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": POLICY,
    // With "no-referrer" the browser would not say that the form is ours.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
  });
  response.end(`<!doctype html>
<html lang="${language}">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width, initial-scale=1" />
  <title>${title}</title>
  <style>
    :root { color-scheme: light dark; font-family: system-ui, sans-serif; }
    main { max-width: 30rem; margin: 15vh auto; padding: 0 1rem; }
    label { display: block; margin: 1rem 0; }
    input, button { font: inherit; padding: 0.4rem 0.8rem; }
    input { display: block; box-sizing: border-box; width: 100%; margin-top: 0.3rem; }
  </style>
  <main>
    <h1>${title}</h1>
    <p>${how}</p>
    ${isWrong ? `<p role="alert"><strong>${wrong}</strong></p>` : ""}
    <form method="post" action="/login">
      <input type="hidden" name="next" value="${path}" />
      <label>${token}<input name="token" type="password" required autofocus autocomplete="off" /></label>
      <button>${open}</button>
    </form>
  </main>
</html>
`);
}

/** Answers the form. */
export async function login(
  request: IncomingMessage,
  response: ServerResponse,
  guard: Guard,
): Promise<Reply | typeof ANSWERED> {
  guard.checkForm(request);
  const form = new URLSearchParams((await readBody(request, LARGEST_FORM_BYTES)).toString());
  const given = form.get("token")?.trim() ?? "";
  const next = ownPath(form.get("next") ?? "");
  const admission = guard.login(/[?&]token=([^&#]*)/.exec(given)?.[1] ?? given, next);
  if (admission) return admission;
  sendLoginPage(request, response, next, true);
  return ANSWERED;
}

function ownPath(path: string): URL {
  try {
    return requestUrl({ url: path } as IncomingMessage);
  } catch {
    return new URL("http://localhost/lab");
  }
}
