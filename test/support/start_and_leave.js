// Starts a kernel that stays in a busy loop, prints its process id once it answers, and ends without ending
// it.

import { startKernel } from "../../dist/kernel/protocol/client.js";

const kernel = await startKernel({ cwd: process.cwd() });
const { outputs } = await kernel.execute("console.log(process.pid)");
void kernel.execute("while (true) {}");
await kernel.request("control", "kernel_info_request", {});
process.stdout.write(outputs[0].text, () => process.exit(0));
