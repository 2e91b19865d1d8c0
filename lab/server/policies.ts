// Content security policies: a second wall behind JupyterLab's own, which keeps scripts out of what is not
// trusted.
//
// In our page a script runs only if it has the nonce of that page, new each time the page is asked for. Our
// own scripts have it, and those of a trusted output are given it when they are shown; its inline handlers
// are compiled then, and its frames load an address with a policy of their own
// (lab/frontend/trusted_html.js). HTML that comes into the page in any other way brings no nonce: nothing in
// it runs, not even `<script src="/files/…">`.

/** For anything but our own page. */
export const DEFAULT_POLICY = "default-src 'none'; frame-ancestors 'self'";

/**
 * JupyterLab. Vega compiles its expressions, and what a trusted script loads is trusted. Pictures, frames and
 * data may come from elsewhere, as in any Jupyter; a host that is asked learns no address of ours and gets no
 * cookie.
 */
export const pagePolicy = (nonce: string) =>
  [
    "default-src 'self'",
    `script-src 'nonce-${nonce}' 'strict-dynamic' 'unsafe-eval'`,
    "style-src 'self' https: 'unsafe-inline'",
    "img-src 'self' http: https: data: blob:",
    "media-src 'self' http: https: data: blob:",
    "font-src 'self' https: data:",
    "connect-src 'self' https: wss: data: blob:",
    "worker-src 'self' blob:",
    "frame-src 'self' http: https: data: blob:",
    // PDFs.
    "object-src 'self' blob:",
    "base-uri 'self'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join("; ");

/** A user's file that is shown as it is: its scripts run in an origin of their own, without our cookie. */
export const FILES_POLICY = "sandbox allow-scripts; frame-ancestors 'self'";

/** Chromium shows no PDF in a sandbox; a PDF's scripts never are a page's. */
export const PDF_POLICY = "frame-ancestors 'self'";

/** HTML that the user has said to trust, as a document of its own: it may do whatever it likes. */
export const TRUSTED_POLICY = "frame-ancestors 'self'";

/**
 * What an exported notebook may load: pictures. It stands in the exported file itself too, which can be
 * opened from anywhere.
 */
export const EXPORT_CONTENT =
  "default-src 'none'; img-src data: http: https:; style-src 'unsafe-inline'; font-src data:; form-action 'none'; base-uri 'none'";

/** An exported notebook that is shown from here: in an origin of its own, without our cookie. */
export const EXPORT_POLICY = `sandbox; ${EXPORT_CONTENT}; frame-ancestors 'self'`;
