// What a file is by its first bytes, for the message when it was given to the wrong reader.

const starts: [bytes: string, kind: string][] = [
  ["\x93NUMPY", "an .npy of NumPy: readNpy reads it"],
  ["\x89HDF", "HDF5, such as an .h5 of Keras: readKeras reads it"],
  ["\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.", "a .pt of PyTorch before 1.6: readTorch reads it"],
  ["\x80", "a pickle by itself: save the state dict with torch.save"],
];

const text = (bytes: Uint8Array) => String.fromCharCode(...bytes.subarray(0, 64));

export const isZip = (bytes: Uint8Array) => text(bytes).startsWith("PK\x03\x04");

/** "it looks like …", or undefined for an unknown kind. */
export function fileKind(bytes: Uint8Array): string | undefined {
  const first = text(bytes);
  if (isZip(bytes))
    return "it looks like a ZIP, such as a .pt of PyTorch (readTorch), an .npz of NumPy (readNpz) or a .keras (readKeras)";
  const known = starts.find(([start]) => first.startsWith(start));
  if (known) return `it looks like ${known[1]}`;
  if (/^[^]{4}\0{4}\{/.test(first)) return "it looks like safetensors: readSafetensors reads it";
  if (first.length > 0 && /^[\t\n\r -~]*$/.test(first)) return "it looks like text";
  return undefined;
}
