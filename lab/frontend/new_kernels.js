// A server that was started again has none of the kernels of before: what had one gets a new one, and the
// user is told.

import { ILabShell } from "@jupyterlab/application";
import { Notification } from "@jupyterlab/apputils";
import { inLanguage } from "./language.js";
import { signedIn } from "./login.js";

const gone = inLanguage({
  en: "The server was restarted, and so were the kernels: their variables are gone.",
  ko: "서버가 다시 시작되어 커널도 새로 시작되었습니다. 이전 변수는 사라졌습니다.",
});

/** A notebook and its console have one path, and share the kernel. */
async function renew(context, sessions) {
  const running = await sessions.findByPath(context.path);
  const { id } = running?.kernel ?? {};
  await context.changeKernel(id ? { id } : { name: context.prevKernelName });
}

async function renewAll(contexts, sessions) {
  // Those that the server no longer knows end here.
  await sessions.refreshRunning();
  const ended = contexts.filter(({ isDisposed, session }) => !isDisposed && !session);
  if (ended.length > 0) Notification.warning(gone, { autoClose: false });
  // One after the other: what has the path of an earlier one finds its session.
  for (const context of ended) await renew(context, sessions).catch(console.error);
}

export const newKernelsPlugin = {
  id: "unrolled:new-kernels",
  description: "New kernels after the server was restarted.",
  autoStart: true,
  requires: [ILabShell],
  activate({ serviceManager: { sessions } }, shell) {
    signedIn.connect(() => {
      const contexts = [...shell.widgets("main")].map(({ sessionContext }) => sessionContext);
      // Should the server refuse us once more, it is asked again when it no longer does.
      renewAll(
        contexts.filter((context) => context?.session),
        sessions,
      ).catch(console.error);
    });
  },
};
