// One folder for everything that a run of the tests puts into the system's temporary folder, kernels'
// leftovers and a learner's progress included; removed when the run is over.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export default function useTemporaryFolder(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "unrolled-tests-"));
  // The names that os.tmpdir() reads on each system; the tests' processes inherit them.
  for (const name of ["TMPDIR", "TMP", "TEMP"]) process.env[name] = folder;
  process.env.UNROLLED_PROGRESS = join(folder, "progress.json");
  process.env.UNROLLED_HISTORY = join(folder, "history");
  return () => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
}
