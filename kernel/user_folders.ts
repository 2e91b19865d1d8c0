// Where this program keeps its files, as each system has it.

import envPaths from "env-paths";

export const userFolders = () => envPaths("unrolled", { suffix: "" });
