import { isIP } from "node:net";
import type { Band } from "../../model/devices/sighting.ts";

/**
 * Readers of RouterOS values. Over the API all of them are text; `undefined` is what every reader gives for a value that is
 * absent, empty, or in no form that is known.
 */
type Value = string | undefined;

const longestText = 256;
/** A century: what is longer is no duration, and would lead to moments that no calendar has. */
const longestS = 3_155_760_000;
const unitS: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1, ms: 1e-3, us: 1e-6 };

/**
 * A duration in seconds: `1w2d3h4m5s`, `16s330ms`, `170ms`; `14:40:26` and `1d14:40:26` of old releases. `never` is none.
 */
export function readDuration(value: Value): number | undefined {
  if (value === undefined || value === "" || value.length > 40) return undefined;
  const part = /(?:(\d+):(\d{2}):(\d{2}(?:\.\d+)?))|(\d+)(ms|us|[wdhms])/y;
  let seconds = 0;
  // A loop over one sticky expression: of thousands of leases each has two of these.
  for (let at = 0; at < value.length; at = part.lastIndex) {
    const [, hours, minutes, rest, amount, unit = ""] = part.exec(value) ?? [];
    if (amount !== undefined) seconds += Number(amount) * (unitS[unit] ?? 0);
    else if (hours !== undefined && part.lastIndex === value.length)
      seconds += Number(hours) * 3_600 + Number(minutes) * 60 + Number(rest);
    else return undefined;
  }
  return seconds <= longestS ? seconds : undefined;
}

/** `true` and `false`; `yes` and `no` as the command line has them. */
export function readFlag(value: Value): boolean | undefined {
  if (value === "true" || value === "yes") return true;
  return value === "false" || value === "no" ? false : undefined;
}

/** A count that is not negative and that a number holds exactly. */
export function readCount(value: Value): number | undefined {
  if (value === undefined || !/^\d{1,16}$/.test(value)) return undefined;
  const count = Number(value);
  return Number.isSafeInteger(count) ? count : undefined;
}

/** A measured value, `41` or `41.5`, a unit behind it not counting. */
export function readMeasure(value: Value): number | undefined {
  const [, number] = /^(-?\d{1,9}(?:\.\d{1,6})?)\s*(?:%|C|V|W)?$/.exec(value ?? "") ?? [];
  return number === undefined ? undefined : Number(number);
}

/** Two counts, `123,456`: of a registration's `bytes` the first is what the access point sent. */
export function readPair(value: Value): readonly [number, number] | undefined {
  const [first, second, more] = (value ?? "").split(",").map(readCount);
  return first === undefined || second === undefined || more !== undefined ? undefined : [first, second];
}

/** dBm: `-62@1Mbps` (wireless), `-65dBm@1Mbps` (as the command line says it), `-58` (wifi, CAPsMAN). */
export function readSignal(value: Value): number | undefined {
  const [, dbm] = /^(-?\d{1,3})(?:\.\d+)?(?:dBm)?(?:@.*)?$/.exec(value?.trim() ?? "") ?? [];
  const signal = Number(dbm);
  return dbm !== undefined && signal >= -120 && signal < 0 ? signal : undefined;
}

/** bit/s: `72.2Mbps-20MHz/1S/SGI` (wireless, CAPsMAN), `28900000` (wifi). 0 is told before anything was sent: none. */
export function readRate(value: Value): number | undefined {
  const [, number, unit] = /^(\d{1,12}(?:\.\d{1,6})?)(?:(k|M|G)?bps.*)?$/.exec(value?.trim() ?? "") ?? [];
  if (number === undefined) return undefined;
  const bps = Math.round(Number(number) * (unit === "k" ? 1e3 : unit === "M" ? 1e6 : unit === "G" ? 1e9 : 1));
  return bps > 0 ? bps : undefined;
}

/**
 * The band of a radio: `2ghz-b/g/n`, `5ghz-ax` (band), `5180/20-Ceee/ac` (channel), `2412` (frequency in MHz). That 6 GHz is
 * written `6ghz-…` is a guess from the other two.
 */
export function readBand(value: Value): Band | undefined {
  const [, ghz] = /^([256])ghz/i.exec(value ?? "") ?? [];
  if (ghz !== undefined) return ghz === "2" ? "2.4" : ghz === "5" ? "5" : "6";
  const mhz = Number(/^(\d{4})(?!\d)/.exec(value ?? "")?.[1]);
  if (mhz >= 2_400 && mhz < 2_500) return "2.4";
  if (mhz >= 4_900 && mhz < 5_925) return "5";
  return mhz >= 5_925 && mhz < 7_200 ? "6" : undefined;
}

/** An IPv4 address without its prefix length. A lease's `address` may also be the name of a pool, or 0.0.0.0: none. */
export function readIpv4(value: Value): string | undefined {
  const bare = withoutPrefix(value);
  return isIP(bare) === 4 && bare !== "0.0.0.0" ? bare : undefined;
}

/** An IPv6 address of more than the own link, in lower case, without its prefix length. */
export function readIpv6(value: Value): string | undefined {
  const bare = withoutPrefix(value).toLowerCase();
  return isIP(bare) === 6 && !/^(fe[89ab]|ff|::1?$)/.test(bare) && !bare.includes("%") ? bare : undefined;
}

/** Text for people: trimmed, on one line, at most 256 characters. */
export function readText(value: Value): string | undefined {
  if (value === undefined || value === "") return undefined;
  const bounded = value.slice(0, longestText);
  const text = plain.test(bounded) ? bounded.trim() : onOneLine(bounded);
  return text === "" ? undefined : text;
}

const plain = /^[ -~]*$/;

function onOneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .trim();
}

function withoutPrefix(value: Value): string {
  return (value ?? "").slice(0, 64).replace(/\/\d{1,3}$/, "");
}
