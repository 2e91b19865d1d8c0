// JupyterLab's packages are written for webpack. What they ask of it, as plugins for esbuild.

import { readFile } from "node:fs/promises";
import { extensions, lab, mimeExtensions } from "./extensions.js";

/**
 * `import "unrolled:extensions"` gives the plugins of every extension that package.json names,
 * `"unrolled:styles"` their styles.
 */
const generated = {
  name: "generated",
  setup(build) {
    const both = [...extensions, ...mimeExtensions];
    const modules = {
      extensions: [
        ...both.map(({ name }, i) => `import * as module${i} from "${name}";`),
        `export const extensions = [${extensions.map((_, i) => `module${i}.default`)}].flat();`,
        `export const mimeExtensions = [${mimeExtensions.map((_, i) => `module${extensions.length + i}.default`)}];`,
      ],
      styles: both
        .filter(({ styleModule, style }) => styleModule ?? style)
        .map(({ name, styleModule, style }) => `import "${name}/${styleModule ?? style}";`),
    };
    build.onResolve({ filter: /^unrolled:/ }, ({ path }) => ({
      path: path.slice("unrolled:".length),
      namespace: "unrolled",
    }));
    build.onLoad({ filter: /.*/, namespace: "unrolled" }, ({ path }) => ({
      contents: modules[path].join("\n"),
      resolveDir: lab,
    }));
  },
};

/**
 * A file with texts changed before it is bundled, each from one to another; an error where one is no longer
 * there.
 */
function rewrite(name, filter, ...changes) {
  return {
    name,
    setup(build) {
      build.onLoad({ filter }, async ({ path }) => {
        const source = await readFile(path, "utf8");
        const contents = changes.reduce((text, [from, to]) => {
          const changed = text.replaceAll(from, to);
          if (changed === text) throw new Error(`${name}: ${path} has no ${from}`);
          return changed;
        }, source);
        return { contents };
      });
    },
  };
}

// import() of a CommonJS module has its exports under `default` when esbuild splits code.
const mathjax = rewrite("mathjax", /mathjax-extension\/lib\/index\.js$/, [
  /import\('(mathjax-full\/[^']+)'\)/g,
  "import('$1').then((module) => module.default)",
]);

const widgets = rewrite("widgets", /jupyterlab-manager\/lib\/plugin\.js$/, [
  /require\.ensure\(\['@jupyter-widgets\/controls'\], [^]*?, '@jupyter-widgets\/controls'\);/g,
  "import('@jupyter-widgets/controls').then(resolve, reject);",
]);

// A page with nothing changed in its settings compiles no validators.
const settings = rewrite("settings", /apputils-extension\/lib\/settingsplugin\.js$/, [
  ", SettingRegistry } from '@jupyterlab/settingregistry';",
  " } from '@jupyterlab/settingregistry'; import { SettingRegistry } from '../../../../frontend/setting_registry.js';",
]);

// A workspace that was just loaded is saved half a second later: the document in the address need not wait
// for that, only until what was open is open again.
const workspace = rewrite("workspace", /apputils-extension\/lib\/index\.js$/, [
  /(it\.\s+)await (save\.invoke\(\);)/g,
  "$1void $2 await app.restored;",
]);

// Nor the kernel for a first checkpoint.
const checkpoint = rewrite("checkpoint", /docregistry\/lib\/context\.js$/, [
  "await this._maybeCheckpoint(false);",
  "this._maybeCheckpoint(false).catch(console.error);",
]);

// A theme that is chosen while the system's is followed: JupyterLab would only stop following.
const theme = rewrite("theme", /apputils-extension\/lib\/themesplugins\.js$/, [
  "return manager.toggleAdaptiveTheme();",
  "return manager.toggleAdaptiveTheme().then(() => manager.setTheme(theme));",
]);

// Charts choose their colours for white paper; in Vega's dark theme black lines would vanish. All of a chart
// is turned dark (frontend/dark.css).
const charts = rewrite("charts", /vega5-extension\/lib\/index\.js$/, [
  "document.body.dataset.jpThemeLight === 'false'",
  "false",
]);

// What a kernel says of itself, in the Help menu: JupyterLab asks which kernel a tab has when it is opened,
// and there is none yet.
const kernelHelp = rewrite("kernel help", /help-extension\/lib\/index\.js$/, [
  "const isEnabled = () => usesKernel;",
  "const isEnabled = () => labShell?.currentWidget?.sessionContext?.session?.kernel?.name === name;",
]);

// A title that was given to a tab goes before the file's name (frontend/tab_titles.js).
const tabs = rewrite("tabs", /ui-components\/lib\/icon\/widgets\/tabbarsvg\.js$/, [
  "title.label || title.dataset['jpTabLabel']",
  "title.dataset['jpTabLabel'] || title.label",
]);

