// Who may talk to the server, one test for each way in.

import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { Guard } from "../../../lab/server/guard.js";
import { startServer } from "../../../lab/server/server.js";
import { ask, useServer } from "../../support/lab_server.js";

const server = useServer();
const port = () => server.lab.port;
/** As browsers ask for a page. */
const asPage = { headers: { Accept: "text/html,application/xhtml+xml,*/*;q=0.8" } };
const stranger = { Authorization: "" };

/** The cookie that a browser gets when it opens the address that was printed. */
async function cookie(): Promise<string> {
  const { headers } = await ask(port(), `GET /lab?token=${server.token}`, asPage);
  return headers["set-cookie"]![0].split(";")[0];
}

describe("the token", () => {
  test("has 192 bits and is new with every start", async () => {
    expect(server.token).toMatch(/^[0-9a-f]{48}$/);
    const options = { root: server.root, staticDir: server.root, settingsDir: join(server.folder, "other") };
    const other = await startServer(options);
    expect(other.url).not.toContain(server.token);
    const old = await ask(other.port, "GET /api/contents", {
      headers: { Authorization: `token ${server.token}` },
    });
    expect(old.status).toBe(403);
    await other.close();
  });

  test("becomes a cookie that no script reads and no other site sends, and leaves the address", async () => {
    const { status, headers } = await ask(port(), `GET /lab/tree/a.ipynb?x=1&token=${server.token}`, asPage);
    expect(status).toBe(302);
    expect(headers.location).toBe("/lab/tree/a.ipynb?x=1");
    const [set] = headers["set-cookie"]!;
    expect(set).toMatch(
      new RegExp(`^unrolled-lab-${port()}=[0-9a-f]{48}; HttpOnly; SameSite=Strict; Path=/$`),
    );
    expect(set).not.toContain(server.token);
    expect((await ask(port(), "GET /lab", { headers: { Cookie: await cookie() } })).status).toBe(200);
  });

  test("can be replaced for one page by an invitation, which is good once", async () => {
    const { pathname, search, searchParams } = new URL(server.lab.invite("/lab/tree/ko/한글.ipynb"));
    const invitation = searchParams.get("token")!;
    expect(invitation).not.toBe(server.token);
    const asApi = { headers: { Authorization: `token ${invitation}` } };
    expect((await ask(port(), "GET /api/contents", asApi)).status).toBe(403);
    expect((await ask(port(), `GET /api/contents?token=${invitation}`, asPage)).status).toBe(403);
    const { status, headers } = await ask(port(), `GET ${pathname}${search}`, asPage);
    expect([status, headers.location]).toEqual([302, encodeURI("/lab/tree/ko/한글.ipynb")]);
    expect(headers["set-cookie"]).toEqual([await cookie()].map((pass) => expect.stringContaining(pass)));
    expect((await ask(port(), `GET ${pathname}${search}`, asPage)).status).toBe(403);
  });

  test("is enough in the address for a program that keeps no cookies", async () => {
    server.write("data.csv", "1,2");
    const { status, text } = await ask(port(), `GET /files/data.csv?token=${server.token}`);
    expect([status, text]).toEqual([200, "1,2"]);
  });

  test("never sends a browser to another host", async () => {
    const { headers } = await ask(port(), `GET //evil.example/x?token=${server.token}`, asPage);
    expect(headers.location).toBe("/evil.example/x");
  });

  test.each([
    "GET /lab",
    "GET /",
    "GET /api/contents",
    "GET /static/main-ABCD1234.js",
    "GET /files/a",
    "POST /api/kernels",
  ])("is required for %s", async (line) => {
    const refused: Record<string, string>[] = [
      {},
      { Authorization: "token " },
      { Authorization: "token 0123456789" },
      { Authorization: `token ${server.token}0` },
      { Cookie: `unrolled-lab-${port()}=` },
      { Cookie: `unrolled-lab-${port()}=${server.token}` },
      { Cookie: (await cookie()).replace(String(port()), "1") },
    ];
    for (const headers of refused)
      expect((await ask(port(), line, { headers })).status, JSON.stringify(headers)).toBe(403);
    expect((await ask(port(), `${line}?token=`)).status).toBe(403);
  });

  test("is taken from a header, as Jupyter's clients send it", async () => {
    for (const scheme of ["token", "Bearer"])
      expect(
        (await server.ask("GET /api/contents", { headers: { Authorization: `${scheme} ${server.token}` } }))
          .status,
      ).toBe(200);
  });
});

