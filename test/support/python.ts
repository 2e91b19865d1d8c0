// Some tests drive real Jupyter clients, which are written in Python. Where they are not installed, the tests
// are skipped with a line that says what to install; in CI, where everything is installed, that is a failure.

import { spawnSync } from "node:child_process";

/** A Python that has all of `modules`, or undefined; `packages` are Debian's names for them. */
export function findPython(modules: string[], packages: string): string | undefined {
  const script = modules.map((name) => `import ${name}`).join("\n");
  const found = ["python3", "/usr/bin/python3"].find(
    (python) => spawnSync(python, ["-c", script], { stdio: "ignore" }).status === 0,
  );
  if (found !== undefined) return found;
  const missing = `no Python has ${modules.join(" and ")}: install with "apt-get install ${packages}"`;
  if (process.env.CI) throw new Error(missing);
  console.warn(`skipped: ${missing}`);
  return undefined;
}
