// A cell that was running when its page was closed, or that has ended since: the server kept what it had put
// out, and whichever page opens the notebook next shows that and continues from there.

import { PageConfig, URLExt } from "@jupyterlab/coreutils";
import { INotebookTracker } from "@jupyterlab/notebook";
import { ServerConnection } from "@jupyterlab/services";

/** Takes over from pages that have gone; the server gives what it returns to no other page again. */
async function adopt(kernel, cells) {
  const settings = ServerConnection.makeSettings();
  const url = URLExt.join(PageConfig.getBaseUrl(), `unrolled/api/kernels/${kernel.id}/adopt`);
  const body = JSON.stringify({ session: kernel.clientId, cells: [...cells.keys()] });
  const response = await ServerConnection.makeRequest(url, { method: "POST", body }, settings);
  return response.ok ? response.json() : [];
}

/** What an output area expects of the request whose outputs it shows, for one that another page has sent. */
function makeFuture() {
  let finish;
  const done = new Promise((resolve) => {
    finish = resolve;
  });
  return { done, dispose: finish, onIOPub() {}, onReply() {}, onStdin() {} };
}

function follow(cell, run, kernel) {
  const future = makeFuture();
  cell.outputArea.future = future;
  // As when a cell is run from this page: the outputs are the user's own doing.
  cell.model.trusted = true;
  cell.model.executionState = "running";
  const seen = new Set();
  const show = (message) => {
    if (message.parent_header.msg_id !== run.msg_id || seen.has(message.header.msg_id)) return;
    seen.add(message.header.msg_id);
    const { msg_type } = message.header;
    if (msg_type === "execute_input") cell.model.executionCount = message.content.execution_count;
    else if (msg_type === "status" && message.content.execution_state === "idle") finish();
    else future.onIOPub(message);
  };
  const onMessage = (_, message) => show(message);
  const finish = () => {
    kernel.iopubMessage.disconnect(onMessage);
    cell.model.executionState = "idle";
    future.dispose();
  };
  kernel.iopubMessage.connect(onMessage);
  cell.disposed.connect(finish);
  run.messages.forEach(show);
}

/**
 * A session is ready before the kernel's messages reach the page; what came in between would be in neither's
 * hands.
 */
function connected(kernel) {
  if (kernel.connectionStatus === "connected") return undefined;
  return new Promise((resolve) => {
    kernel.connectionStatusChanged.connect(function changed(_, status) {
      if (status === "connected" && kernel.connectionStatusChanged.disconnect(changed)) resolve();
    });
  });
}

/** Those of the arrived messages that came after the last one of the run. */
function newer(arrived, run) {
  const last = run.messages.at(-1)?.header.msg_id;
  return arrived.slice(arrived.findLastIndex(({ header }) => header.msg_id === last) + 1);
}

async function takeOver(panel) {
  await panel.revealed;
  await panel.sessionContext.ready;
  const kernel = panel.sessionContext.session?.kernel;
  if (!kernel) return;
  await connected(kernel);
  // What comes while the server answers may be newer than the answer.
  const arrived = [];
  const keep = (_, message) => arrived.push(message);
  kernel.iopubMessage.connect(keep);
  try {
    const codeCells = panel.content.widgets.filter(({ model }) => model.type === "code");
    const cells = new Map(codeCells.map((cell) => [cell.model.id, cell]));
    for (const run of await adopt(kernel, cells)) {
      const cell = cells.get(run.cell_id);
      // Deleted while the server answered.
      if (cell.isDisposed) continue;
      follow(cell, { ...run, messages: [...run.messages, ...newer(arrived, run)] }, kernel);
    }
  } finally {
    kernel.iopubMessage.disconnect(keep);
  }
}

export const unattendedRunsPlugin = {
  id: "unrolled:unattended-runs",
  description: "Outputs of cells that ran while no page was open.",
  autoStart: true,
  requires: [INotebookTracker],
  activate(app, tracker) {
    tracker.widgetAdded.connect((_, panel) => void takeOver(panel));
  },
};
