// The page: JupyterLab with the extensions of package.json and the workbook's own.

import { JupyterLab } from "@jupyterlab/application";
import { JupyterPluginRegistry, PageConfig } from "@jupyterlab/coreutils";
import { IConnectionStatus, IServiceManager } from "@jupyterlab/services";
import { extensions, mimeExtensions } from "unrolled:extensions";
import { chaptersPlugin } from "./chapters.js";
import { checksPlugin } from "./checks.js";
import { firstNotebookPlugin } from "./first_notebook.js";
import { isLeftOut } from "./left_out.js";
import { narrowPlugin } from "./narrow.js";
import { newKernelsPlugin } from "./new_kernels.js";
import { placesPlugin } from "./places.js";
import { tabTitlesPlugin } from "./tab_titles.js";
import { unattendedRunsPlugin } from "./unattended_runs.js";

const { Extension } = PageConfig;
const plugins = [
  ...extensions,
  chaptersPlugin,
  checksPlugin,
  firstNotebookPlugin,
  narrowPlugin,
  newKernelsPlugin,
  placesPlugin,
  tabTitlesPlugin,
  unattendedRunsPlugin,
].filter(({ id }) => !isLeftOut(id) && !Extension.isDisabled(id));
const pluginRegistry = new JupyterPluginRegistry();
pluginRegistry.registerPlugins(plugins);

const lab = new JupyterLab({
  pluginRegistry,
  serviceManager: await pluginRegistry.resolveRequiredService(IServiceManager),
  connectionStatus: await pluginRegistry.resolveRequiredService(IConnectionStatus),
  mimeExtensions,
  disabled: { patterns: Extension.disabled, matches: [] },
  deferred: { patterns: Extension.deferred, matches: [] },
  availablePlugins: plugins.map(({ id, description, requires, optional, provides, autoStart }) => ({
    id,
    description: description ?? "",
    requires: (requires ?? []).map(({ name }) => name),
    optional: (optional ?? []).map(({ name }) => name),
    provides: provides?.name ?? null,
    autoStart,
    enabled: true,
    extension: id.split(":")[0],
  })),
});
await lab.start({ hostID: "main", bubblingKeydown: true });
// JupyterLab's own option, for tests and for the curious.
if (PageConfig.getOption("exposeAppInBrowser") === "true") window.jupyterapp = lab;
