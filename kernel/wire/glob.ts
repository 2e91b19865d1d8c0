// The pattern language of history searches: `*` is any text, `?` one character. Matched without a regular
// expression, which a pattern of many stars would keep busy for ever.

/** A test for texts that match `pattern` from beginning to end. */
export function glob(pattern: string): (text: string) => boolean {
  return (text) => {
    let at = 0;
    let wanted = 0;
    // Where the last star stands, and up to where of the text it reaches; its reach grows when the rest does
    // not fit.
    let star = -1;
    let reach = 0;
    while (at < text.length) {
      if (pattern[wanted] === "*") {
        star = wanted++;
        reach = at;
      } else if (wanted < pattern.length && (pattern[wanted] === "?" || pattern[wanted] === text[at])) {
        wanted++;
        at++;
      } else if (star >= 0) {
        wanted = star + 1;
        at = ++reach;
      } else return false;
    }
    while (pattern[wanted] === "*") wanted++;
    return wanted === pattern.length;
  };
}
