// What a notebook says of itself.

import { isObject } from "../../../kernel/objects.js";
import type { Notebook } from "../../../kernel/protocol/nbformat.js";

export interface Facts {
  title: string;
  /** Of its prose, as BCP 47 has it; "" if it does not say. */
  language: string;
  /** Of its code. */
  codeLanguage: string;
  /** Of a file with its code. */
  extension: string;
}

/** @param name the file's, for want of a title */
export function factsOf({ metadata }: Notebook, name: string): Facts {
  const { title, unrolled, language_info: info, kernelspec } = metadata;
  const { language } = objectOf(unrolled);
  const { name: infoName, file_extension: extension } = objectOf(info);
  const code = infoName ?? objectOf(kernelspec).language;
  return {
    title: typeof title === "string" && title !== "" ? title : name.replace(/\.ipynb$/, ""),
    language: typeof language === "string" ? language : "",
    codeLanguage: typeof code === "string" ? code : "",
    extension: typeof extension === "string" && /^\.\w+$/.test(extension) ? extension : ".txt",
  };
}

const objectOf = (value: unknown) => (isObject(value) ? value : {});
