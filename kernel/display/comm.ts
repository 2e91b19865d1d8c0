// `unrolled/comm`: channels between a cell and JavaScript in the notebook, on which widgets are built.
export {
  Comm,
  openComm,
  registerTarget,
  unregisterTarget,
  type CommHandler,
  type CommMessage,
  type CommOptions,
  type OpenOptions,
  type TargetHandler,
} from "../main/comms.js";
