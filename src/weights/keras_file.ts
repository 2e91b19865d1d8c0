// What Keras saves: .h5 of Keras 2, whole models or weights, and .weights.h5 and .keras of Keras 3. In the
// former a group of HDF5 has the names of its layers and weights as attributes; in the latter the groups are
// named after attributes of Python, as in layers/lstm/cell/vars/0, and a .keras is a ZIP with such a file.
// Source: keras.src.saving.saving_lib, keras.src.legacy.saving.legacy_h5_format.

import { withSummary } from "../numbers/summary.js";
import type { Tensor } from "../numbers/tensor.js";
import { checkBytes } from "./elements.js";
import { refuse } from "./file_error.js";
import { isZip } from "./file_kind.js";
import type { Hdf5Object } from "./hdf5.js";
import { openHdf5 } from "./hdf5.js";
import type { ReadOptions } from "./memory_limit.js";
import { MemoryLimit } from "./memory_limit.js";
import { tensorsSummary } from "./summary.js";
import { openZip } from "./zip.js";

/** What a file of Keras holds. */
export interface KerasFile {
  /**
   * each layer's weights as its `getWeights()` has them, which {@link fromKeras} takes; layers without
   * weights are left out
   */
  layers: Record<string, Tensor[]>;
  /** of a whole model, its architecture as Keras describes it, with the activations of the layers */
  config?: unknown;
}

type Layers = Map<string, Tensor[]>;

const where = "readKeras";
/** Of groups in each other; Keras' models have two for each model in a model. */
const deepest = 64;
/** What Keras 2.12 called `layers`. */
const containers = new Set(["layers", "_layer_checkpoint_dependencies"]);

/**
 * Reads the weights that Keras saved by `model.save` or `save_weights`, in an .h5, a .weights.h5 or a .keras.
 * Layers have the names that the file gives them: in an .h5 those of the model; else those of their classes,
 * numbered, as in "lstm" and "lstm_1", behind that of the model that a layer is in, if it is in another. An
 * optimizer's state and seeds are not read. Precision as in {@link readSafetensors}.
 *
 * @param bytes the whole file
 * @throws {TypeError} when bytes is not a Uint8Array, or for an unknown option
 * @throws {WeightFileError} for what is not such a file, is damaged or takes more memory than `maxBytes`, and
 *   for what HDF5 has but is not read, such as weights compressed by anything but gzip
 */
export function readKeras(bytes: Uint8Array, options: ReadOptions = {}): KerasFile {
  checkBytes(where, bytes);
  const limit = new MemoryLimit(where, bytes, options);
  const { root, config } = isZip(bytes) ? openArchive(bytes, limit) : openFile(bytes, limit);
  const group = root.get("model_weights") ?? root;
  const names = namesIn(group, "layer_names");
  const layers = names === undefined ? layersOfKeras3(root) : layersOfKeras2(group, names);
  if (layers.size === 0) refuse(where, "the file has no weights of layers, as Keras saves them");
  const file: KerasFile = { layers: Object.fromEntries(layers), ...(config !== undefined && { config }) };
  return withSummary(file, () => {
    const all = [...layers].flatMap(([name, weights]) =>
      weights.map((one, k) => [`${name}.${k}`, one] as const),
    );
    return tensorsSummary("Keras", Object.fromEntries(all));
  });
}

function openFile(bytes: Uint8Array, limit: MemoryLimit): { root: Hdf5Object; config: unknown } {
  const root = openHdf5(where, bytes, limit);
  const [config] = root.texts("model_config") ?? [];
  return { root, config: config === undefined ? undefined : parse("model_config", config) };
}

function openArchive(bytes: Uint8Array, limit: MemoryLimit): { root: Hdf5Object; config: unknown } {
  const zip = openZip(where, bytes, limit);
  for (const name of ["model.weights.h5", "config.json"]) {
    if (!zip.names.includes(name)) refuse(where, `the ZIP has no "${name}", as a .keras has`);
  }
  const config = parse("config.json", new TextDecoder().decode(zip.read("config.json")));
  return { root: openHdf5(where, zip.read("model.weights.h5"), limit), config };
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return refuse(where, `${name} is not JSON: ${(error as Error).message}`, error);
  }
}

/** Names in an attribute, or in several, numbered, where they are too many for one. */
function namesIn(group: Hdf5Object, attribute: string): string[] | undefined {
  const whole = group.texts(attribute);
  if (whole) return whole;
  const names: string[] = [];
  for (let k = 0; ; k++) {
    const part = group.texts(`${attribute}${k}`);
    if (part === undefined) return k === 0 ? undefined : names;
    names.push(...part);
  }
}

function layersOfKeras2(group: Hdf5Object, names: readonly string[]): Layers {
  const layers: Layers = new Map();
  // A model's own weights, which are in none of its layers, are listed apart.
  const own = group.get("top_level_model_weights") ? ["top_level_model_weights"] : [];
  for (const name of [...names, ...own]) {
    const layer = group.get(name) ?? refuse(where, `layer "${name}" is missing in the file`);
    if (layers.has(name)) refuse(where, `layer "${name}" is twice in the file`);
    const weights = (namesIn(layer, "weight_names") ?? []).map((path) => {
      const weight =
        layer.get(path) ?? refuse(where, `layer "${name}" has no weight "${path}", but names it`);
      return weight.tensor();
    });
    if (weights.length > 0) layers.set(name, weights);
  }
  return layers;
}

/** Every group "vars" below the layers, that of a Bidirectional's forward layer first. */
function layersOfKeras3(root: Hdf5Object): Layers {
  const layers: Layers = new Map();
  const seen = new Set<number>();
  const waiting: [path: string[], group: Hdf5Object][] = [[[], root]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [path, group] = next;
    if (path.length > deepest || seen.has(group.address)) {
      refuse(where, `group "${path.slice(0, 8).join("/")}" contains itself, or is in two others`);
    }
    seen.add(group.address);
    if (path.at(-1) === "vars") {
      addVariables(layers, layerOf(path), group);
      continue;
    }
    const inside = group.keys.filter((key) => key !== "optimizer" && !key.startsWith("seed_generator"));
    const inOrder = inside.sort((one, other) => rank(one) - rank(other));
    for (const key of inOrder.reverse()) {
      const member = group.get(key)!;
      if (!member.isDataset) waiting.push([[...path, key], member]);
    }
  }
  return layers;
}

const rank = (key: string) => ["vars", "forward_layer", "backward_layer"].indexOf(key) >>> 0;

/** A layer's name: the cell of a recurrent layer and the directions of a Bidirectional are parts of it. */
function layerOf(path: readonly string[]): string {
  const names = path.slice(0, -1).filter((name) => !containers.has(name));
  while (["cell", "forward_layer", "backward_layer"].includes(names.at(-1) ?? "")) names.pop();
  return names.join("/");
}

function addVariables(layers: Layers, name: string, group: Hdf5Object): void {
  const keys = group.keys.sort((one, other) => Number(one) - Number(other));
  if (keys.length === 0) return;
  const weights = keys.map((key, k) => {
    if (key !== String(k)) refuse(where, `layer "${name}" has a weight "${key}", but must have ${k}`);
    return group.get(key)!.tensor();
  });
  layers.set(name, [...(layers.get(name) ?? []), ...weights]);
}
