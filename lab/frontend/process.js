// What webpack's builds of JupyterLab know as `process`: path-browserify asks it for the folder that relative
// paths start from.

export const process = { argv: [], cwd: () => "/", env: {} };
