// Whose pieces notebook 08 goes on with: the reader's where they pass their check, the workbook's until then.

import type { CellParameters, Tensor } from "../../src/index.js";
import { exerciseOf, isRight } from "./exercises/08_pieces.js";
import type { LstmBack, LstmGates, LstmPieces, LstmStepBack } from "./lstm_implementation.js";
import type { Locale } from "./locale.js";
import { lentPieces } from "./mutants/lent_pieces.js";
import type { PieceName } from "./mutants/lent_pieces.js";

/** The pieces as a reader hands them over: null is returned where nothing is written yet. */
export interface OwnPieces {
  gates: (...args: Parameters<LstmPieces["gates"]>) => LstmGates | null;
  stepForward: (
    ...args: Parameters<LstmPieces["stepForward"]>
  ) => ReturnType<LstmPieces["stepForward"]> | null;
  stepBackward: (...args: Parameters<LstmPieces["stepBackward"]>) => LstmStepBack | null;
  backThroughTime: (...args: Parameters<LstmPieces["backThroughTime"]>) => LstmBack[] | null;
  gateGradients: (...args: Parameters<LstmPieces["gateGradients"]>) => CellParameters | null;
  update: (weights: Tensor, gradient: Tensor, eta: number) => Tensor | null;
}

const strings = {
  en: {
    own: (name: string) => `${name}: yours ✓`,
    lent: (name: string, id: string) => `${name}: the workbook's, until ${id} is right`,
  },
  ko: {
    own: (name: string) => `${name}: 직접 작성한 것 ✓`,
    lent: (name: string, id: string) =>
      `${name}: 워크북의 것(문제 ${id}의 답이 맞으면 직접 작성한 것으로 바뀝니다)`,
  },
} satisfies Record<Locale, unknown>;

export function chosenPieces<K extends PieceName>(
  locale: Locale,
  own: Pick<OwnPieces, K>,
): { pieces: Pick<LstmPieces, K>; told: string } {
  const text = strings[locale];
  const names = Object.keys(own) as K[];
  const chosen = names.map((name) => ({ name, isOwn: isRight(name, own[name]) }));
  const pieces = chosen.map(({ name, isOwn }) => [name, isOwn ? own[name] : lentPieces[name]]);
  return {
    pieces: Object.fromEntries(pieces) as Pick<LstmPieces, K>,
    told: chosen
      .map(({ name, isOwn }) =>
        isOwn ? text.own(`\`${name}\``) : text.lent(`\`${name}\``, exerciseOf[name]),
      )
      .join(" · "),
  };
}
