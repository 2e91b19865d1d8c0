// A cell's outputs as a notebook file stores them, from the messages that produce them: streams joined, updated
// displays replaced, cleared output gone. Source: nbformat 4.5, "Code cell outputs".
export type Output =
  | { output_type: "stream"; name: "stdout" | "stderr"; text: string }
  | {
      output_type: "display_data";
      data: Record<string, unknown>;
      metadata: Record<string, unknown>;
    }
  | {
      output_type: "execute_result";
      data: Record<string, unknown>;
      metadata: Record<string, unknown>;
      execution_count: number;
    }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] };

export class OutputCollector {
  outputs: Output[] = [];
  readonly #onOutput: ((output: Output) => void) | undefined;
  readonly #displays = new Map<string, Output & { output_type: "display_data" }>();
  #clearNext = false;

  constructor(onOutput?: (output: Output) => void) {
    this.#onOutput = onOutput;
  }

  add(type: string, content: Record<string, unknown>): void {
    switch (type) {
      case "clear_output":
        if (content.wait === true) this.#clearNext = true;
        else this.outputs = [];
        break;
      case "update_display_data": {
        const shown = this.#displays.get(displayId(content) ?? "");
        if (shown) Object.assign(shown, { data: content.data, metadata: content.metadata });
        break;
      }
      case "stream":
      case "display_data":
      case "execute_result":
      case "error":
        this.#append(type, content);
    }
  }

  #append(type: Output["output_type"], { transient, ...content }: Record<string, unknown>): void {
    if (this.#clearNext) this.outputs = [];
    this.#clearNext = false;
    const output = { output_type: type, ...content } as Output;
    this.#onOutput?.(output);
    const last = this.outputs.at(-1);
    if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name) {
      last.text += output.text;
      return;
    }
    this.outputs.push(output);
    const id = displayId({ transient });
    if (id !== undefined && output.output_type === "display_data") this.#displays.set(id, output);
  }
}

function displayId({ transient }: Record<string, unknown>): string | undefined {
  return (transient as { display_id?: string } | undefined)?.display_id;
}
