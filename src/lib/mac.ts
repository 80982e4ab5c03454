/** A MAC address as `aa:bb:cc:dd:ee:ff`: six pairs of lower-case hex digits. */
export type Mac = string;

const separated = /^[0-9a-f]{1,2}([:-][0-9a-f]{1,2}){5}$/i;
/** As almost every router spells it: thousands of rows a poll go this shorter way. */
const usual = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i;
const bare = /^[0-9a-f]{12}$/i;

/** Broadcast and multicast as they come up in tables. Not each odd first octet: hand-made addresses such as `11:22:…` have it too. */
const groups = ["ff:ff:ff:ff:ff:ff", "01:00:5e:", "01:80:c2:", "33:33:00:", "33:33:ff:"];

/** Reads the usual spellings (`AA-BB-…`, `aabb…`, `a:b:…`); `undefined`: none, all zeros, or a group's address. */
export function parseMac(text: string): Mac | undefined {
  const mac = usual.test(text) ? text.toLowerCase() : respelled(text.trim());
  if (mac === undefined) return undefined;
  return mac === "00:00:00:00:00:00" || groups.some((group) => mac.startsWith(group)) ? undefined : mac;
}

function respelled(text: string): Mac | undefined {
  const isBare = bare.test(text);
  if (!(isBare || separated.test(text))) return undefined;
  const pairs = isBare ? [text] : text.split(/[:-]/).map((pair) => pair.padStart(2, "0"));
  return pairs
    .join("")
    .toLowerCase()
    .replace(/(..)(?=.)/g, "$1:");
}

/** The 12 hex digits alone, as part of topics and ids. */
export function macDigits(mac: Mac): string {
  return mac.replaceAll(":", "");
}

/** Made up by the device itself (locally administered), as phones do for each network: it names no manufacturer. */
export function isRandomMac(mac: Mac): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 2) === 2;
}

/** Stands for an address that nobody is to read in a file: 32 bits of FNV-1a, as hex digits. */
export function macToken(mac: Mac): string {
  let hash = 0x811c9dc5;
  for (const letter of mac) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}
