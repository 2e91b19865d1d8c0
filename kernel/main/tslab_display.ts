// `import { display } from "tslab"` keeps working: tslab's own display functions write through this kernel.

import { createRequire } from "node:module";
import { cell, post } from "./frontend.js";

interface TslabDisplay {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
  transient: { display_id?: string };
}

const require = createRequire(import.meta.url);

/** The tslab package as a cell sees it; loaded when the first cell asks for it. */
export function requireTslab(): unknown {
  const jupyter = require("tslab/dist/jupyter.js") as {
    lastWriteDisplayData: (display: TslabDisplay, update: boolean) => void;
  };
  jupyter.lastWriteDisplayData = ({ data, metadata, transient }, update) => {
    post({
      type: "display",
      cell: cell(),
      bundle: { data, metadata },
      displayId: transient.display_id,
      update,
    });
  };
  return require("tslab");
}
