// For processes with a home of their own: the language snapshot that the tests' own kernels start from. To build another
// takes longer than most tests.
import { dirname } from "node:path";
import { snapshotFile } from "../../kernel/language/snapshot_file.js";

export const sharedCache = { XDG_CACHE_HOME: dirname(dirname(snapshotFile())) };
