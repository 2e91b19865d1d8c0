// Which room may import which, and no circle but of types. `npm run check` asks; docs/internals.md draws it.

const ROOMS = ["bench", "cli", "files", "kernel", "lab", "notebooks", "scripts", "src", "test"];

/** A room, or a part of one, imports itself, npm's packages and the rooms named, and no other. */
const room = (name, others, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: `^${name}/` },
  to: {
    path: `^(${ROOMS.filter((other) => other !== name.split("/")[0]).join("|")})/`,
    pathNot: others.map((other) => `^${other}/`),
  },
});

export default {
  forbidden: [
    room("src", [], "The library stands alone: its users need nothing else of the project."),
    {
      name: "src-anywhere",
      comment: "The library runs in browsers and Deno too.",
      severity: "error",
      from: { path: "^src/" },
      to: { dependencyTypes: ["core"] },
    },
    room("files", [], "How files are written is the ground of all rooms that have a disk."),
    room("kernel", ["files"], "The kernel knows nothing of recurrent networks."),
    room("lab", ["files", "kernel", "scripts"], "The lab serves any notebook, not only the workbook's."),
    room("notebooks", ["files", "kernel", "src"], "The workbook knows nothing of the programs that show it."),
    {
      name: "workbook-by-entries",
      comment: "The workbook uses library and kernel as a cell does: what it needs, users may need as well.",
      severity: "error",
      from: { path: "^notebooks/workbook/" },
      to: {
        path: "^(src|kernel)/",
        pathNot: "^(src/((nn|weights)/)?index|kernel/(display|widgets)/index|kernel/display/comm)\\.ts$",
      },
    },
    room("cli", ["files", "kernel", "lab", "notebooks"], "A thin door."),
    {
      name: "declared",
      comment: "Whoever installs the package gets what the nearest package.json declares, and no more.",
      severity: "error",
      from: { path: "^(cli|files|kernel|notebooks/workbook|src)/" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg"] },
    },
    {
      name: "no-circle",
      comment: "A file that is read before it is whole surprises; types are not there when it runs.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|lab/absent|src/engine/wasm)/" },
    moduleSystems: ["es6", "cjs"],
    tsPreCompilationDeps: false,
  },
};
