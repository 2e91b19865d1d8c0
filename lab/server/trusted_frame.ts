// The address of frames with trusted HTML. A `srcdoc` or a blob would have the policy of the page that made
// it; this page has one that lets everything run, and shows what a script of the page around it has put on
// its frame, where no markup can put anything.

import type { Routes } from "./http.js";
import { ANSWERED } from "./http.js";
import { TRUSTED_POLICY } from "./policies.js";

const PAGE = `<!doctype html><script>
const { trustedHtml } = frameElement;
document.open();
document.write(trustedHtml);
document.close();
</script>`;

export const trustedFrameRoutes: Routes = {
  "GET /unrolled/trusted-frame": ({ response }) => {
    response.writeHead(200, {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": TRUSTED_POLICY,
      "Cache-Control": "no-cache",
    });
    response.end(PAGE);
    return ANSWERED;
  },
};
