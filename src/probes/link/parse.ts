/** A route of the kernel's main table. */
export interface Route {
  readonly interface: string;
  readonly family: 4 | 6;
  /** The network's first address as a number, and how many bits of it count: 0 is the default route. */
  readonly network: bigint;
  readonly prefix: number;
  /** Next hop; absent where the network is directly attached. */
  readonly gateway?: string;
  readonly metric: number;
}

/** A neighbour that the kernel knows or asks for. */
export interface ArpEntry {
  readonly ip: string;
  readonly mac: string;
  readonly interface: string;
  /** False: asked for, and no answer (yet). */
  readonly complete: boolean;
}

/** Lines beyond this are not read: a router with a full table must not cost us each second. */
const mostLines = 5_000;
const flagUp = 0x1;
const flagReject = 0x200;
const arpComplete = 0x2;
/** `IFA_F_DADFAILED`, `IFA_F_DEPRECATED` and `IFA_F_TENTATIVE` of linux/if_addr.h. */
const unusableAddress = 0x08 | 0x20 | 0x40;

/** Reads `/proc/net/route` (IPv4; numbers in the host's byte order, which is little-endian on all that Node runs on today). */
export function parseRoutes(text: string): readonly Route[] {
  return rowsOf(text).flatMap((row) => {
    const [name = "", destination = "", gateway = "", flags = "", , , metric = "", mask = ""] = row;
    if (!isHex(destination, 8) || !isHex(gateway, 8) || !isHex(mask, 8) || !isUsable(flags)) return [];
    const hop = littleEndian(gateway);
    return [
      {
        interface: name,
        family: 4,
        network: littleEndian(destination),
        prefix: littleEndian(mask).toString(2).replaceAll("0", "").length,
        metric: number(metric, 10),
        ...(hop === 0n ? {} : { gateway: ipv4Text(hop) }),
      } as const,
    ];
  });
}

/** Reads `/proc/net/ipv6_route`. Routes of the loopback (also "unreachable") are left out. */
export function parseIpv6Routes(text: string): readonly Route[] {
  return rowsOf(text).flatMap((row) => {
    const [destination = "", prefix = "", , , gateway = "", metric = "", , , flags = "", name = ""] = row;
    if (
      !isHex(destination, 32) ||
      !isHex(gateway, 32) ||
      !isHex(prefix, 2) ||
      !isUsable(flags) ||
      name === "lo" ||
      number(prefix, 16) > 128
    )
      return [];
    return [
      {
        interface: name,
        family: 6,
        network: BigInt(`0x${destination}`),
        prefix: number(prefix, 16),
        metric: number(metric, 16),
        ...(/^0+$/.test(gateway) ? {} : { gateway: ipv6Text(gateway) }),
      } as const,
    ];
  });
}

/**
 * Whether `/proc/net/if_inet6` lists an address with which the Internet can be reached: global unicast (2000::/3), not of the
 * loopback, neither tentative nor a duplicate nor deprecated. Columns: address, index, prefix, scope, flags, interface.
 */
export function hasGlobalIpv6(text: string): boolean {
  return rowsOf(text).some(([address = "", , , scope = "", flags = "", name = ""]) => {
    if (!isHex(address, 32) || !isHex(flags, flags.length) || scope !== "00" || name === "lo") return false;
    return /^[23]/.test(address) && (number(flags, 16) & unusableAddress) === 0;
  });
}

/** Reads `/proc/net/arp`. */
export function parseArp(text: string): readonly ArpEntry[] {
  return rowsOf(text).flatMap(([ip = "", , flags = "", mac = "", , device = ""]) => {
    if (!/^0x[0-9a-f]+$/i.test(flags) || !/^\d+\.\d+\.\d+\.\d+$/.test(ip) || device === "") return [];
    return [{ ip, mac: mac.toLowerCase(), interface: device, complete: (number(flags, 16) & arpComplete) !== 0 }];
  });
}

/** The resolvers of `/etc/resolv.conf`: the C library asks the first three only. */
export function parseResolvConf(text: string): readonly string[] {
  const servers = rowsOf(text).flatMap(([keyword, address]) =>
    keyword === "nameserver" && address !== undefined && /^[0-9A-Fa-f.:]+(%[\w.-]+)?$/.test(address) ? [address] : [],
  );
  return [...new Set(servers)].slice(0, 3);
}

function rowsOf(text: string): string[][] {
  return text
    .split("\n", mostLines)
    .map((line) => line.trim().split(/\s+/))
    .filter(([first]) => first !== undefined && first !== "");
}

function isUsable(flags: string): boolean {
  const bits = isHex(flags, flags.length) ? number(flags, 16) : 0;
  return (bits & flagUp) !== 0 && (bits & flagReject) === 0;
}

function isHex(text: string, length: number): boolean {
  return text.length === length && /^[0-9A-Fa-f]{1,32}$/.test(text);
}

function number(text: string, radix: 10 | 16): number {
  const value = Number.parseInt(text, radix);
  return Number.isNaN(value) ? 0 : value;
}

function littleEndian(hex: string): bigint {
  return BigInt(`0x${(hex.match(/../g) ?? []).reverse().join("")}`);
}

function ipv4Text(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join(".");
}

/** The canonical text of RFC 5952, as the resolver and other tools print it. */
function ipv6Text(hex: string): string {
  const groups = (hex.match(/..../g) ?? []).map((group) => number(group, 16).toString(16));
  const zeros = longestZeros(groups);
  if (zeros.length < 2) return groups.join(":");
  return `${groups.slice(0, zeros.start).join(":")}::${groups.slice(zeros.start + zeros.length).join(":")}`;
}

function longestZeros(groups: readonly string[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  groups.forEach((group, index) => {
    if (group !== "0") start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  });
  return best;
}
