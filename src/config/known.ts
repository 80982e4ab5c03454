import { type Mac, parseMac } from "../lib/mac.ts";

/** A device that the user named. */
export interface KnownDevice {
  readonly macs: readonly Mac[];
  readonly name: string;
}

/** Reads `MAC|name` or `MAC,MAC|name`; a text is what is wrong with the entry, without repeating it. */
export function parseKnown(entry: string): KnownDevice | string {
  const bar = entry.indexOf("|");
  const name = entry.slice(bar + 1).trim();
  if (bar < 0 || name === "") return 'must be "MAC|name", such as "11:22:33:44:55:66|Laptop"';
  const addresses = entry.slice(0, bar).split(",");
  const macs = addresses.map(parseMac).filter((mac) => mac !== undefined);
  if (macs.length === addresses.length) return { macs, name };
  return addresses.length === 1
    ? "must begin with a MAC address such as 11:22:33:44:55:66"
    : "must begin with MAC addresses such as 11:22:33:44:55:66, with a comma between two";
}

/** Entries with an address that is in the list before: it can be only one device. */
export function repeatedMacs(entries: readonly string[]): readonly { readonly at: number; readonly message: string }[] {
  const first = new Map<Mac, number>();
  const problems: { at: number; message: string }[] = [];
  for (const [at, entry] of entries.entries()) {
    const known = parseKnown(entry);
    for (const mac of typeof known === "string" ? [] : known.macs) {
      const before = first.get(mac);
      if (before === undefined) first.set(mac, at);
      else if (problems.at(-1)?.at !== at) problems.push({ at, message: repeated(at, before) });
    }
  }
  return problems;
}

function repeated(at: number, before: number): string {
  return before === at ? "has the same MAC address twice" : `has a MAC address that known[${before}] has already`;
}
