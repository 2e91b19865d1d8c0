// Which document works with which kernel.
// Source: Jupyter Server documentation, "REST API"; its `sessionmanager.py`.

import { randomUUID } from "node:crypto";
import type { JsonObject } from "../../kernel/objects.js";
import type { Contents } from "./contents.js";
import { asObject, HttpError, textField } from "./http.js";
import type { Kernel, KernelModel } from "./kernel.js";
import type { Kernels } from "./kernels.js";

interface Session {
  id: string;
  path: string;
  name: string;
  type: string;
  kernelId: string;
}

export interface SessionModel {
  id: string;
  path: string;
  name: string;
  type: string;
  kernel: KernelModel;
  /** As older clients know it. */
  notebook?: { path: string; name: string };
}

export interface StartSession {
  /** Of the document, from the root. */
  path: string;
  name?: string;
  type?: string;
  /** The kernelspec; ours if nothing is said. */
  kernelName?: string;
}

export class Sessions {
  readonly #kernels: Kernels;
  readonly #contents: Contents;
  readonly #sessions = new Map<string, Session>();
  /** Sessions that are being started, by path: two requests for one document get one kernel. */
  readonly #starting = new Map<string, Promise<SessionModel>>();

  constructor(kernels: Kernels, contents: Contents) {
    this.#kernels = kernels;
    this.#contents = contents;
  }

  list(): SessionModel[] {
    return this.#alive().map((session) => this.#describe(session));
  }

  /** @throws {HttpError} 404 */
  get(id: string): SessionModel {
    return this.#describe(this.#find(id));
  }

  /** Returns the session that the document has already, or starts a kernel for it. */
  async start({ path, name = "", type = "notebook", kernelName }: StartSession): Promise<SessionModel> {
    return this.#once(path, async () => {
      const kernel = await this.startKernel(path, kernelName);
      return this.#add({ path, name, type, kernelId: kernel.id });
    });
  }

  async post(body: unknown): Promise<SessionModel> {
    const given = asObject(body);
    const notebook = asObject(given.notebook, "notebook");
    const path = textField(given, "path") ?? textField(notebook, "path");
    if (path === undefined) throw new HttpError(400, "path is missing, but must be text");
    const type = textField(given, "type") ?? (given.notebook ? "notebook" : undefined);
    if (type === undefined) throw new HttpError(400, "type is missing, but must be text");
    const name = textField(given, "name") ?? "";
    const { id, name: kernelName } = this.#kernelFields(given);
    if (id === undefined) return this.start({ path, name, type, kernelName });
    return this.#once(path, () =>
      Promise.resolve(this.#add({ path, name, type, kernelId: this.#kernels.get(id).id })),
    );
  }

  /** Another path, name or type, or another kernel, after which the one before is shut down. */
  async patch(sessionId: string, body: unknown): Promise<SessionModel> {
    const session = this.#find(sessionId);
    const given = asObject(body);
    const notebook = asObject(given.notebook, "notebook");
    const changes = {
      path: textField(given, "path") ?? textField(notebook, "path") ?? session.path,
      name: textField(given, "name") ?? session.name,
      type: textField(given, "type") ?? session.type,
    };
    const { id, name } = this.#kernelFields(given);
    const before = session.kernelId;
    const kernelId =
      id !== undefined
        ? this.#kernels.get(id).id
        : name !== undefined
          ? (await this.startKernel(changes.path, name)).id
          : before;
    Object.assign(session, changes, { kernelId });
    if (kernelId !== before && this.#kernels.has(before)) await this.#kernels.shutdown(before);
    return this.#describe(session);
  }

  async delete(id: string): Promise<void> {
    const { kernelId } = this.#find(id);
    this.#sessions.delete(id);
    await this.#kernels.shutdown(kernelId);
  }

  /** In that folder or, for a document, in its folder; told its path, as Jupyter does. */
  async startKernel(path: string, name?: string): Promise<Kernel> {
    const cwd = await this.#contents.kernelDirectory(path);
    return this.#kernels.start({ name, cwd, env: { JPY_SESSION_NAME: path } });
  }

  #kernelFields({ kernel }: JsonObject): { id?: string; name?: string } {
    const fields = asObject(kernel, "kernel");
    return { id: textField(fields, "id"), name: textField(fields, "name") };
  }

  async #once(path: string, start: () => Promise<SessionModel>): Promise<SessionModel> {
    const existing = this.#alive().find((session) => session.path === path);
    if (existing) return this.#describe(existing);
    let starting = this.#starting.get(path);
    if (!starting) {
      starting = start().finally(() => this.#starting.delete(path));
      this.#starting.set(path, starting);
    }
    return starting;
  }

  #add(session: Omit<Session, "id">): SessionModel {
    const added = { id: randomUUID(), ...session };
    this.#sessions.set(added.id, added);
    return this.#describe(added);
  }

  #find(id: string): Session {
    const session = this.#alive().find((candidate) => candidate.id === id);
    if (!session) throw new HttpError(404, `Session not found: ${id}`);
    return session;
  }

  /** A session ends with its kernel. */
  #alive(): Session[] {
    for (const { id, kernelId } of this.#sessions.values()) {
      if (!this.#kernels.has(kernelId)) this.#sessions.delete(id);
    }
    return [...this.#sessions.values()];
  }

  #describe({ id, path, name, type, kernelId }: Session): SessionModel {
    const kernel = this.#kernels.get(kernelId).model();
    return { id, path, name, type, kernel, ...(type === "notebook" && { notebook: { path, name } }) };
  }
}