describe("the Host", () => {
  test.each([
    "evil.example",
    "evil.example:80",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "0",
    "[::2]",
    "a b",
  ])("%j is refused, even with the token", async (host) => {
    expect((await server.ask("GET /api/contents", { headers: { Host: host } })).status).toBe(403);
  });

  test.each(["localhost", "localhost:9999", "127.0.0.1:1", "[::1]:8888", "lab.localhost"])(
    "%j is accepted",
    async (host) => {
      expect((await server.ask("GET /api/contents", { headers: { Host: host } })).status).toBe(200);
    },
  );
});

describe("other pages", () => {
  const headers = (more: object) => ({ Host: "localhost:8888", ...more }) as Record<string, string>;

  test.each([
    "http://evil.example",
    "http://localhost:3000",
    "https://localhost:8888",
    "null",
    "http://localhost",
  ])("with the Origin %s are refused, even with the token", async (Origin) => {
    for (const line of ["GET /api/contents", "POST /api/contents"])
      expect((await server.ask(line, { headers: headers({ Origin }) })).status).toBe(403);
  });

  test("that the browser says are of other sites are refused", async () => {
    for (const site of ["cross-site", "same-site", "nonsense"])
      expect(
        (await server.ask("GET /api/contents", { headers: headers({ "Sec-Fetch-Site": site }) })).status,
      ).toBe(403);
  });

  test("are distinguished from our own", async () => {
    for (const more of [
      { Origin: "http://localhost:8888", "Sec-Fetch-Site": "same-origin" },
      { "Sec-Fetch-Site": "none" },
    ])
      expect((await server.ask("GET /api/contents", { headers: headers(more) })).status).toBe(200);
  });
});

