import { readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";

/** All addresses of this machine, also of interfaces without a carrier, which Node leaves out. */
export async function ownAddresses(): Promise<readonly string[]> {
  const listed = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
  const trie = await readFile("/proc/net/fib_trie", "latin1").catch(() => "");
  return [...listed, ...localAddresses(trie)];
}

/** The addresses that the text of `/proc/net/fib_trie` marks as local: a line with the address, and below it `/32 host LOCAL`. */
export function localAddresses(trie: string): readonly string[] {
  const found = new Set<string>();
  let address = "";
  for (const line of trie.split("\n")) {
    address = /\|-- (\d{1,3}(?:\.\d{1,3}){3})\s*$/.exec(line)?.[1] ?? address;
    if (/\/32 host LOCAL\s*$/.test(line)) found.add(address);
  }
  return [...found];
}
