// On a narrow window a side bar would leave nothing of the notebook: it is closed, and opened when asked for.

import { ILabShell } from "@jupyterlab/application";

export const narrow = window.matchMedia("(max-width: 699px)");

export const narrowPlugin = {
  id: "unrolled:narrow",
  description: "Closes the side bars where the window is narrow.",
  autoStart: true,
  requires: [ILabShell],
  activate(app, shell) {
    const close = () => {
      if (!narrow.matches) return;
      shell.collapseLeft();
      shell.collapseRight();
    };
    narrow.addEventListener("change", close);
    void shell.restored.then(close);
  },
};
