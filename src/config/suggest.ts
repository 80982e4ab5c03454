/** The candidate that `word` most likely was meant to be; `undefined` where none is near. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > 40) return undefined;
  const wanted = word.toLowerCase().replaceAll("-", "_");
  const rated = candidates.map((candidate) => ({ candidate, away: distance(wanted, candidate) }));
  const best = rated.sort((a, b) => a.away - b.away)[0];
  if (best === undefined) return undefined;
  return best.away <= Math.max(1, Math.floor(Math.min(wanted.length, best.candidate.length) / 3))
    ? best.candidate
    : undefined;
}

/** How many letters to add, drop, change or swap with their neighbour. */
function distance(from: string, to: string): number {
  let older: readonly number[] = [];
  let previous: readonly number[] = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const same = from[i - 1] === to[j - 1];
      const changed = (previous[j - 1] ?? 0) + (same ? 0 : 1);
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const around = swapped ? (older[j - 2] ?? 0) + 1 : changed;
      row.push(Math.min(changed, around, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    older = previous;
    previous = row;
  }
  return previous[to.length] ?? 0;
}
