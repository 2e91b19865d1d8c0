/**
 * Plugins that have nothing behind them here: the kernel completes and inspects, and nothing converts
 * notebooks.
 */
export const isLeftOut = (id) =>
  id.endsWith(":language-server") || id === "@jupyterlab/notebook-extension:export";
