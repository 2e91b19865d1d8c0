// A kernel that hangs is told from one that is busy by its heart.
import { describe, expect, it } from "vitest";
import { Channels } from "../../support/channels.js";
import { useServer } from "../../support/lab_server.js";

const server = useServer({ missedBeats: 4 });

async function open(): Promise<Channels> {
  const { json } = await server.ask("POST /api/kernels", { body: {} });
  return Channels.open(server.lab.port, json.id, { token: server.token });
}
const states = ({ received }: Channels) => received.map(({ content }) => content.execution_state);

describe.skipIf(process.platform === "win32")("a kernel", () => {
  it("whose heart stops is ended and started again", async () => {
    const channels = await open();
    const before = Number(await channels.evaluate("process.pid"));
    process.kill(before, "SIGSTOP");
    await channels.find(({ content }) => content.execution_state === "restarting");
    expect(Number(await channels.evaluate("process.pid"))).not.toBe(before);
    expect(() => process.kill(before, 0)).toThrow("ESRCH");
    await channels.close();
  });

  it("that is busy has a heart that beats on", async () => {
    const channels = await open();
    const cell = channels.execute("const end = Date.now() + 6000; while (Date.now() < end); 'done'");
    expect((await channels.done(cell)).content.status).toBe("ok");
    expect(states(channels)).not.toContain("restarting");
    await channels.close();
  });
});
