// What the file browser does with folders, a file that the browser itself shows, and one from the web.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hasBrowser } from "../../support/browser.js";
import type { LabPage } from "../../support/lab_page.js";
import { useLab, writeNotebook } from "../../support/lab_page.js";

describe.skipIf(!hasBrowser())("a folder in JupyterLab", () => {
  const lab = useLab();

  test("is deleted with its contents, if the user says so", async () => {
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

  test("shows a PDF", async () => {
    writeFileSync(join(lab.root, "a.pdf"), pdfWithRedText("PDF"));
    const page = await lab.openCells("beside.ipynb", "1");
    await page.openFile("a.pdf");
    // Chromium's viewer.
    const viewers = () => page.page.frames().filter((frame) => frame.url().startsWith("chrome-extension:"));
    await expect.poll(viewers).toHaveLength(1);
    await expect.poll(async () => redPixels(page)).toBeGreaterThan(1000);
  });

  test("takes a file from an address on the web", async () => {
    const page = await lab.openCells("first.ipynb", "1");
    await page.page.route("https://example.com/data/rain.csv", (route) =>
      route.fulfill({
        body: "day,rain\n1,42\n",
        contentType: "text/csv",
        headers: { "Access-Control-Allow-Origin": "*" },
      }),
    );
    await page.menu("File", "Open from URL…");
    await page.page.locator(".jp-Dialog input").fill("https://example.com/data/rain.csv");
    await page.acceptDialog();
    await page.page.locator(".jp-CSVViewer .lm-DataGrid").waitFor();
    expect(readFileSync(join(lab.root, "rain.csv"), "utf8")).toBe("day,rain\n1,42\n");
  });
});

/** One page with large red letters. */
function pdfWithRedText(text: string): string {
  const drawing = `1 0 0 rg BT /F1 200 Tf 50 400 Td (${text}) Tj ET`;
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
    `<</Length ${drawing.length}>>stream\n${drawing}\nendstream`,
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold>>",
  ];
  let file = "%PDF-1.4\n";
  const offsets = objects.map((object, at) => {
    const offset = file.length;
    file += `${at + 1} 0 obj${object}endobj\n`;
    return `${String(offset).padStart(10, "0")} 00000 n \n`;
  });
  const table = `xref\n0 6\n0000000000 65535 f \n${offsets.join("")}`;
  return `${file}${table}trailer<</Size 6/Root 1 0 R>>\nstartxref\n${file.length}\n%%EOF\n`;
}

/** How many of what the page shows. */
async function redPixels({ page }: LabPage): Promise<number> {
  const url = `data:image/png;base64,${(await page.screenshot()).toString("base64")}`;
  return page.evaluate<number>(`(async () => {
    const picture = await createImageBitmap(await (await fetch("${url}")).blob());
    const { width, height } = picture;
    const canvas = new OffscreenCanvas(width, height).getContext("2d");
    canvas.drawImage(picture, 0, 0);
    const { data } = canvas.getImageData(0, 0, width, height);
    const isRed = (at) => data[at] > 240 && data[at + 1] < 20 && data[at + 2] < 20;
    return Array.from({ length: width * height }, (_, at) => isRed(4 * at)).filter(Boolean).length;
  })()`);
}
