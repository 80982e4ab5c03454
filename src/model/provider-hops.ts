import type { Paths } from "./paths.ts";

/** A router on the way, by its distance. */
export interface ProviderHop {
  readonly ttl: number;
  readonly address: string;
}

const mostHops = 6;

/**
 * The routers between the gateway and where the paths to targets of different operators part: the provider's. Where a path
 * has no answer of a distance, the others speak for it.
 */
export function providerHops(
  known: Paths["known"],
  targets: readonly string[],
  gateway: string | undefined,
): readonly ProviderHop[] {
  const paths = targets.flatMap((slug) => known[slug] ?? []);
  const ends = new Set(paths.map(({ target }) => target.host));
  const hops: ProviderHop[] = [];
  const longest = Math.max(0, ...paths.map((path) => path.hops.length));
  for (let index = 0; index < longest && hops.length < mostHops; index += 1) {
    const answers = paths.flatMap((path) => {
      const hop = path.hops[index];
      return hop?.address === undefined ? [] : [hop as ProviderHop];
    });
    const first = answers[0];
    if (first === undefined) continue;
    if (answers.some(({ address }) => address !== first.address || ends.has(address))) break;
    if (first.address !== gateway) hops.push({ ttl: first.ttl, address: first.address });
  }
  return hops;
}
