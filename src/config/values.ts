import { isIP, isIPv4 } from "node:net";
import { Cron } from "croner";
import { z } from "zod";
import { portOf, splitPortText } from "../lib/host-port.ts";
import { parseKnown } from "./known.ts";

/** Longest text that any key takes, in characters. */
const longestText = 2_000;

/** Text with a rule of its own: `problemOf` gives what is wrong with it, without repeating the text, or `undefined`. */
function textThat(problemOf: (text: string) => string | undefined) {
  return z.string().check((context) => {
    const message = textProblem(context.value) ?? problemOf(context.value);
    if (message !== undefined) context.issues.push({ code: "custom", message, input: context.value });
  });
}

/** Any text of one line; `""` where a key means "none" by it. */
export const text = textThat(() => undefined);

/** Text of one line that is not empty. */
export const filledText = textThat((value) => (value.trim() === "" ? "must not be empty" : undefined));

/** A name for people. */
export const displayName = textThat((value) => {
  if (value.trim() === "") return "must not be empty";
  return value.length > 60 ? "must not be longer than 60 characters" : undefined;
});

/** An IP address or a host name as RFC 1123 allows it: safe as an argument of a program, too. */
export const host = textThat(hostProblem);

/** A host, with `:port` where it is not the protocol's own; an IPv6 address with a port is written in brackets. */
export const hostAndPort = textThat((value) => {
  const { host: address, portText } = splitPortText(value);
  if (portText !== undefined && portOf(portText) === undefined)
    return "the port must be a whole number from 1 to 65535";
  return hostProblem(address);
});

/** An IPv4 or IPv6 address. */
export const ipAddress = textThat(ipProblem);

/** An IP address or one of these words. */
export function ipAddressOr(...words: readonly string[]) {
  const expected = `must be an IP address or ${words.join(" or ")}`;
  return textThat((value) => (words.includes(value) || isIP(value) !== 0 ? undefined : expected));
}

/** An address range, `192.168.1.0/24`. */
export const addressRange = textThat((value) => {
  const [address = "", bits = "", ...rest] = value.split("/");
  const most = isIPv4(address) ? 32 : 128;
  const good = rest.length === 0 && isIP(address) !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most;
  return good ? undefined : "must be an address range such as 192.168.1.0/24";
});

/** The name of a network interface, `eth0`. */
export const interfaceName = textThat((value) =>
  /^[A-Za-z0-9_][A-Za-z0-9_.:@-]{0,63}$/.test(value)
    ? undefined
    : "must be the name of a network interface such as eth0",
);

/** A number of this range, ends included. */
export function between(least: number, most: number) {
  return z.number().min(least).max(most);
}

/** A whole number of this range, ends included. */
export function wholeBetween(least: number, most: number) {
  return z.int().min(least).max(most);
}

/** A TCP or UDP port. */
export const port = wholeBetween(1, 65_535);

/** An `http://` or `https://` address without a user name or password in it. */
export const webUrl = textThat((value) => urlProblem(value, ["http", "https"]));

/** As `webUrl`, or `""` for none. */
export const optionalWebUrl = textThat((value) => (value === "" ? undefined : urlProblem(value, ["http", "https"])));

/** The address of an MQTT broker, or `""` for none. */
export const brokerUrl = textThat((value) =>
  value === "" ? undefined : urlProblem(value, ["mqtt", "mqtts", "ws", "wss"]),
);

/** A cron expression of five fields. */
export const cron = textThat((value) => {
  const expected = 'must be a cron expression of five fields such as "* 7-23 * * *" (minute hour day month weekday)';
  // The parser takes dates and nicknames too; what they would mean for windows is not obvious.
  if (value.trim().split(/\s+/).length !== 5) return expected;
  try {
    new Cron(value, { mode: "5-part", paused: true }).stop();
    return undefined;
  } catch {
    return expected;
  }
});

/** Part of topics and unique ids. */
export const identifier = textThat((value) =>
  /^[a-z0-9_]{1,32}$/.test(value) ? undefined : "must be 1 to 32 of the characters a-z, 0-9 and _",
);

/** An MQTT topic to publish below. */
export const topicPrefix = textThat((value) =>
  /^[^\s+#/$]+(\/[^\s+#/]+)*$/.test(value) && value.length <= 200
    ? undefined
    : "must be an MQTT topic without +, #, spaces, and slashes at its ends",
);

/** A device that is known: `MAC|name`, or `MAC,MAC|name` for one that uses several. */
export const knownDevice = textThat((value) => {
  const known = parseKnown(value);
  return typeof known === "string" ? known : undefined;
});

/** The SHA-256 fingerprint of a certificate in hex digits, with or without colons, or `""` for none. */
export const fingerprint = textThat((value) =>
  value === "" || /^[0-9a-f]{64}$/i.test(value.replaceAll(":", ""))
    ? undefined
    : "must be a SHA-256 fingerprint: 64 hex digits, with or without colons",
);

/** True for an address that only this machine reaches. */
export function isLoopback(address: string): boolean {
  return address === "localhost" || address === "::1" || (isIPv4(address) && address.startsWith("127."));
}

function textProblem(value: string): string | undefined {
  if (value.length > longestText) return `must not be longer than ${longestText} characters`;
  if (/\p{Cc}/u.test(value)) return "must be one line without control characters";
  return undefined;
}

function hostProblem(value: string): string | undefined {
  if (value === "") return "must not be empty";
  if (value.startsWith("-")) return 'must not begin with "-"';
  if (isIP(value) !== 0) return undefined;
  if (/[^A-Za-z0-9.-]/.test(value)) {
    return "must be an IP address or a host name (letters, digits, hyphens and dots; no scheme, port, space or other character)";
  }
  if (/(^|\.)\d+$/.test(value)) return "is not an IPv4 address (four numbers from 0 to 255)";
  const labels = value.split(".");
  const good = value.length <= 253 && labels.every((label) => /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)$/.test(label));
  return good ? undefined : "is not a host name (parts of 1 to 63 characters that neither begin nor end with a hyphen)";
}

function ipProblem(value: string): string | undefined {
  return isIP(value) === 0 ? "must be an IP address" : undefined;
}

function urlProblem(value: string, schemes: readonly string[]): string | undefined {
  const expected = `must be an address that begins with ${schemes.map((scheme) => `${scheme}://`).join(" or ")}`;
  if (!schemes.some((scheme) => value.toLowerCase().startsWith(`${scheme}://`)) || !URL.canParse(value))
    return expected;
  const url = new URL(value);
  if (url.username !== "" || url.password !== "") return "must not hold a user name or password";
  // Names within containers often have underscores.
  const name = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(name) === 0 && !/^[A-Za-z0-9_][A-Za-z0-9._-]{0,252}$/.test(name)) return `${expected} and a host name`;
  return /\s/.test(value) ? "must not have spaces in it" : undefined;
}
