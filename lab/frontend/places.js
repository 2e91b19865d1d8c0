// Where in a notebook its reader was: it opens there again, with the same cell active and the same one first
// in view.

import { INotebookTracker } from "@jupyterlab/notebook";
import { IStateDB } from "@jupyterlab/statedb";

/** Cells by their ids, which stay when others are inserted or deleted. */
function placeIn({ activeCell, outerNode, widgets }) {
  const { top } = outerNode.getBoundingClientRect();
  const first = widgets.find(({ node }) => node.getBoundingClientRect().bottom > top + 1);
  return { active: activeCell?.model.id, first: first?.model.id };
}

/**
 * Goes to a place, and stays there while the cells above it get their outputs and formulas, until the reader
 * does something.
 */
function goTo({ active, first }, notebook) {
  const find = (id) => notebook.widgets.findIndex(({ model }) => model.id === id);
  notebook.activeCellIndex = find(active);
  if (find(first) <= 0) return;
  const growing = new ResizeObserver(() => {
    // One that is superseded by another is refused.
    notebook.scrollToItem(find(first), "start", 0).catch(() => undefined);
  });
  growing.observe(notebook.viewportNode);
  for (const act of ["keydown", "pointerdown", "wheel"])
    document.addEventListener(act, () => growing.disconnect(), { capture: true, once: true, passive: true });
}

async function keepPlace(panel, state, restored) {
  const { context, content: notebook } = panel;
  const key = () => `unrolled:place:${context.path}`;
  // Tabs of before are moved until all have their places, and what is moved scrolls back to its start.
  const [place] = await Promise.all([state.fetch(key()), context.ready, panel.revealed, restored]);
  if (place) goTo(place, notebook);
  const save = () => void state.save(key(), placeIn(notebook));
  notebook.activeCellChanged.connect(save);
  notebook.outerNode.addEventListener("scrollend", save);
}

export const placesPlugin = {
  id: "unrolled:places",
  description: "Opens a notebook where its reader was.",
  autoStart: true,
  requires: [INotebookTracker, IStateDB],
  activate(app, tracker, state) {
    tracker.widgetAdded.connect((_, panel) => {
      keepPlace(panel, state, app.restored).catch(console.error);
    });
  },
};
