// The page's server was started again, with a new token: the page asks for it, and continues where it was.

import { Dialog, showErrorMessage } from "@jupyterlab/apputils";
import { PageConfig, URLExt } from "@jupyterlab/coreutils";
import { Signal } from "@lumino/signaling";
import { Widget } from "@lumino/widgets";
import { inLanguage } from "./language.js";

const { title, label, wrong } = inLanguage({
  en: {
    title: "The server was restarted",
    label: "The token, or the address, that it printed this time. Your tabs stay as they are.",
    wrong: "That is not its token",
  },
  ko: {
    title: "서버가 다시 시작되었습니다",
    label: "서버가 이번에 출력한 토큰이나 주소를 입력하세요. 열린 탭은 그대로입니다.",
    wrong: "이 서버의 토큰이 아닙니다",
  },
});

/**
 * Emitted when the server answers again, after it had refused a request because the user was not signed in.
 */
export const signedIn = new Signal({});

function tokenDialog() {
  const body = new Widget({ node: document.createElement("label") });
  const input = Object.assign(document.createElement("input"), { type: "password" });
  input.classList.add("jp-mod-styled");
  body.node.append(label, input);
  body.getValue = () => input.value;
  return new Dialog({ title, body, focusNodeSelector: "input" });
}

async function askForToken() {
  for (;;) {
    const dialog = tokenDialog();
    // By another page, which shares our cookie.
    const dismiss = () => dialog.reject();
    signedIn.connect(dismiss);
    const { value } = await dialog.launch().finally(() => signedIn.disconnect(dismiss));
    if (!value) return;
    const url = URLExt.join(PageConfig.getBaseUrl(), "login");
    const body = new URLSearchParams({ token: value, next: "/favicon.ico" });
    if ((await window.fetch(url, { method: "POST", body })).ok) return;
    await showErrorMessage(title, wrong);
  }
}

async function isRefusal(response) {
  if (response.status !== 403) return false;
  const { reason } = await response
    .clone()
    .json()
    .catch(() => ({}));
  return reason === "signed out";
}

let asking;
let isSignedOut = false;
const { fetch } = window;

/**
 * As window.fetch, for JupyterLab: what is refused because the user is not signed in makes the page ask, once
 * at a time.
 */
window.fetch = async (...request) => {
  const response = await fetch(...request);
  if (await isRefusal(response)) {
    isSignedOut = true;
    asking ??= askForToken().finally(() => (asking = undefined));
  } else if (isSignedOut && response.ok && response.url.startsWith(PageConfig.getBaseUrl())) {
    isSignedOut = false;
    signedIn.emit();
  }
  return response;
};
