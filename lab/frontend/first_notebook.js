// The notebook in the page's address, opened as soon as there is a place for it; without one, the notebook
// that a new user begins with. JupyterLab itself first asks what the path is, then lists its folder, shows a
// launcher in the meantime, and asks again; afterwards it finds the notebook open.

import { ILabShell } from "@jupyterlab/application";
import { PageConfig } from "@jupyterlab/coreutils";
import { IDocumentManager } from "@jupyterlab/docmanager";

export const firstNotebookPlugin = {
  id: "unrolled:first-notebook",
  description: "Opens the notebook in the address at once.",
  autoStart: true,
  requires: [ILabShell, IDocumentManager],
  activate(app, shell, documents) {
    void shell.restored.then(() => {
      // Set by the server where there is such a notebook.
      const named = PageConfig.getOption("notebookPath");
      // Who comes back finds open what was open.
      const isOpen = [...shell.widgets("main")].some(({ context }) => context);
      const path = named || (isOpen ? "" : PageConfig.getOption("firstNotebook"));
      if (path) documents.openOrReveal(path);
    });
  },
};
