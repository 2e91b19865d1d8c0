// A kernel that hangs is told from one that is busy by its heart.

import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { packageRoot } from "../../../kernel/package_root.js";
import { Channels } from "../../support/channels.js";
import { useServer } from "../../support/lab_server.js";

const server = useServer({ missedBeats: 4 });

async function open(): Promise<Channels> {
  const { json } = await server.ask("POST /api/kernels", { body: {} });
  return Channels.open(server.lab.port, json.id, { token: server.token });
}
const states = ({ received }: Channels) => received.map(({ content }) => content.execution_state);

describe.skipIf(process.platform === "win32")("a kernel", () => {
  test("whose heart stops is ended and started again", async () => {
    const channels = await open();
    const before = Number(await channels.evaluate("process.pid"));
    process.kill(before, "SIGSTOP");
    await channels.find(({ content }) => content.execution_state === "restarting");
    expect(Number(await channels.evaluate("process.pid"))).not.toBe(before);
    expect(() => process.kill(before, 0)).toThrow("ESRCH");
    await channels.close();
  });

  test("that is busy has a heart that beats on", async () => {
    const channels = await open();
    const cell = channels.execute("const end = Date.now() + 6000; while (Date.now() < end); 'done'");
    expect((await channels.done(cell)).content.status).toBe("ok");
    expect(states(channels)).not.toContain("restarting");
    await channels.close();
  });

  test("that sends messages is alive, also without a heart, until it sends none", async () => {
    const end = join(server.folder, "end");
    const script = `
      import { existsSync, readFileSync } from "node:fs";
      import zeromq from ${JSON.stringify(createRequire(import.meta.url).resolve("zeromq"))};
      import { MessageCodec } from ${JSON.stringify(join(packageRoot, "dist", "kernel", "protocol", "messages.js"))};
      if (existsSync(${JSON.stringify(end)})) process.exit(1);
      const { ip, shell_port, iopub_port, key } = JSON.parse(readFileSync(process.argv[1], "utf8"));
      const iopub = new zeromq.Publisher();
      await iopub.bind(\`tcp://\${ip}:\${iopub_port}\`);
      const shell = new zeromq.Router();
      await shell.bind(\`tcp://\${ip}:\${shell_port}\`);
      const codec = new MessageCodec(key);
      setInterval(() => {
        if (existsSync(${JSON.stringify(end)})) return;
        const content = { name: "stdout", text: String(process.pid) };
        void iopub.send(codec.encode(codec.create("stream", content, { identities: [Buffer.from("stream")] })));
      }, 100);
      for await (const frames of shell) {
        const { identities, header } = codec.decode(frames);
        await shell.send(codec.encode(codec.create("kernel_info_reply", {}, { identities, parent: header })));
      }`;
    const argv = [process.execPath, "--input-type=module", "-e", script, "{connection_file}"];
    vi.stubEnv("JUPYTER_PATH", join(server.folder, "jupyter"));
    const spec = { argv, display_name: "Heartless", language: "x" };
    server.write("../jupyter/kernels/heartless/kernel.json", JSON.stringify(spec));
    const { json } = await server.ask("POST /api/kernels", { body: { name: "heartless" } });
    vi.unstubAllEnvs();
    const channels = await Channels.open(server.lab.port, json.id, { token: server.token });
    // More than twice the beats that may be missed.
    const texts = () => channels.received.map(({ content }) => content.text).filter(Boolean);
    await channels.find(() => texts().length > 100);
    expect(new Set(texts()).size).toBe(1);
    expect(states(channels)).not.toContain("restarting");
    writeFileSync(end, "");
    await channels.find(({ content }) => content.execution_state === "restarting");
    await channels.close();
    await server.ask(`DELETE /api/kernels/${json.id}`);
  });
});
