/**
 * A name as part of topics, unique ids and file names: `[a-z0-9_]`, never empty, at most 48 characters.
 * `"Küche (Büro)"` → `kuche_buro`; a name without any Latin letter or digit falls back to `x` and its code points.
 */
export function slug(name: string): string {
  const latin = name
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/ß/g, "ss")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  const text =
    latin === "" ? `x${[...name].map((letter) => (letter.codePointAt(0) ?? 0).toString(16)).join("_")}` : latin;
  return text.slice(0, 48).replace(/_+$/, "");
}

/** Slugs for a list of names, in its order, made unique by `_2`, `_3`, … */
export function uniqueSlugs(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const wanted = slug(name);
    let candidate = wanted;
    for (let n = 2; taken.has(candidate); n += 1) candidate = `${wanted}_${n}`;
    taken.add(candidate);
    return candidate;
  });
}