describe("the page that asks for the token", () => {
  const send = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    ask(port(), "POST /login", {
      headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers },
      body: new URLSearchParams(fields).toString(),
    });

  test.each<Record<string, string>>([
    {},
    { "Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document" },
    { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document" },
  ])("is shown to a person, %j, and leads on", async (more) => {
    const headers = { ...asPage.headers, ...more };
    const {
      status,
      text,
      headers: answered,
    } = await ask(port(), "GET /lab/tree/a?x=1&token=old&y=2", { headers });
    expect(status).toBe(403);
    expect(text).toContain('name="next" value="/lab/tree/a?x=1&#38;y=2"');
    expect(answered["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(answered["set-cookie"]).toBeUndefined();
    const korean = await ask(port(), "GET /lab", { headers: { ...headers, "Accept-Language": "ko-KR,ko" } });
    expect(korean.text).toContain("토큰");
  });

  test("is not shown to frames, programs, the API or under another name", async () => {
    for (const [line, more] of [
      [
        "GET /lab",
        { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe" },
      ],
      ["GET /lab", { "Sec-Fetch-Dest": "iframe" }],
      ["GET /lab", { Accept: "*/*" }],
      ["GET /api/contents", {}],
      ["GET /lab", { Host: "evil.example" }],
    ] as const) {
      const { status, text } = await ask(port(), line, { headers: { ...asPage.headers, ...more } });
      expect([status, text.includes("<form")], JSON.stringify(more)).toEqual([403, false]);
    }
  });

  test("takes the token, or the whole address, for the cookie", async () => {
    for (const token of [server.token, ` ${server.lab.url} `]) {
      const { status, headers } = await send({ token, next: "/lab/tree/%ED%95%9C?x=1" });
      expect([status, headers.location]).toEqual([303, "/lab/tree/%ED%95%9C?x=1"]);
      expect(headers["set-cookie"]).toEqual([expect.stringContaining(await cookie())]);
    }
  });

  test("never leads to another host", async () => {
    for (const [next, location] of [
      ["//evil.example/x", "/evil.example/x"],
      ["/\\evil.example", "/evil.example"],
      ["/.//evil.example", "/evil.example"],
      ["/%09/evil.example", "/%09/evil.example"],
      ["/\t/evil.example", "/evil.example"],
      ["https://evil.example", "/lab"],
      ["@evil.example", "/lab"],
      ["", "/lab"],
    ])
      expect((await send({ token: server.token, next })).headers.location, next).toBe(location);
  });

  test("refuses any other token, other pages, other names and what is not a form", async () => {
    for (const token of ["", "x", server.token.slice(1), server.lab.invite("/lab")]) {
      const { status, headers, text } = await send({ token });
      expect([status, headers["set-cookie"]]).toEqual([403, undefined]);
      expect(text).toContain('role="alert"');
    }
    const right = { token: server.token };
    for (const headers of [
      { Origin: "http://evil.example" },
      { Origin: "null" },
      { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document" },
      { "Sec-Fetch-Site": "same-site" },
      { Host: "evil.example" },
    ] as Record<string, string>[]) {
      const { status, headers: answered } = await send(right, headers);
      expect([status, answered["set-cookie"]], JSON.stringify(headers)).toEqual([403, undefined]);
    }
    expect((await send({ token: "x".repeat(20_000) })).status).toBe(413);
  });

  test("comes again after signing out", async () => {
    const headers = { ...asPage.headers, Cookie: await cookie() };
    const { status, headers: answered } = await ask(port(), "GET /logout", { headers });
    expect([status, answered.location]).toEqual([302, "/lab"]);
    expect(answered["set-cookie"]).toEqual([`unrolled-lab-${port()}=; Max-Age=0; Path=/`]);
  });
});

describe("what leaves the root", () => {
  const outside = [
    "../secret",
    "a/../../secret",
    "..%2fsecret",
    "%2e%2e/secret",
    "%2e%2e%2fsecret",
    "..%5csecret",
    "/etc/passwd",
    "%00",
    "a%00.txt",
  ];
  const hidden = [".hidden", ".config/x", "a/.b/c", "open/../.hidden"];
  const linked = ["link-out", "link-dir/secret", "link-nowhere", "link-hidden"];

  test.each([...outside, ...hidden, ...linked])("%s does not exist", async (path) => {
    writeFileSync(join(server.folder, "secret"), "secret");
    server.write(".hidden", "secret");
    server.write(".config/x", "secret");
    server.write("a/.b/c", "secret");
    const links = [
      ["link-out", join(server.folder, "secret")],
      ["link-dir", server.folder],
      ["link-nowhere", join(server.folder, "not-there")],
      ["link-hidden", join(server.root, ".hidden")],
    ];
    for (const [name, target] of links) {
      try {
        symlinkSync(target, join(server.root, name));
      } catch {
        // From the test before.
      }
    }
    const body = { type: "file", format: "text", content: "overwritten" };
    for (const [line, given] of [
      [`GET /api/contents/${path}`],
      [`PUT /api/contents/${path}`, body],
      [`DELETE /api/contents/${path}`],
      [`POST /api/contents/${path}/checkpoints`],
      [`PATCH /api/contents/${path}`, { path: "stolen" }],
      [`GET /files/${path}`],
      [`GET /static/${path}`],
    ] as const) {
      const { status, text } = await server.ask(line, { body: given });
      expect(status, line).toBe(404);
      expect(text).not.toContain("secret");
    }
    server.write("mine.txt", "mine");
    const decoded = decodeURIComponent(path);
    const moved = await server.ask("PATCH /api/contents/mine.txt", { body: { path: decoded } });
    const copied = await server.ask("POST /api/contents", { body: { copy_from: decoded } });
    expect([moved.status, copied.status]).toEqual([404, 404]);
  });

  test("is not listed", async () => {
    const { json } = await server.ask("GET /api/contents");
    const names = json.content.map(({ name }: { name: string }) => name);
    expect(names.filter((name: string) => name.startsWith(".") || name.startsWith("link"))).toEqual([]);
  });

  test("is not reached by way of the checkpoints", async () => {
    const elsewhere = join(server.folder, "elsewhere");
    mkdirSync(elsewhere);
    server.write("sub/note.txt", "note");
    symlinkSync(elsewhere, join(server.root, "sub", ".ipynb_checkpoints"));
    expect((await server.ask("POST /api/contents/sub/note.txt/checkpoints")).status).toBe(404);
  });
});

describe("headers", () => {
  test("say what a page may do", async () => {
    const { headers } = await server.ask("GET /lab");
    const policy = String(headers["content-security-policy"]);
    expect(policy).toMatch(/script-src 'nonce-[A-Za-z0-9+/]{24}' 'strict-dynamic' 'unsafe-eval';/);
    for (const directive of ["default-src 'self'", "form-action 'none'", "frame-ancestors 'self'"])
      expect(policy.split("; ")).toContain(directive);
    expect(policy).not.toMatch(/script-src[^;]*(self|unsafe-inline|https?:)|\*/);
    expect(headers["x-content-type-options"]).toBe("nosniff");
  });

  test("have a nonce for the scripts of one page, whatever its address holds", async () => {
    const nonces = [1, 2].map(async () => {
      const { headers, text } = await server.ask("GET /lab/tree/%7B%7Bnonce%7D%7D");
      const [, nonce] = /'nonce-([^']+)'/.exec(String(headers["content-security-policy"]))!;
      expect(text).toContain(`nonce="${nonce}"`);
      expect(text.split(nonce)).toHaveLength(2);
      return nonce;
    });
    expect(new Set(await Promise.all(nonces)).size).toBe(2);
  });

  test("let nothing be loaded by what is not a page", async () => {
    const { headers } = await server.ask("GET /api/contents");
    expect(headers["content-security-policy"]).toBe("default-src 'none'; frame-ancestors 'self'");
  });

  test("keep a file's scripts away from our own pages", async () => {
    server.write("page.html", "<script>1</script>");
    const { headers } = await server.ask("GET /files/page.html");
    expect(headers["content-security-policy"]).toBe("sandbox allow-scripts; frame-ancestors 'self'");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    const pdf = await server.ask(`GET /files/${(server.write("a.PDF", "%PDF-"), "a.PDF")}`);
    expect(pdf.headers["content-type"]).toBe("application/pdf");
    expect(pdf.headers["content-security-policy"]).toBe("frame-ancestors 'self'");
  });

  test("come with a 404 for a file that is not there, and the server goes on", async () => {
    for (const path of ["missing.html", "missing/a.png", ""]) {
      const { status, headers } = await server.ask(`GET /files/${path}`);
      expect([status, headers["x-content-type-options"]], path).toEqual([404, "nosniff"]);
    }
    expect((await server.ask("GET /api")).status).toBe(200);
  });

  test("are sent with refusals too", async () => {
    const { headers } = await server.ask("GET /lab", { headers: stranger });
    expect(headers["x-content-type-options"]).toBe("nosniff");
  });
});

describe("limits", () => {
  test("refuse a body of more than 1 MiB", async () => {
    const copy_from = "x".repeat(2 ** 20);
    expect((await server.ask("POST /api/contents", { body: { copy_from } })).status).toBe(413);
  });

  test("refuse a message of more than 256 MiB before it is sent", async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port()}/api/events/subscribe`, {
      headers: { Authorization: `token ${server.token}` },
    });
    const closed = once(socket, "close");
    const [{ socket: connection }] = await once(socket, "upgrade");
    // A binary frame's head: masked, with its length in eight bytes.
    const head = Buffer.from([0x82, 0xff, ...Array<number>(8).fill(0), 1, 2, 3, 4]);
    head.writeBigUInt64BE(2n ** 28n + 1n, 2);
    connection.write(head);
    // "Message too big", of the WebSocket protocol.
    expect((await closed)[0]).toBe(1009);
  });
});

test("a refused WebSocket leaves nothing that keeps the server from closing, even if the client stays", async () => {
  const options = { root: server.root, staticDir: server.root, settingsDir: join(server.folder, "refusing") };
  const lab = await startServer(options);
  const client = connect({ port: lab.port, host: "127.0.0.1", allowHalfOpen: true });
  client.write(
    `GET /api/events/subscribe HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
  );
  const [reply] = (await once(client, "data")) as [Buffer];
  expect(reply.toString()).toMatch(/^HTTP\/1.1 403 /);
  await lab.close();
  client.destroy();
});

const outer = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .filter(({ internal, family }) => !internal && family === "IPv4")
  .map(({ address }) => address);

test("the server listens on this machine only", async () => {
  for (const address of outer) {
    const probe = createServer().listen(port(), address);
    // The port is free there: nothing of ours listens.
    await new Promise<void>((resolve, reject) => probe.once("listening", resolve).once("error", reject));
    probe.close();
  }
  expect(new URL(server.lab.url).hostname).toBe("127.0.0.1");
});

describe("a server on another address", () => {
  const isUsable = (host: string) =>
    new Promise<boolean>((resolve) => {
      const probe = createServer().listen(0, host);
      probe.once("error", () => {
        resolve(false);
      });
      probe.once("listening", () =>
        probe.close(() => {
          resolve(true);
        }),
      );
    });

  test.for<[ip: string, hosts: string[]]>([
    ["127.0.0.1", ["127.0.0.1"]],
    ["127.0.0.2", ["127.0.0.2"]],
    ["::1", ["[::1]"]],
    ["0.0.0.0", ["127.0.0.1", ...outer.slice(0, 1)]],
    ["::", ["127.0.0.1", ...outer.slice(0, 1)]],
  ])("%s says where it is, and answers there", async ([ip, hosts], { skip }) => {
    if (!(await isUsable(ip))) skip();
    const lab = await startServer({
      root: server.root,
      staticDir: server.root,
      settingsDir: server.folder,
      ip,
    });
    const urls = [lab.url, lab.outerUrl].filter((url) => url !== undefined);
    expect(urls.map((url) => new URL(url).hostname)).toEqual(hosts);
    const statuses = urls.map(async (url) => (await fetch(url, { ...asPage, redirect: "manual" })).status);
    expect(await Promise.all(statuses)).toEqual(hosts.map(() => 302));
    expect(new URL(lab.invite("/lab")).hostname).toBe(hosts[0]);
    await lab.close();
  });

  test("beyond this machine answers under its names and no others", () => {
    const named = (ip: string, host: string) => {
      const guard = new Guard(ip);
      const headers = { host, authorization: `token ${guard.token}` };
      return () => guard.check({ method: "GET", headers } as never, new URL("http://localhost/api"));
    };
    for (const name of [hostname(), `${hostname()}.local`, "localhost", "127.0.0.1", "[::1]", ...outer]) {
      expect(named("0.0.0.0", `${name}:8888`), name).not.toThrow();
      if (!["localhost", "127.0.0.1", "[::1]"].includes(name))
        expect(named("127.0.0.1", name), name).toThrow("answers only to its own name");
    }
    expect(named("192.0.2.7", "192.0.2.7:8888")).not.toThrow();
    expect(named("2001:db8::7", "[2001:db8::7]:8888")).not.toThrow();
    for (const name of ["evil.example", "0.0.0.0.evil.example", "198.51.100.9", `${hostname()}.evil.example`])
      expect(named("0.0.0.0", name), name).toThrow("answers only to its own name");
  });
});
