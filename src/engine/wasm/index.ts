// What the binary exports. It works in the memory that it is given and allocates nothing: beyond `heap` all
// is the caller's.

export {
  candidateBackward,
  candidateForward,
  gruBackward,
  gruForward,
  lstmBackward,
  lstmForward,
  resetBackward,
  resetForward,
  rnnBackward,
  rnnForward,
} from "./cells";
export { doubleSigmoids, doubleTanhs } from "./double_activations";
export { multiplyPanels } from "./doubles";
export { softmax } from "./activations";
export { allFinite, gruNorms, norms, stepSums } from "./norms";
export { addColumnSums, addTransposedProducts, multiply, packB, packedSize } from "./products";

export function heap(): usize {
  return __heap_base;
}