// An exported notebook is downloaded as any file is. A tab that is opened for it would close again at once,
// and after the notebook was saved the browser may take it for a pop-up and block it.
const exporting = rewrite("export", /services\/lib\/nbconvert\/index\.js$/, [
  "window === null || window === void 0 ? void 0 : window.open(url, '_blank', 'noopener');",
  "Object.assign(document.createElement('a'), { href: url, download: '' }).click();",
]);

// The page's policy runs no script that comes by markup, trusted or not; and a drawing has its description.
const trustedOutputs = rewrite(
  "trusted outputs",
  /rendermime\/lib\/renderers\.js$/,
  [
    "import { URLExt } from",
    "import { describeSvg } from '../../../../frontend/described_svg.js'; import { nonce, showTrusted } from '../../../../frontend/trusted_html.js'; import { URLExt } from",
  ],
  ["host.innerHTML = source;", "if (trusted) showTrusted(host, source); else host.innerHTML = source;"],
  ["const img = new Image();", "const img = new Image(); img.alt = describeSvg(source);"],
  ["clone.textContent =", "clone.nonce = nonce; clone.textContent ="],
);

const trustedFiles = rewrite(
  "trusted files",
  /htmlviewer\/lib\/widget\.js$/,
  [
    "import { ActivityMonitor } from",
    "import { showInFrame } from '../../../../frontend/trusted_html.js'; import { ActivityMonitor } from",
  ],
  [
    "// Set the new iframe url.",
    "if (this.trusted) { showInFrame(this.content.node.querySelector('iframe'), data); return; }",
  ],
);

/**
 * The paths of webpack's css-loader, `~package/file`; icons as data URLs; no fallbacks of fonts for old
 * browsers.
 */
const styles = {
  name: "styles",
  setup(build) {
    build.onResolve({ filter: /^~/ }, ({ path, kind, resolveDir }) =>
      build.resolve(path.slice(1), { kind, resolveDir }),
    );
    build.onResolve({ filter: /fa-[^/]*\.(eot|svg|ttf|woff)(\W.*)?$/ }, () => ({
      path: "none",
      namespace: "none",
    }));
    build.onLoad({ filter: /.*/, namespace: "none" }, () => ({ contents: "", loader: "dataurl" }));
    // In a style an icon is an image, in a script it is text.
    build.onResolve({ filter: /\.svg$/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (kind !== "url-token" || pluginData === "resolving") return undefined;
      const resolved = await build.resolve(path.replace(/^~/, ""), {
        kind,
        resolveDir,
        pluginData: "resolving",
      });
      return { ...resolved, suffix: "?image" };
    });
    build.onLoad({ filter: /\.svg$/ }, async ({ path, suffix }) => ({
      contents: await readFile(path),
      loader: suffix === "?image" ? "dataurl" : "text",
    }));
    build.onLoad({ filter: /\.raw\.css$/ }, async ({ path }) => ({
      contents: await readFile(path),
      loader: "text",
    }));
  },
};

/**
 * One copy of each package that is asked for by import here and by require there: they are found by identity.
 */
const singletons = {
  name: "singletons",
  setup(build) {
    const shared =
      /^(yjs|lib0|y-protocols|@lumino|@jupyter|@jupyterlab|@codemirror|@lezer|react|react-dom|vega|marked|ajv|json5)(\/|$)/;
    build.onResolve({ filter: shared }, ({ path, kind, importer, resolveDir, pluginData }) => {
      if (kind !== "require-call" || pluginData === "resolving") return undefined;
      return build.resolve(path, { kind: "import-statement", importer, resolveDir, pluginData: "resolving" });
    });
  },
};

/** Paths are worked with in browsers too; what else of Node is asked for is never called there. */
const nodeModules = {
  name: "node modules",
  setup(build) {
    build.onResolve({ filter: /^path$/ }, ({ kind, resolveDir }) =>
      build.resolve("path-browserify", { kind, resolveDir: resolveDir || lab }),
    );
    build.onResolve(
      { filter: /^(fs|crypto|url|util|buffer|stream|os|child_process|node-fetch|canvas)$/ },
      ({ path }) => ({
        path,
        namespace: "empty",
      }),
    );
    build.onLoad({ filter: /.*/, namespace: "empty" }, () => ({ contents: "module.exports = {};" }));
  },
};

export const plugins = [
  generated,
  mathjax,
  widgets,
  settings,
  workspace,
  checkpoint,
  theme,
  charts,
  kernelHelp,
  tabs,
  exporting,
  trustedOutputs,
  trustedFiles,
  styles,
  singletons,
  nodeModules,
];
