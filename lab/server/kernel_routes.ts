// Kernelspecs, kernels and sessions over HTTP.
// Source: Jupyter Server documentation, "REST API".

import { brief } from "../../kernel/protocol/brief.js";
import type { Routes } from "./http.js";
import { asObject, HttpError, NO_CONTENT, Reply, requiredText, textField } from "./http.js";
import type { Kernels } from "./kernels.js";
import { DEFAULT_KERNEL, describeSpec, findKernelspec, findKernelspecs } from "./kernelspecs.js";
import type { Sessions } from "./sessions.js";
import { sendStatic } from "./static_files.js";
import { basename, dirname } from "node:path";

export function kernelRoutes(kernels: Kernels, sessions: Sessions): Routes {
  return {
    "GET /api/kernelspecs": async () => {
      const specs = await findKernelspecs();
      return {
        default: DEFAULT_KERNEL,
        kernelspecs: Object.fromEntries(specs.map((spec) => [spec.name, describeSpec(spec)])),
      };
    },
    "GET /api/kernelspecs/:name": async ({ params }) => describeSpec(await specOr404(params.name)),
    "GET /kernelspecs/:name/:resource": async (exchange) => {
      const { name, resource } = exchange.params;
      const { resources } = await specOr404(name);
      const file = Object.values(resources).find((candidate) => basename(candidate) === resource);
      if (file === undefined) throw new HttpError(404, `${name} has no ${resource}`);
      return sendStatic(exchange, dirname(file), resource);
    },

    "GET /api/kernels": () => kernels.list().map((kernel) => kernel.model()),
    "POST /api/kernels": async ({ body }) => {
      const given = asObject(await body());
      const kernel = await sessions.startKernel(textField(given, "path") ?? "", textField(given, "name"));
      return new Reply(201, kernel.model(), { Location: `/api/kernels/${kernel.id}` });
    },
    "GET /api/kernels/:id": ({ params }) => kernels.get(params.id).model(),
    "DELETE /api/kernels/:id": async ({ params }) => {
      await kernels.shutdown(params.id);
      return NO_CONTENT;
    },
    "POST /api/kernels/:id/interrupt": ({ params }) => {
      kernels.get(params.id).interrupt();
      return NO_CONTENT;
    },
    "POST /api/kernels/:id/restart": async ({ params }) => {
      const kernel = kernels.get(params.id);
      await kernel.restart();
      return kernel.model();
    },

    // Not of Jupyter Server's: a page asks it for what ran while none was open.
    "POST /unrolled/api/kernels/:id/adopt": async ({ params, body }) => {
      const given = asObject(await body());
      if (!Array.isArray(given.cells))
        throw new HttpError(400, `cells is ${brief(given.cells)}, but must be a list of cells' ids`);
      return kernels.get(params.id).unattendedRuns.adopt(requiredText(given, "session"), given.cells);
    },

    "GET /api/sessions": () => sessions.list(),
    "POST /api/sessions": async ({ body }) => {
      const session = await sessions.post(await body());
      return new Reply(201, session, { Location: `/api/sessions/${session.id}` });
    },
    "GET /api/sessions/:id": ({ params }) => sessions.get(params.id),
    "PATCH /api/sessions/:id": async ({ params, body }) => sessions.patch(params.id, await body()),
    "DELETE /api/sessions/:id": async ({ params }) => {
      await sessions.delete(params.id);
      return NO_CONTENT;
    },
  };
}

async function specOr404(name: string) {
  return findKernelspec(name).catch(() => {
    throw new HttpError(404, `no kernelspec ${name}`);
  });
}
