// Print… in the File menu.

import { describe, expect, test } from "vitest";
import { hasBrowser } from "../../support/browser.js";
import { useLab } from "../../support/lab_page.js";

describe.skipIf(!hasBrowser())("a notebook", () => {
  const lab = useLab();

  test("is printed as it is now, with outputs and formulas", async () => {
    const page = await lab.openCells("printed.ipynb", "6 * 7");
    await page.run(0);
    await expect.poll(() => page.outputs(0).textContent()).toBe("42");
    // There is no printer; the frame that is printed stays until the user is back.
    await page.page.keyboard.press("Control+p");
    const printed = page.page.frameLocator("iframe[srcdoc]");
    await expect.poll(() => printed.locator(".outputs").textContent()).toContain("42");
    await page.page.mouse.move(10, 10);
    await page.page.locator("iframe[srcdoc]").waitFor({ state: "detached" });
  });
});
