const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]|\ufe0f/u;
const marks = /^\p{M}+$/u;

/** Columns that a text takes in a terminal: East Asian letters and emoji take two. */
export function textWidth(text: string): number {
  return letters(text).reduce((width, letter) => width + letterWidth(letter), 0);
}

/** The text in exactly `width` columns: cut, with `…` at its end, or filled up. */
export function fitText(text: string, width: number): string {
  const whole = textWidth(text);
  if (whole <= width) return text + " ".repeat(width - whole);
  let cut = "";
  let taken = 0;
  for (const letter of letters(text)) {
    const next = letterWidth(letter);
    if (taken + next > width - 1) break;
    cut += letter;
    taken += next;
  }
  return width < 1 ? "" : `${cut}…${" ".repeat(width - 1 - taken)}`;
}

function letters(text: string): readonly string[] {
  const segments = new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text);
  return [...segments].map(({ segment }) => segment);
}

function letterWidth(letter: string): number {
  if (marks.test(letter)) return 0;
  return wide.test(letter) ? 2 : 1;
}
