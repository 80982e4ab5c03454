/** Text of unknown origin on one line: no control characters, nothing that turns the reading direction, not long. */
export function oneLine(text: string, longest = 200): string {
  const clean = text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, " ")
    .replace(/ {2,}/g, " ")
    .trim();
  return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean;
}
