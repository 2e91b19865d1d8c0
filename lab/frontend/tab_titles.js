// A document's own title on its tab, in place of the file's name: a notebook's is in its metadata, that of a
// Markdown page is its first heading.

import { INotebookTracker } from "@jupyterlab/notebook";
import { IMarkdownViewerTracker } from "@jupyterlab/markdownviewer";

/**
 * The label itself is the file's name, and changing it would rename the file: JupyterLab's tabs show this one
 * where there is one (lab/bundle/esbuild_plugins.js).
 */
async function show({ context, title }, titleOf) {
  await context.ready;
  const jpTabLabel = titleOf(context.model);
  if (jpTabLabel) title.dataset = { ...title.dataset, jpTabLabel };
}

const ofNotebook = (model) => model.getMetadata("title");
const ofMarkdown = (model) => /^# (.+)$/m.exec(model.toString())?.[1].trim();

export const tabTitlesPlugin = {
  id: "unrolled:tab-titles",
  description: "Titles of documents on their tabs.",
  autoStart: true,
  requires: [INotebookTracker, IMarkdownViewerTracker],
  activate(app, notebooks, pages) {
    notebooks.widgetAdded.connect((_, panel) => void show(panel, ofNotebook));
    pages.widgetAdded.connect((_, page) => void show(page, ofMarkdown));
  },
};
