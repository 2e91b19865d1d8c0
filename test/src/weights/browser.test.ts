// Files of weights in a page: every format is read in Chromium as it is in Node.

import { expect, test } from "vitest";
import type * as weights from "../../../src/weights/index.js";
import * as node from "../../../src/weights/index.js";
import { hasBrowser } from "../../support/browser.js";
import { inLibraryPage } from "../../support/library_page.js";
import { file } from "./files.js";

/** Stands alone, because it is sent to the page as text. */
function readAll(library: typeof weights, files: Record<string, number[]>) {
  const bytes = (name: string) => Uint8Array.from(files[name]);
  const plain = (tensors: Record<string, { shape: readonly number[]; data: ArrayLike<number> }>) =>
    Object.entries(tensors).map(([key, { shape, data }]) => [key, [...shape], Array.from(data, String)]);
  const { tensors } = library.readSafetensors(bytes("special.safetensors"));
  const refused: string[] = [];
  for (const read of [library.readNpz, library.readTorch, library.readOnnx, library.readKeras]) {
    try {
      read(bytes("special.safetensors"));
    } catch (error) {
      refused.push(String(error));
    }
  }
  return {
    safetensors: plain(tensors),
    written: Array.from(library.writeSafetensors(tensors)),
    npz: plain(library.readNpz(bytes("arrays_compressed.npz"))),
    torch: plain(library.readTorch(bytes("checkpoint.pt"))),
    keras: ["keras_2_compressed.weights.h5", "keras_3.keras"].map((name) => {
      const { layers, config } = library.readKeras(bytes(name));
      return {
        config,
        layers: Object.entries(layers).map(([key, own]) => [key, plain(Object.fromEntries(own.entries()))]),
      };
    }),
    tensorFlowJs: plain(
      library.readTensorFlowJs(bytes("tfjs_quantized.json"), {
        "tfjs_quantized.bin": bytes("tfjs_quantized.bin"),
      }),
    ),
    onnx: library.readOnnx(bytes("lstm.onnx")).map(({ stateDict }) => plain(stateDict)),
    refused,
  };
}

test.skipIf(!hasBrowser())("Chromium reads what Node reads", async () => {
  const names = [
    ...["special.safetensors", "arrays_compressed.npz", "checkpoint.pt", "lstm.onnx"],
    ...["keras_2_compressed.weights.h5", "keras_3.keras", "tfjs_quantized.json", "tfjs_quantized.bin"],
  ];
  const files = Object.fromEntries(names.map((name) => [name, [...file(name)]]));
  await inLibraryPage(["weights/index.js"], async (page) => {
    const call = `(${readAll.toString()})(library, ${JSON.stringify(files)})`;
    const came = await page.evaluate(`import("/library.js").then((library) => ${call})`);
    expect(came).toEqual(readAll(node, files));
  });
});
