// Notebooks whose outputs may run scripts in the page: those that were saved from here with every cell
// trusted, as JupyterLab marks what the user has run. Remembered by the content's hash, so a file that comes
// from elsewhere, or was changed elsewhere, is not among them, whatever its metadata claims.
// Source: nbformat `sign.py` (which cells count, how many notebooks are remembered).

import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { replaceFile } from "../../files/replace_file.js";
import type { JsonObject } from "../../kernel/objects.js";
import { isObject } from "../../kernel/objects.js";
import { inTurn } from "../../kernel/protocol/in_turn.js";

const REMEMBERED_NOTEBOOKS = 65_536;

export class TrustedNotebooks {
  readonly #file: string;
  readonly #inTurn = inTurn();

  constructor(file: string) {
    this.#file = file;
  }

  async has(hash: string): Promise<boolean> {
    return (await this.#read()).has(hash);
  }

  /** @throws {Error} when it cannot be written down */
  add(hash: string): Promise<void> {
    return this.#inTurn(async () => {
      const hashes = await this.#read();
      if (hashes.has(hash)) return;
      hashes.add(hash);
      if (hashes.size > REMEMBERED_NOTEBOOKS) hashes.delete(hashes.values().next().value!);
      await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
      await replaceFile(this.#file, [...hashes].join("\n"), { mode: 0o600 });
    });
  }

  /** Each time: another server of the same user writes to it too. */
  #read(): Promise<Set<string>> {
    return readFile(this.#file, "utf8").then(
      (text) => new Set(text.split("\n")),
      () => new Set(),
    );
  }
}

/**
 * Takes the cells' own claims out, and says if all of them were trusted or show nothing that could do harm.
 */
export function takeTrust(notebook: JsonObject): boolean {
  const claims = codeCells(notebook).map((cell) => {
    const claimed = isObject(cell.metadata) && cell.metadata.trusted === true;
    if (isObject(cell.metadata)) delete cell.metadata.trusted;
    return claimed || isHarmless(cell);
  });
  return claims.every(Boolean);
}

/** Says of every cell whether its outputs are trusted. */
export function putTrust(notebook: JsonObject, trusted: boolean): void {
  for (const cell of codeCells(notebook)) {
    if (isObject(cell.metadata)) cell.metadata.trusted = trusted || isHarmless(cell);
  }
}

function codeCells({ cells }: JsonObject): JsonObject[] {
  return Array.isArray(cells)
    ? (cells as unknown[]).filter(isObject).filter((cell) => cell.cell_type === "code")
    : [];
}

function isHarmless({ outputs }: JsonObject): boolean {
  if (!Array.isArray(outputs)) return true;
  const rich = (outputs as unknown[]).filter(
    (output) =>
      isObject(output) && (output.output_type === "execute_result" || output.output_type === "display_data"),
  );
  return rich.length === 0;
}
