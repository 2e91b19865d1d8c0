// What the file browser does with folders, and a file that the browser itself shows.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
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

  it("shows a PDF", async () => {
    writeFileSync(
      join(lab.root, "a.pdf"),
      "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>",
    );
    const page = await lab.openCells("beside.ipynb", "1");
    await page.openFile("a.pdf");
    // Chromium's viewer.
    const viewers = () => page.page.frames().filter((frame) => frame.url().startsWith("chrome-extension:"));
    await expect.poll(viewers).toHaveLength(1);
  });
});
