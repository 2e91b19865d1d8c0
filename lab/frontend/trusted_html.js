// Trusted HTML in a page whose content security policy runs nothing that comes by markup
// (lab/server/policies.ts): its scripts get the page's nonce, its handlers are compiled, its frames have a
// policy of their own.

import { PageConfig, URLExt } from "@jupyterlab/coreutils";

export const { nonce } = document.querySelector("script[nonce]");

/** What innerHTML does, and all that is in it runs; its scripts when they are created again. */
export function showTrusted(host, html) {
  // In no window a handler is taken off before the policy complains of it.
  const inert = document.implementation.createHTMLDocument("").createElement("div");
  inert.innerHTML = html;
  const isLive = [...inert.querySelectorAll("*")].map(enliven).includes(true);
  host.replaceChildren(...inert.childNodes);
  if (isLive) new MutationObserver(enlivenAdded).observe(host, { childList: true, subtree: true });
}

function enlivenAdded(records) {
  for (const node of records.flatMap(({ addedNodes }) => [...addedNodes])) {
    if (node instanceof Element) [node, ...node.querySelectorAll("*")].forEach(enliven);
  }
}

/** Says if it is something that runs. */
function enliven(element) {
  const handlers = [...element.attributes].filter(({ name }) => name.startsWith("on") && name in element);
  for (const { name, value } of handlers) {
    element.removeAttribute(name);
    element[name] = compile(value);
  }
  const isFrame = element.localName === "iframe" && element.hasAttribute("srcdoc") && runsScripts(element);
  if (isFrame) {
    showInFrame(element, element.srcdoc);
    element.removeAttribute("srcdoc");
  }
  return isFrame || handlers.length > 0 || element.localName === "script";
}

/** With the names that a handler in HTML sees. */
const compile = (code) =>
  new Function("event", `with (document) with (this.form ?? {}) with (this) {${code}\n}`);

const runsScripts = ({ sandbox }) =>
  sandbox.length === 0 || (sandbox.contains("allow-scripts") && sandbox.contains("allow-same-origin"));

/** Shows a document in a frame, where its scripts run. */
export function showInFrame(iframe, html) {
  iframe.trustedHtml = html;
  iframe.src = URLExt.join(PageConfig.getBaseUrl(), "unrolled/trusted-frame");
}
