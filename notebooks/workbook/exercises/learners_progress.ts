// The learner's progress file, opened when it is first needed; what is wrong with it is told in the notebook.

import type { Locale } from "../locale.js";
import { openProgress, progressFile } from "./progress.js";
import type { Progress } from "./progress.js";
import { showMarkdown } from "./show.js";

const en = {
  unreadable: (file: string, reason: string, kept?: string) =>
    `△ Your progress in ${file} cannot be read (${reason}). ${kept ? `The file is kept as ${kept}. ` : ""}The notebook continues, counting from here.`,
  unwritable: (file: string, reason: string) =>
    `△ Your progress cannot be saved in ${file} (${reason}). The notebook continues, and remembers until it is closed.`,
};

const ko: typeof en = {
  unreadable: (file, reason, kept) =>
    `△ ${file}에서 진도를 읽을 수 없습니다(${reason}). ${kept ? `이 파일은 ${kept}에 남겨 두었습니다. ` : ""}지금부터 다시 세며 계속합니다.`,
  unwritable: (file, reason) =>
    `△ ${file}에 진도를 저장할 수 없습니다(${reason}). 노트북을 닫을 때까지만 기억하고 계속합니다.`,
};

const strings: Record<Locale, typeof en> = { en, ko };

/** The progress; the file is not touched before the first call. */
export function learnersProgress(locale: Locale): () => Progress {
  let opened: Progress | undefined;
  const open = () =>
    openProgress(progressFile(), (kind, ...how) => {
      showMarkdown(strings[locale][kind](...how));
    });
  return () => (opened ??= open());
}
