// The workbook's chapters in the side bar and as a page in the launcher: titles in order, minutes, and a
// check mark on whatever was run to the end.

import { ILabShell } from "@jupyterlab/application";
import { MainAreaWidget, showErrorMessage } from "@jupyterlab/apputils";
import { PageConfig, URLExt } from "@jupyterlab/coreutils";
import { IDocumentManager } from "@jupyterlab/docmanager";
import { ILauncher } from "@jupyterlab/launcher";
import { INotebookTracker, NotebookActions } from "@jupyterlab/notebook";
import { ServerConnection } from "@jupyterlab/services";
import { LabIcon } from "@jupyterlab/ui-components";
import { Signal } from "@lumino/signaling";
import { Widget } from "@lumino/widgets";
import iconSvg from "./favicon.svg";

const strings = {
  en: {
    workbook: "Workbook",
    minutes: (n) => `${n} min`,
    finished: "run to the end",
    failed: "The chapter cannot be opened",
  },
  ko: {
    workbook: "워크북",
    minutes: (n) => `${n}분`,
    finished: "끝까지 실행함",
    failed: "장을 열 수 없습니다",
  },
};

const icon = new LabIcon({ name: "unrolled:workbook", svgstr: iconSvg });

/** The chapters as the server knows them; undefined where it has no workbook. */
class Chapters {
  changed = new Signal(this);
  list = [];
  language = "en";

  async load() {
    const response = await this.#request("");
    if (!response.ok) return false;
    this.#set(await response.json());
    return true;
  }

  /** Has the learner's copy made, and returns its path. */
  async provide(name) {
    const response = await this.#request("/open", { name });
    if (!response.ok) throw await ServerConnection.ResponseError.create(response);
    return (await response.json()).path;
  }

  async finish(name) {
    const response = await this.#request("/finish", { name });
    if (response.ok) this.#set(await response.json());
  }

  /** The chapter that a path is the copy of, in whichever language. */
  of(path) {
    const name = /^(?:en|ko)\/([^/]+)$/.exec(path)?.[1];
    return this.list.find((chapter) => chapter.name === name);
  }

  #set({ chapters, language }) {
    this.list = chapters;
    this.language = language;
    this.changed.emit();
  }

  #request(path, body) {
    const init = body ? { method: "POST", body: JSON.stringify(body) } : {};
    const url = URLExt.join(PageConfig.getBaseUrl(), `unrolled/api/workbook${path}`);
    return ServerConnection.makeRequest(url, init, ServerConnection.makeSettings());
  }
}

class ChapterList extends Widget {
  #chapters;
  #open;

  constructor(chapters, open) {
    super({ node: document.createElement("nav") });
    this.#chapters = chapters;
    this.#open = open;
    const { workbook } = strings[chapters.language];
    this.addClass("unrolled-Chapters");
    this.title.icon = icon;
    this.title.caption = workbook;
    this.node.setAttribute("aria-label", workbook);
    chapters.changed.connect(this.#show, this);
    this.#show();
  }

  dispose() {
    Signal.clearData(this);
    super.dispose();
  }

  #show() {
    const { workbook, minutes, finished } = strings[this.#chapters.language];
    const heading = element("h2", "", workbook);
    const list = document.createElement("ol");
    for (const chapter of this.#chapters.list) {
      const button = element("button", "unrolled-Chapter");
      button.type = "button";
      const mark = element("span", "unrolled-Chapter-mark", chapter.finished ? "✓" : "");
      if (chapter.finished) {
        mark.setAttribute("role", "img");
        mark.setAttribute("aria-label", finished);
        mark.title = finished;
      }
      button.append(
        element("span", "unrolled-Chapter-number", chapter.name.slice(0, 2)),
        element("span", "unrolled-Chapter-title", chapter.title),
        element("span", "unrolled-Chapter-minutes", minutes(chapter.minutes)),
        mark,
      );
      button.addEventListener("click", () => this.#open(chapter.name));
      const item = document.createElement("li");
      item.append(button);
      list.append(item);
    }
    this.node.replaceChildren(heading, list);
  }
}

function element(tag, className, text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.textContent = text;
  return node;
}

/**
 * Calls `finished` with a notebook's path when each of its code cells has run without an error in one
 * kernel's life.
 */
function watch(tracker, finished) {
  const ran = new WeakMap();
  tracker.widgetAdded.connect((_, panel) => {
    panel.sessionContext.kernelChanged.connect(() => ran.delete(panel.content));
    panel.sessionContext.statusChanged.connect((_, status) => {
      if (status.endsWith("restarting")) ran.delete(panel.content);
    });
  });
  NotebookActions.executed.connect((_, { notebook, cell, success }) => {
    const panel = tracker.find(({ content }) => content === notebook);
    if (!panel || cell.model.type !== "code") return;
    if (!ran.has(notebook)) ran.set(notebook, new Set());
    const done = ran.get(notebook);
    if (success) done.add(cell.model.id);
    else done.delete(cell.model.id);
    const cells = [...notebook.model.cells].filter(
      ({ type, sharedModel }) => type === "code" && sharedModel.getSource().trim() !== "",
    );
    if (cells.every(({ id }) => done.has(id))) finished(panel.context.path);
  });
}

export const chaptersPlugin = {
  id: "unrolled:chapters",
  description: "The chapters of the workbook.",
  autoStart: true,
  requires: [ILabShell, IDocumentManager, INotebookTracker],
  optional: [ILauncher],
  async activate(app, shell, documents, tracker, launcher) {
    const chapters = new Chapters();
    if (!(await chapters.load())) return;
    const { workbook, failed } = strings[chapters.language];
    const open = async (name) => {
      try {
        documents.openOrReveal(await chapters.provide(name));
      } catch (error) {
        await showErrorMessage(failed, error);
      }
    };

    const sideBar = new ChapterList(chapters, open);
    sideBar.id = "unrolled-chapters";
    shell.add(sideBar, "left", { rank: 1 });
    void shell.restored.then(({ fresh }) => fresh && shell.activateById(sideBar.id));

    const command = "unrolled:workbook";
    app.commands.addCommand(command, {
      label: workbook,
      icon,
      execute: () => {
        const page = new MainAreaWidget({ content: new ChapterList(chapters, open) });
        page.title.label = workbook;
        page.title.icon = icon;
        shell.add(page, "main");
        return page;
      },
    });
    launcher?.add({ command, category: "Notebook", rank: -1 });

    watch(tracker, (path) => {
      const chapter = chapters.of(path);
      if (chapter && !chapter.finished) void chapters.finish(chapter.name);
    });
  },
};
