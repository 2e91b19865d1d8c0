// What the file browser does with folders.
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hasBrowser } from "../../support/browser.js";
import { useLab, writeNotebook } from "../../support/lab_page.js";

describe.skipIf(!hasBrowser())("a folder in JupyterLab", () => {
  const lab = useLab();

  it("is deleted with all that is in it, if one says so", async () => {
    const folder = join(lab.root, "full");
    mkdirSync(join(folder, "sub"), { recursive: true });
    writeNotebook(join(folder, "sub", "a.ipynb"), ["1"]);
    const page = await lab.goto("/lab/workspaces/deleting");
    const entry = page.page.locator(".jp-DirListing-itemText").getByText("full");
    const dialog = page.page.locator(".jp-Dialog").filter({ hasText: "permanently delete: full" });
    const askToDelete = async () => {
      await entry.click({ button: "right" });
      await page.page.locator(".lm-Menu-itemLabel").getByText("Delete", { exact: true }).click();
      await dialog.waitFor();
    };

    await askToDelete();
    await dialog.getByText("Cancel", { exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    expect(existsSync(join(folder, "sub", "a.ipynb"))).toBe(true);

    await askToDelete();
    await page.acceptDialog();
    await entry.waitFor({ state: "detached" });
    expect(existsSync(folder)).toBe(false);
  });
});
