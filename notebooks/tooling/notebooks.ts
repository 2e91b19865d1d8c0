// The entry point of `npm run notebooks`.
import { packageRoot } from "../../kernel/package_root.js";
import { notebooksCommand } from "./command.js";

process.exitCode = await notebooksCommand(process.argv.slice(2), packageRoot);
