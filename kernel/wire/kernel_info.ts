// What the kernel tells of itself.
// Source: Jupyter messaging specification 5.5, "Kernel info".

import type { Content } from "../protocol/messages.js";
import { PROTOCOL_VERSION } from "../protocol/messages.js";

export interface KernelInfo {
  version: string;
  nodeVersion: string;
  typescriptVersion: string;
  /** Bytes; where the main thread needs more, the process ends. */
  heapLimit: number;
}

/** The content of a kernel_info_reply. */
export function kernelInfo({ version, nodeVersion, typescriptVersion }: KernelInfo): Content {
  return {
    status: "ok",
    protocol_version: PROTOCOL_VERSION,
    implementation: "unrolled",
    implementation_version: version,
    language_info: {
      name: "typescript",
      version: typescriptVersion,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: { name: "javascript", typescript: true },
      nbconvert_exporter: "script",
    },
    banner: `Unrolled ${version}: TypeScript ${typescriptVersion} on Node ${nodeVersion}`,
    help_links: [{ text: "TypeScript Handbook", url: "https://www.typescriptlang.org/docs/handbook/" }],
    debugger: false,
    supported_features: [],
  };
}
