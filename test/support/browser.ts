// The machine's Chromium or Chrome, driven by Playwright; screenshots go to results/screenshots.

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { packageRoot } from "../../kernel/package_root.js";

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];
const executablePath = process.env.CHROMIUM ?? places.find((path) => existsSync(path));

/**
 * Longer than anything takes on a machine that is busy; what is waited for is an event, never time itself.
 */
export const PATIENCE_MS = 300_000;

/** False, with a line that says what to install, where there is no browser; in CI that is an error. */
export function hasBrowser(): boolean {
  if (executablePath !== undefined && existsSync(executablePath)) return true;
  const missing =
    'no Chromium or Chrome found: install one (Debian: "apt-get install chromium fonts-noto-cjk"), or set CHROMIUM to its path';
  if (process.env.CI) throw new Error(missing);
  console.warn(`skipped: ${missing}`);
  return false;
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    timeout: PATIENCE_MS,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
}

/** A page of a fresh profile, and all that it asked of other servers than `origin`. */
export async function openPage(browser: Browser, origin: string): Promise<{ page: Page; foreign: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  page.setDefaultTimeout(PATIENCE_MS);
  const foreign: string[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== new URL(origin).origin) foreign.push(url.href);
  });
  return { page, foreign };
}

export const screenshot = (page: Page, name: string) =>
  page.screenshot({ path: join(packageRoot, "results", "screenshots", `${name}.png`) });
