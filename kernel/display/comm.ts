// `unrolled/comm`: channels between a cell and JavaScript in the notebook, on which widgets are built.

export type { CommHandler, CommMessage, CommOptions, OpenOptions, TargetHandler } from "../main/comms.js";
export { Comm, openComm, registerTarget, unregisterTarget } from "../main/comms.js";
