import { lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import type { Clock } from "./clock.ts";

/** One address that a name stands for. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Asks the operating system for a name's addresses; rejects with its error (`ENOTFOUND`, `EAI_AGAIN`). */
export type Resolve = (host: string) => Promise<readonly ResolvedAddress[]>;

/**
 * The system's resolver, with nothing kept. Questions for one name share the one that is under way: the system's call can't be
 * stopped and holds a thread for many seconds while DNS is dead, so they would pile up.
 */
export function createResolve(lookup: LookupFunction = systemLookup): Resolve {
  const underWay = new Map<string, Promise<readonly ResolvedAddress[]>>();
  return (host) => {
    const family = isIP(host);
    if (family === 4 || family === 6) return Promise.resolve([{ address: host, family }]);
    const shared = underWay.get(host) ?? ask(lookup, host).finally(() => underWay.delete(host));
    underWay.set(host, shared);
    return shared;
  };
}

/**
 * For what measures a path and not DNS: once a name had addresses, these are used at once and asked for anew in the background,
 * at most every `refreshMs`. Only a name that never resolved rejects.
 */
export function createAddressBook({
  clock,
  resolve,
  refreshMs = 60_000,
}: {
  readonly clock: Clock;
  readonly resolve: Resolve;
  readonly refreshMs?: number;
}): Resolve {
  const book = new Map<string, { readonly addresses: readonly ResolvedAddress[]; readonly askedAt: number }>();
  const refresh = async (host: string) => {
    const addresses = await resolve(host);
    book.set(host, { addresses, askedAt: clock.monotonic() });
    return addresses;
  };
  return async (host) => {
    const known = book.get(host);
    if (known === undefined) return await refresh(host);
    if (clock.monotonic() - known.askedAt >= refreshMs) {
      book.set(host, { ...known, askedAt: clock.monotonic() });
      refresh(host).catch(() => undefined);
    }
    return known.addresses;
  };
}

/** `resolve` as `node:net`, `node:tls` and the agents of `node:http` take it. */
export function lookupFrom(resolve: Resolve): LookupFunction {
  return (host, options, callback) => {
    resolve(host).then(
      (addresses) => {
        const fitting = addresses.filter(({ family }) => fits(family, options.family));
        const [first] = fitting;
        if (first === undefined) return callback(unresolved(host), []);
        if (options.all === true) return callback(null, [...fitting]);
        callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error instanceof Error ? error : unresolved(host), []),
    );
  };
}

function ask(lookup: LookupFunction, host: string): Promise<readonly ResolvedAddress[]> {
  return new Promise((resolve, reject) => {
    lookup(host, { all: true, verbatim: true }, (error, found) => {
      if (error !== null) return reject(error);
      const addresses = (typeof found === "string" ? [{ address: found }] : found).flatMap(({ address }) => {
        const family = isIP(address);
        return family === 4 || family === 6 ? [{ address, family } as const] : [];
      });
      if (addresses.length === 0) return reject(unresolved(host));
      resolve(addresses);
    });
  });
}

function fits(family: 4 | 6, wanted: number | string | undefined): boolean {
  return wanted === undefined || wanted === 0 || String(wanted).replace("IPv", "") === String(family);
}

function unresolved(host: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${host} has no address`), { code: "ENOTFOUND" });
}
