// What a slide prints for a quantity, for exercises that ask for it.

import { lectureSlides } from "../lecture/lecture_slides.js";
import type { Shaped } from "../lecture/quantity.js";

/** @throws {RangeError} when the slide has no quantity of that name */
export function printedOn(slide: number, name: string): Shaped<string> {
  const found = lectureSlides.find((quantity) => quantity.slide === slide && quantity.name === name);
  if (!found) throw new RangeError(`printedOn: name is "${name}", but must be a quantity of slide ${slide}`);
  return found.printed;
}
