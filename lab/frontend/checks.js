// An exercise's verdict: heard by those who do not see it, and saved with the answer that it is about, before
// the page can be closed.

import { INotebookTracker, NotebookActions } from "@jupyterlab/notebook";
import { Signal } from "@lumino/signaling";

/** Emitted after a cell has had an answer checked, or asked for a hint. */
export const checked = new Signal({});

/** Reads out what it is given. */
function makeAnnouncer() {
  const node = document.createElement("div");
  node.className = "unrolled-Announcer";
  node.setAttribute("role", "status");
  document.body.append(node);
  return (text) => {
    node.textContent = text;
  };
}

/** What a cell's outputs say, as text. */
function textOf({ outputs }) {
  const all = Array.from({ length: outputs.length }, (_, at) => outputs.get(at));
  return all.map(({ data }) => data["text/plain"] ?? "").join("\n");
}

const waiting = new WeakSet();
const underWay = new WeakMap();

/** One at a time: what is run meanwhile is saved by the next. */
async function save(context) {
  if (waiting.has(context)) return;
  waiting.add(context);
  await underWay.get(context);
  waiting.delete(context);
  if (context.isDisposed || context.model.readOnly || !context.model.dirty) return;
  // JupyterLab has told the user if it failed.
  underWay.set(context, context.save().catch(console.error));
}

export const checksPlugin = {
  id: "unrolled:checks",
  description: "Announces the verdicts of exercises, and saves them.",
  autoStart: true,
  requires: [INotebookTracker],
  activate(app, tracker) {
    const announce = makeAnnouncer();
    NotebookActions.executed.connect((_, { notebook, cell: { model } }) => {
      if (model.type !== "code" || !/\bbook\.(?:check|hint)\(/.test(model.sharedModel.getSource())) return;
      announce(textOf(model));
      checked.emit();
      const panel = tracker.find(({ content }) => content === notebook);
      if (panel) void save(panel.context);
    });
  },
};
