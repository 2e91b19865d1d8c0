// Jupyter counts cursor positions in Unicode code points, JavaScript strings in UTF-16 units: an emoji is one
// of the former and two of the latter. Source: Jupyter messaging specification, "cursor_pos and unicode".

export function toUtf16(text: string, codePoints: number): number {
  let units = 0;
  for (let count = 0; count < codePoints && units < text.length; count++) {
    units += text.codePointAt(units)! > 0xffff ? 2 : 1;
  }
  return units;
}

export function toCodePoints(text: string, utf16: number): number {
  let count = 0;
  for (let units = 0; units < utf16 && units < text.length; count++) {
    units += text.codePointAt(units)! > 0xffff ? 2 : 1;
  }
  return count;
}
