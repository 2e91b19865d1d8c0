// `// @ts-nocheck` and `/// <reference … />` in front of a cell. TypeScript reads such comments at a file's
// beginning only, where tslab puts a line of its own.

import type * as TS from "typescript";
import { ts } from "./typescript.js";

const COMMENTS = /^(?:\s|\/\/.*|\/\*[^]*?\*\/)*/;
const PRAGMA = /@ts-nocheck|<reference/;

type Pragmas = Pick<
  TS.SourceFile,
  "referencedFiles" | "typeReferenceDirectives" | "libReferenceDirectives"
> & { checkJsDirective?: TS.TextRange & { enabled: boolean } };

/** @param file begins with tslab's line */
export function readPragmas(file: TS.SourceFile): void {
  const inFront = file.text.indexOf("\n") + 1;
  const [comments] = COMMENTS.exec(file.text.slice(inFront))!;
  if (!PRAGMA.test(comments)) return;
  const { checkJsDirective, ...references } = ts.createSourceFile(
    file.fileName,
    comments,
    ts.ScriptTarget.Latest,
  ) as Pragmas;
  const placed = (all: readonly TS.FileReference[]) =>
    all.map((each) => ({ ...each, pos: each.pos + inFront, end: each.end + inFront }));
  Object.assign(file, {
    checkJsDirective,
    referencedFiles: placed(references.referencedFiles),
    typeReferenceDirectives: placed(references.typeReferenceDirectives),
    libReferenceDirectives: placed(references.libReferenceDirectives),
  });
}
