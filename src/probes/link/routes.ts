import { isIPv4, isIPv6, SocketAddress } from "node:net";
import type { Route } from "./parse.ts";

/** The default route in use: the lowest metric, IPv4 before IPv6. */
export function defaultRoute(routes: readonly Route[]): Route | undefined {
  const usable = routes.filter(
    ({ prefix, gateway, interface: name }) => prefix === 0 && (gateway !== undefined || name !== ""),
  );
  return best(usable.filter(({ family }) => family === 4)) ?? best(usable.filter(({ family }) => family === 6));
}

/** The route that the kernel takes to an address: the longest prefix, then the lowest metric. */
export function routeTo(address: string, routes: readonly Route[]): Route | undefined {
  const family = isIPv4(address) ? 4 : isIPv6(address) ? 6 : undefined;
  if (family === undefined) return undefined;
  const bits = family === 4 ? 32 : 128;
  const target = toNumber(address, family);
  const fitting = routes.filter((route) => route.family === family && covers(route, target, bits));
  const longest = Math.max(...fitting.map(({ prefix }) => prefix));
  return best(fitting.filter(({ prefix }) => prefix === longest));
}

function covers({ network, prefix }: Route, target: bigint, bits: number): boolean {
  const shift = BigInt(bits - prefix);
  return network >> shift === target >> shift;
}

function best(routes: readonly Route[]): Route | undefined {
  return routes.reduce<Route | undefined>(
    (found, route) => (found === undefined || route.metric < found.metric ? route : found),
    undefined,
  );
}

function toNumber(address: string, family: 4 | 6): bigint {
  if (family === 4) return address.split(".").reduce((value, part) => value * 256n + BigInt(part), 0n);
  return ipv6ToNumber(address);
}

/** `::` stands for as many zero groups as are missing; the tail may be an IPv4 address. */
function ipv6ToNumber(text: string): bigint {
  const [plain = ""] = text.split("%", 1);
  const { address } = new SocketAddress({ address: plain, family: "ipv6" });
  const [head = "", tail] = address.split("::", 2);
  const groups = (part: string) => (part === "" ? [] : part.split(":").flatMap(groupsOf));
  const left = groups(head);
  const right = groups(tail ?? "");
  const middle = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => 0);
  return [...left, ...middle, ...right].reduce((value, group) => value * 65_536n + BigInt(group), 0n);
}

function groupsOf(part: string): number[] {
  if (!part.includes(".")) return [Number.parseInt(part, 16)];
  const [a = 0, b = 0, c = 0, d = 0] = part.split(".").map(Number);
  return [a * 256 + b, c * 256 + d];
}
