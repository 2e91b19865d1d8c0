// Debian's Chromium, driven by Playwright.
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const executablePath = "/usr/bin/chromium";

/** False, with a line that says what to install, where Chromium is missing; in CI that is an error. */
export function hasBrowser(): boolean {
  if (existsSync(executablePath)) return true;
  const missing = `no ${executablePath}: install with "apt-get install chromium"`;
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
