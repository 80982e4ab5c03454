import { isIP, type LookupFunction } from "node:net";
import type { Clock } from "../../lib/clock.ts";
import { createAddressBook, createResolve, type Resolve } from "../../lib/resolve.ts";
import type { CheckId } from "../../model/types.ts";
import type { IcmpTarget } from "./icmp.ts";

/** Targets by what is known of their address: IPv4 is preferred. `checks` of a host are all those that aim at it. */
export interface Resolved {
  readonly 4: ReadonlyMap<string, readonly CheckId[]>;
  readonly 6: ReadonlyMap<string, readonly CheckId[]>;
  readonly unresolved: readonly IcmpTarget[];
}

/** A name keeps its last address when it can't be resolved any more: what is measured is the path, not DNS. */
export function createHostBook(clock: Clock, lookup: LookupFunction | undefined): Resolve {
  const book = createAddressBook({ clock, resolve: createResolve(lookup), refreshMs: 300_000 });
  return (host) => (isName(host) ? book(host) : Promise.reject(new Error("neither an address nor a name")));
}

/** Looks all targets up; a name that has none within `waitMs` is unresolved (its lookup goes on behind). */
export async function resolveTargets(
  targets: readonly IcmpTarget[],
  { book, clock, waitMs }: { readonly book: Resolve; readonly clock: Clock; readonly waitMs: number },
): Promise<Resolved> {
  const found = new Map<string, string>();
  const names = new Set<string>();
  for (const { host } of targets) {
    if (isIP(host) === 0) names.add(host);
    else found.set(host, host);
  }
  await settleWithin(
    [...names].map((name) => find(name, { book, found })),
    { clock, waitMs },
  );
  const families = { 4: new Map<string, CheckId[]>(), 6: new Map<string, CheckId[]>() };
  const unresolved: IcmpTarget[] = [];
  for (const target of targets) {
    const address = found.get(target.host);
    if (address === undefined) {
      unresolved.push(target);
      continue;
    }
    const family = families[isIP(address) === 6 ? 6 : 4];
    const checks = family.get(address);
    if (checks === undefined) family.set(address, [target.id]);
    else checks.push(target.id);
  }
  return { ...families, unresolved };
}

/** A text that says where everything goes: two of the same need no restart. */
export function signatureOf({ 4: ipv4, 6: ipv6 }: Resolved): string {
  return JSON.stringify([[...ipv4], [...ipv6]]);
}

async function find(
  name: string,
  { book, found }: { readonly book: Resolve; readonly found: Map<string, string> },
): Promise<void> {
  const addresses = await book(name).catch(() => []);
  const preferred = addresses.find(({ family }) => family === 4) ?? addresses[0];
  if (preferred !== undefined) found.set(name, preferred.address);
}

async function settleWithin(
  work: readonly Promise<void>[],
  { clock, waitMs }: { readonly clock: Clock; readonly waitMs: number },
): Promise<void> {
  if (work.length === 0) return;
  const done = new AbortController();
  await Promise.race([Promise.all(work), clock.sleep(waitMs, done.signal)]);
  done.abort();
}

/** What may go to a resolver: letters of any script, but nothing that looks like an option or hides something. */
function isName(host: string): boolean {
  return host.length <= 253 && /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u.test(host);
}
