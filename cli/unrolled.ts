#!/usr/bin/env node
// The `unrolled` command: a thin door to the kernel's commands and the lab.

import { program } from "../kernel/commands/program.js";

await program({
  lab: {
    usage: `lab [DIR] [--port N] [--ip ADDRESS] [--no-browser] [--language en|ko]
                                open the workbook in JupyterLab; no Python needed`,
    run: async (args) => (await import("./lab.js")).lab(args),
  },
});
