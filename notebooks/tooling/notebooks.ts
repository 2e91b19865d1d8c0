// The entry point of `npm run notebooks`.

import { packageRoot } from "../../kernel/package_root.js";
import { workbookPages } from "../pages/workbook_pages.js";
import { notebooksCommand } from "./command.js";

process.exitCode = await notebooksCommand(process.argv.slice(2), packageRoot, workbookPages);
