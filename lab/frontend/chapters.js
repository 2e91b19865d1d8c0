// The workbook's chapters in the side bar and as a page in the launcher: titles in order, minutes, and how
// many of their exercises are solved.

import { ILabShell, ILayoutRestorer } from "@jupyterlab/application";
import { MainAreaWidget, showErrorMessage } from "@jupyterlab/apputils";
import { PageConfig, URLExt } from "@jupyterlab/coreutils";
import { IDocumentManager } from "@jupyterlab/docmanager";
import { ILauncher } from "@jupyterlab/launcher";
import { IMainMenu } from "@jupyterlab/mainmenu";
import { ServerConnection } from "@jupyterlab/services";
import { LabIcon } from "@jupyterlab/ui-components";
import { Signal } from "@lumino/signaling";
import { Widget } from "@lumino/widgets";
import { checked } from "./checks.js";
import iconSvg from "./favicon.svg";
import { narrow } from "./narrow.js";

const strings = {
  en: {
    workbook: "Workbook",
    glossary: "Glossary",
    minutes: (n) => `${n} min`,
    solved: (n, all) => `${n} of ${all} exercises solved`,
    failed: "The chapter cannot be opened",
  },
  ko: {
    workbook: "워크북",
    glossary: "용어집",
    minutes: (n) => `${n}분`,
    solved: (n, all) => `문제 ${all}개 중 ${n}개 해결`,
    failed: "장을 열 수 없습니다",
  },
};

const icon = new LabIcon({ name: "unrolled:workbook", svgstr: iconSvg });

/** The chapters as the server knows them; undefined where it has no workbook. */
class Chapters {
  changed = new Signal(this);
  list = [];
  language = "en";
  /** The name of the one in front, if one is. */
  current;

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

  /** @param path of the document in front: a copy of a chapter, in whichever language, or anything else */
  setCurrent(path) {
    const name = /^(?:en|ko)\/([^/]+)$/.exec(path)?.[1];
    if (name === this.current) return;
    this.current = name;
    this.changed.emit();
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
    const { list, current, language } = this.#chapters;
    const { workbook, minutes, solved } = strings[language];
    const sum = (key) => list.reduce((total, chapter) => total + chapter[key], 0);
    const total = element("p", "unrolled-Chapters-total", solved(sum("solved"), sum("exercises")));
    const chapters = document.createElement("ol");
    for (const chapter of list) {
      const button = element("button", "unrolled-Chapter");
      button.type = "button";
      if (chapter.name === current) button.setAttribute("aria-current", "true");
      const count = element("span", "unrolled-Chapter-solved", `${chapter.solved}/${chapter.exercises}`);
      count.setAttribute("role", "img");
      count.title = solved(chapter.solved, chapter.exercises);
      count.setAttribute("aria-label", count.title);
      if (chapter.solved === chapter.exercises) count.classList.add("unrolled-mod-all");
      button.append(
        element("span", "unrolled-Chapter-number", chapter.name.slice(0, 2)),
        element("span", "unrolled-Chapter-title", chapter.title),
        element("span", "unrolled-Chapter-minutes", minutes(chapter.minutes)),
        count,
      );
      button.addEventListener("click", () => this.#open(chapter.name));
      const item = document.createElement("li");
      item.append(button);
      chapters.append(item);
    }
    this.node.replaceChildren(element("h2", "", workbook), total, chapters);
  }
}

function element(tag, className, text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.textContent = text;
  return node;
}

export const chaptersPlugin = {
  id: "unrolled:chapters",
  description: "The chapters of the workbook.",
  autoStart: true,
  requires: [ILabShell, IDocumentManager],
  optional: [ILauncher, ILayoutRestorer, IMainMenu],
  async activate(app, shell, documents, launcher, restorer, mainMenu) {
    const chapters = new Chapters();
    if (!(await chapters.load())) return;
    const { workbook, glossary, failed } = strings[chapters.language];
    const open = async (name) => {
      try {
        documents.openOrReveal(await chapters.provide(name));
        if (narrow.matches) shell.collapseLeft();
      } catch (error) {
        await showErrorMessage(failed, error);
      }
    };

    const sideBar = new ChapterList(chapters, open);
    sideBar.id = "unrolled-chapters";
    shell.add(sideBar, "left", { rank: 1 });
    restorer?.add(sideBar, sideBar.id);
    void shell.restored.then(({ fresh }) => fresh && !narrow.matches && shell.activateById(sideBar.id));
    shell.currentChanged.connect((_, { newValue }) => chapters.setCurrent(newValue?.context?.path));
    checked.connect(() => void chapters.load());

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

    const help = "unrolled:glossary";
    app.commands.addCommand(help, {
      label: glossary,
      execute: () => documents.openOrReveal(`${chapters.language}/glossary.md`),
    });
    mainMenu?.helpMenu.addGroup([{ command: help }], -1);
  },
};
