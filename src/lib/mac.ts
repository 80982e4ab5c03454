/** A MAC address as `aa:bb:cc:dd:ee:ff`: six pairs of lower-case hex digits. */
export type Mac = string;

const separated = /^[0-9a-f]{1,2}([:-][0-9a-f]{1,2}){5}$/i;
const bare = /^[0-9a-f]{12}$/i;

/** Reads the usual spellings (`AA-BB-…`, `aabb…`, `a:b:…`); `undefined`: none, all zeros, or an address of a group. */
export function parseMac(text: string): Mac | undefined {
  const mac = readMac(text);
  const isGroup = mac !== undefined && (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
  return isGroup || mac === "00:00:00:00:00:00" ? undefined : mac;
}

/** As `parseMac`, but any address is taken: what a person wrote is not doubted. */
export function readMac(text: string): Mac | undefined {
  const trimmed = text.trim();
  if (bare.test(trimmed)) return paired(trimmed);
  if (!separated.test(trimmed)) return undefined;
  const pairs = trimmed.split(/[:-]/).map((pair) => pair.padStart(2, "0"));
  return paired(pairs.join(""));
}

function paired(digits: string): Mac {
  return digits.toLowerCase().replace(/(..)(?=.)/g, "$1:");
}

/** The 12 hex digits alone, as part of topics and ids. */
export function macDigits(mac: Mac): string {
  return mac.replaceAll(":", "");
}

/** Made up by the device itself (locally administered), as phones do for each network: it names no manufacturer. */
export function isRandomMac(mac: Mac): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 2) === 2;
}
