// Debian's Chromium, driven by Playwright; screenshots go to results/screenshots.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type Page, chromium } from "playwright-core";
import { packageRoot } from "../../kernel/package_root.js";

const executablePath = "/usr/bin/chromium";

/** False, with a line that says what to install, where Chromium is missing; in CI that is an error. */
export function hasBrowser(): boolean {
  if (existsSync(executablePath)) return true;
  const missing = `no ${executablePath}: install with "apt-get install chromium fonts-noto-cjk"`;
  if (process.env.CI) throw new Error(missing);
  console.warn(`skipped: ${missing}`);
  return false;
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
}

/** A page of a fresh profile, and all that it asked of other servers than `origin`. */
export async function openPage(browser: Browser, origin: string): Promise<{ page: Page; foreign: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  const foreign: string[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== new URL(origin).origin) foreign.push(url.href);
  });
  return { page, foreign };
}

export const screenshot = (page: Page, name: string) =>
  page.screenshot({ path: join(packageRoot, "results", "screenshots", `${name}.png`) });
