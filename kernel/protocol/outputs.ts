// A cell's outputs as a notebook file stores them, from the messages that produce them: streams joined,
// updated displays replaced, cleared output gone. Source: nbformat 4.5, "Code cell outputs".

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

/** The displays that a later message may update, from whichever cell it comes. */
export type Displays = Map<string, (Output & { output_type: "display_data" })[]>;

export class OutputCollector {
  /** Grows as long as outputs come, also after the cell's end. */
  readonly outputs: Output[] = [];
  readonly #displays: Displays;
  readonly #onOutput: ((output: Output) => void) | undefined;
  #clearNext = false;

  constructor(displays: Displays, onOutput?: (output: Output) => void) {
    this.#displays = displays;
    this.#onOutput = onOutput;
  }

  add(type: string, content: Record<string, unknown>): void {
    switch (type) {
      case "clear_output":
        if (content.wait === true) this.#clearNext = true;
        else this.outputs.length = 0;
        break;
      case "update_display_data": {
        for (const shown of this.#displays.get(displayId(content) ?? "") ?? []) {
          Object.assign(shown, { data: content.data, metadata: content.metadata });
        }
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
    if (this.#clearNext) this.outputs.length = 0;
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
    if (id === undefined || output.output_type !== "display_data") return;
    this.#displays.set(id, [...(this.#displays.get(id) ?? []), output]);
  }
}

function displayId({ transient }: Record<string, unknown>): string | undefined {
  return (transient as { display_id?: string } | undefined)?.display_id;
}
