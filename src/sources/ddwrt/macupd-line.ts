import { isIPv4 } from "node:net";
import { type Mac, parseMac } from "../../lib/mac.ts";
import type { ClientSighting } from "../../model/devices/sighting.ts";

/** What one line of a report says. `ignored`: well-formed, but no sign of life. `bad`: `text` is printable and bounded. */
export type MacupdLine =
  | { readonly kind: "client"; readonly client: ClientSighting }
  | { readonly kind: "ignored" }
  | { readonly kind: "bad"; readonly text: string };

const mostBytes = 8_192;
const mostLines = 64;

/**
 * Reads a datagram of DD-WRT's macupd. The form is a guess: neither the daemon's source nor a capture was found. Two independent
 * receivers (macupd_tracker, ntop-description-updater) take 7 words, of which the 2nd is the IP, the 5th the MAC and the last the
 * interface: a row of `/proc/net/arp` (IP, type, flags, MAC, mask, device) after one word of unknown meaning. So the row is found by
 * its IP and its MAC, with that word or without; `/proc/net/arp` says `0x0` and zeros of an entry that nobody answered for. A line
 * with a `+` is the wireless kind, of which nothing but that is known: a MAC, and a number that can be a signal.
 */
export function parseMacupd(datagram: Uint8Array): readonly MacupdLine[] {
  const text = Buffer.from(datagram.subarray(0, mostBytes)).toString("latin1").replaceAll("\0", " ");
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  if (lines.length === 0) return [{ kind: "bad", text: `${datagram.length} bytes without a word` }];
  return lines.slice(0, mostLines).map(parseLine);
}

/** One line that can't hurt a terminal or a log: control characters and what is not ASCII become `·`. */
export function printable(text: string): string {
  return text
    .trim()
    .slice(0, 200)
    .replaceAll(/[^\x20-\x7e]/g, "·");
}

function parseLine(line: string): MacupdLine {
  const bad: MacupdLine = { kind: "bad", text: printable(line) };
  const words = line.trim().split(/\s+/, 32);
  const macAt = words.findIndex((word) => spelledMac.test(word));
  const word = words[macAt] ?? "";
  const mac = parseMac(word);
  if (mac === undefined) return /^0+([:-]0+){5}$/.test(word) ? { kind: "ignored" } : bad;
  if (line.includes("+")) return { kind: "client", client: wireless(words, mac) };
  const ip = words.slice(0, macAt).find((candidate) => isIPv4(candidate));
  const device = words.at(-1) ?? "";
  if (words.length < 6 || words.length > 7 || ip === undefined || !interfaceName.test(device)) return bad;
  const flags = words[macAt - 1] ?? "";
  if (/^0x0+$/.test(flags)) return { kind: "ignored" };
  return { kind: "client", client: { mac, connected: true, ip, interface: device } };
}

const spelledMac = /^[0-9a-f]{1,2}([:-][0-9a-f]{1,2}){5}$/i;
/** At most 15 characters: the kernel's IFNAMSIZ. It is no MAC, no address and no number. */
const interfaceName = /^[a-z][\w.@-]{0,14}$/i;

function wireless(words: readonly string[], mac: Mac): ClientSighting {
  const ip = words.find((word) => isIPv4(word));
  const signal = words.map((word) => /^-(\d{1,3})(dBm)?$/i.exec(word)?.[1]).find((dbm) => inRange(Number(dbm)));
  const device = words.find((word) => /^[a-z]{2,8}\d[\d.]*$/i.test(word));
  return {
    mac,
    connected: true,
    link: "wifi",
    ...(ip === undefined ? {} : { ip }),
    ...(signal === undefined ? {} : { signalDbm: -Number(signal) }),
    ...(device === undefined ? {} : { interface: device }),
  };
}

function inRange(dbm: number): boolean {
  return dbm >= 1 && dbm <= 120;
}
