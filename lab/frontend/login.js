// The page's server was started again, with a new token: the page asks for it, and goes on where it was.
import { InputDialog, showErrorMessage } from "@jupyterlab/apputils";
import { PageConfig, URLExt } from "@jupyterlab/coreutils";

const strings = {
  en: {
    title: "The server was started again",
    label: "The token, or the address, that it printed this time. Your tabs stay as they are.",
    wrong: "That is not its token",
  },
  ko: {
    title: "서버가 다시 시작되었습니다",
    label: "서버가 이번에 출력한 토큰이나 주소를 입력하세요. 열린 탭은 그대로입니다.",
    wrong: "이 서버의 토큰이 아닙니다",
  },
};

async function askForToken() {
  const { title, label, wrong } = strings[navigator.language.startsWith("ko") ? "ko" : "en"];
  for (;;) {
    const { value } = await InputDialog.getPassword({ title, label });
    if (!value) return;
    const url = URLExt.join(PageConfig.getBaseUrl(), "login");
    const body = new URLSearchParams({ token: value, next: "/favicon.ico" });
    if ((await fetch(url, { method: "POST", body })).ok) return;
    await showErrorMessage(title, wrong);
  }
}

let asking;
const { fetch } = window;

/** As window.fetch, for JupyterLab: what is refused because nobody is signed in makes the page ask, once at a time. */
window.fetch = async (...request) => {
  const response = await fetch(...request);
  if (response.status === 403 && !asking) {
    const { reason } = await response
      .clone()
      .json()
      .catch(() => ({}));
    if (reason === "signed out") asking ??= askForToken().finally(() => (asking = undefined));
  }
  return response;
};
