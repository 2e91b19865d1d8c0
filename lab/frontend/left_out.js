/** Plugins that have nothing behind them here: the kernel completes and inspects. */
export const isLeftOut = (id) => id.endsWith(":language-server");
