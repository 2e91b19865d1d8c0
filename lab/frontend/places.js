// Where in a notebook its reader was: it opens there again, with that cell active and in view.

import { INotebookTracker } from "@jupyterlab/notebook";
import { IStateDB } from "@jupyterlab/statedb";

async function returnTo(panel, state) {
  const { context, content: notebook } = panel;
  const key = () => `unrolled:place:${context.path}`;
  const [id] = await Promise.all([state.fetch(key()), context.ready, panel.revealed]);
  const at = notebook.widgets.findIndex(({ model }) => model.id === id);
  if (at > 0) {
    notebook.activeCellIndex = at;
    await notebook.scrollToItem(at, "start").catch(console.error);
  }
  notebook.activeCellChanged.connect((_, cell) => {
    if (cell) void state.save(key(), cell.model.id);
  });
}

export const placesPlugin = {
  id: "unrolled:places",
  description: "Opens a notebook where its reader was.",
  autoStart: true,
  requires: [INotebookTracker, IStateDB],
  activate(app, tracker, state) {
    tracker.widgetAdded.connect((_, panel) => void returnTo(panel, state).catch(console.error));
  },
};
