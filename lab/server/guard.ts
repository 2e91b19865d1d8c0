// Who may talk to the server: anyone who has the token that was printed, from a page of ours, under a name of
// this machine. A stranger's page in the same browser has none of the three, even if it makes a name of its
// own point here (DNS rebinding).

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { hostname } from "node:os";
import { isLoopback, ownAddresses } from "./addresses.js";
import { HttpError, Reply } from "./http.js";
import { DEFAULT_POLICY } from "./policies.js";

const TOKEN_BYTES = 24;

/** Headers of every reply. */
export const SECURITY_HEADERS = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Content-Security-Policy": DEFAULT_POLICY,
};

/** Who asks has neither token nor cookie, as far as we are told; a person can be asked for the token. */
export class SignedOut extends HttpError {
  override name = "SignedOut";

  constructor(readonly isPage: boolean) {
    const message = "not allowed: open the address that was printed when the server started";
    super(403, message, "signed out");
  }
}

export class Guard {
  readonly token = randomBytes(TOKEN_BYTES).toString("hex");
  /** What the cookie holds: reading a cookie does not reveal the token. */
  readonly #pass = randomBytes(TOKEN_BYTES).toString("hex");
  readonly #names: Set<string>;
  readonly #invitations = new Set<string>();
  #cookie = "";

  /**
   * @param ip the address listened on; beyond loopback, the machine's own names and addresses are good too.
   */
  constructor(ip: string) {
    const own = ownAddresses().map(({ address }) => address);
    const beyond = isLoopback(ip) ? [] : [ip, hostname(), `${hostname()}.local`, ...own];
    this.#names = new Set(beyond.map((name) => name.toLowerCase()));
  }

  /** Cookies know no ports: each server's has its own name. */
  setPort(port: number): void {
    this.#cookie = `unrolled-lab-${port}`;
  }

  /** In place of the token, for one page: what is handed to a browser is of no use to anyone afterwards. */
  invite(): string {
    const invitation = randomBytes(TOKEN_BYTES).toString("hex");
    this.#invitations.add(invitation);
    return invitation;
  }

  /**
   * Returns a redirect to set the cookie if the request brings the token in its URL and wants a page.
   * @throws {HttpError} 403 for a client that may not talk to us
   */
  check(request: IncomingMessage, url: URL): Reply | undefined {
    this.#checkHost(request);
    const token = url.searchParams.get("token");
    // A program that brings the token in each address keeps no cookie, and gets what it asks for at once.
    const isPage =
      request.method === "GET" && !isApi(url) && /\btext\/html\b/.test(request.headers.accept ?? "");
    const hasToken = token !== null && isSame(token, this.token);
    const isAdmitted = isPage && token !== null && (hasToken || this.#invitations.delete(token));
    if (isAdmitted && isLinkFromElsewhere(request)) return this.#admitFromElsewhere(url);
    // No strict cookie comes with such a request, even if there is one.
    if (isPage && isLinkFromElsewhere(request)) throw new SignedOut(true);
    checkSite(request);
    if (isAdmitted) return this.#admit(url);
    if (hasToken) return undefined;
    if (this.#hasPass(request) || this.#hasTokenHeader(request)) return undefined;
    const { "sec-fetch-dest": destination = "document" } = request.headers;
    throw new SignedOut(isPage && destination === "document");
  }

  /** @throws {HttpError} 403 when the form that asks for the token is not ours */
  checkForm(request: IncomingMessage): void {
    this.#checkHost(request);
    checkSite(request);
  }

  /** With the right token, a redirect that sets the cookie. */
  login(token: string, next: URL): Reply | undefined {
    if (!isSame(token, this.token)) return undefined;
    return new Reply(303, undefined, this.#admit(next).headers);
  }

  /** Has the browser forget its cookie. */
  logout(): Reply {
    return new Reply(302, undefined, {
      Location: "/lab",
      "Set-Cookie": `${this.#cookie}=; Max-Age=0; Path=/`,
      "Cache-Control": "no-store",
    });
  }

  #admit(url: URL): Reply {
    url.searchParams.delete("token");
    // Never to another host, whatever stands in the path.
    const location = url.pathname.replace(/^[/\\]+/, "/") + url.search;
    const cookie = `${this.#cookie}=${this.#pass}; HttpOnly; SameSite=Strict; Path=/`;
    return new Reply(302, undefined, {
      Location: location,
      "Set-Cookie": cookie,
      "Cache-Control": "no-store",
    });
  }

  /**
   * A redirect would still count as the other site's request, which brings no strict cookie; our own page's
   * does not.
   */
  #admitFromElsewhere(url: URL): Reply {
    const { Location, ...headers } = this.#admit(url).headers;
    return new Reply(200, undefined, { ...headers, Refresh: `0; url=${Location}` });
  }

  #checkHost({ headers: { host = "" } }: IncomingMessage): void {
    const name = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : "";
    if (!isLoopback(name) && !this.#names.has(name.replace(/^\[|\]$/g, "")))
      throw new HttpError(403, "not allowed: this server answers only to its own name");
  }

  #hasPass({ headers }: IncomingMessage): boolean {
    const cookies = (headers.cookie ?? "").split(";").map((cookie) => cookie.trim());
    return cookies.some((cookie) => isSame(cookie, `${this.#cookie}=${this.#pass}`));
  }

  #hasTokenHeader({ headers }: IncomingMessage): boolean {
    const token = /^(?:token|bearer)\s+(\S+)$/i.exec(headers.authorization ?? "")?.[1];
    return token !== undefined && isSame(token, this.token);
  }
}

const isApi = ({ pathname }: URL) => /^\/(?:lab\/)?api(?:\/|$)/.test(pathname);

/** Browsers say where a request comes from; other programs do not, and still need the token. */
function checkSite({ headers }: IncomingMessage): void {
  const { host, origin, "sec-fetch-site": site } = headers;
  if (origin !== undefined && origin !== `http://${host}`)
    throw new HttpError(403, "not allowed: the request comes from another page");
  if (site !== undefined && site !== "same-origin" && site !== "none")
    throw new HttpError(403, "not allowed: the request comes from another site");
}

/**
 * A link may stand anywhere, in a file, a mail, a terminal in a page, and anyone who follows it may come in.
 */
function isLinkFromElsewhere({ headers }: IncomingMessage): boolean {
  const { "sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": dest } = headers;
  return (site === "cross-site" || site === "same-site") && mode === "navigate" && dest === "document";
}

/** Takes the same time wherever they differ. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
