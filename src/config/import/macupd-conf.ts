import type { z } from "zod";
import { type Mac, parseMac } from "../../lib/mac.ts";
import { ConfigError, type ConfigIssue } from "../error.ts";
import { printable } from "../keys.ts";
import { messageOf } from "../messages.ts";
import { ipAddress, port, wholeBetween } from "../values.ts";
import type { ConfigPatch } from "./patch.ts";

/** What another tool's file says in our words; `notes`: what of it has no place here, each for people. */
export interface Imported {
  readonly patch: ConfigPatch;
  readonly notes: readonly string[];
}

interface Line {
  readonly text: string;
  readonly number: number;
}

interface Setting {
  readonly value: string;
  readonly line: number;
}

/** What is read so far. */
interface Reading {
  readonly file: string;
  readonly issues: ConfigIssue[];
  readonly notes: string[];
  readonly settings: Map<string, Setting>;
  readonly known: Map<Mac, { readonly name: string; readonly line: number }>;
}

const settingNames = ["HOST", "PORT", "PIDFILE", "LOGDIR", "REPORTDIR", "MAXLOGS"];

/**
 * Reads macupd_tracker's configuration: `[section]` and `#` lines mean nothing, `KEY=value` ends at the first blank, `mac|name` loses
 * all blanks. As there, an unknown key and one that comes twice are errors. Throws `ConfigError` with each line that is wrong.
 */
export function parseMacupdConf(text: string, file: string): Imported {
  const reading: Reading = { file, issues: [], notes: [], settings: new Map(), known: new Map() };
  for (const line of linesOf(text)) {
    const isKnown = /^[^|=\s]+\s*\|/.test(line.text);
    const problem = isKnown ? readKnown(reading, line) : readSetting(reading, line);
    if (problem !== undefined) fail(reading, line.number, problem);
  }
  const host = setting(reading, "HOST", (value) => ipAddress.safeParse(value === "localhost" ? "127.0.0.1" : value));
  const portNumber = setting(reading, "PORT", (value) => port.safeParse(whole(value), { error: messageOf }));
  const maxLogs = setting(reading, "MAXLOGS", (value) => days.safeParse(whole(value), { error: messageOf }));
  const { issues, notes, settings, known } = reading;
  if (issues.length > 0) throw new ConfigError(issues);
  if (known.size === 0 && settings.size === 0)
    throw new ConfigError([{ file, path: "", message: "holds neither settings nor devices" }]);
  const logDir = settings.get("LOGDIR")?.value ?? "";
  if (logDir !== "") notes.push(`LOGDIR: import its logs with: netwarden import macupd-logs ${printable(logDir)}`);
  const patch: ConfigPatch = {
    macupd: {
      enabled: true,
      ...(host === undefined ? {} : { host }),
      ...(portNumber === undefined ? {} : { port: portNumber }),
    },
    ...(maxLogs === undefined ? {} : { evidence: { max_logs: maxLogs } }),
    ...(known.size === 0 ? {} : { known: [...known].map(([mac, { name }]) => `${mac}|${name}`) }),
  };
  return { patch, notes };
}

const days = wholeBetween(1, 100_000);

function linesOf(text: string): readonly Line[] {
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/);
  return lines
    .map((line, index) => ({ text: line.trim(), number: index + 1 }))
    .filter((line) => line.text !== "" && !/^[#[]/.test(line.text));
}

/** Takes a line in; a text is what is wrong with it. */
function readKnown(reading: Reading, { text, number }: Line): string | undefined {
  const bar = text.indexOf("|");
  const mac = parseMac(text.slice(0, bar));
  // What a person put behind a `#` is no part of the name, though the older tool took it for one.
  const name = text
    .slice(bar + 1)
    .replace(/\s#.*$/, "")
    .replace(/\s+/g, "");
  if (mac === undefined) return `is not a MAC address: ${printable(text.slice(0, bar))}`;
  if (name === "") return "has no name behind the MAC address";
  if (/\p{Cc}/u.test(name) || name.length > 500) return "is not a name";
  const before = reading.known.get(mac);
  if (before !== undefined) reading.notes.push(`${mac} is in lines ${before.line} and ${number}: the latter holds`);
  reading.known.set(mac, { name, line: number });
  return undefined;
}

function readSetting(reading: Reading, { text, number }: Line): string | undefined {
  const [word = ""] = text.split(/\s/, 1);
  const equals = word.indexOf("=");
  const key = word.slice(0, equals);
  if (equals < 1) return "is neither KEY=value nor mac|name";
  if (!settingNames.includes(key)) return `is not a known key: ${printable(key)}`;
  const before = reading.settings.get(key);
  if (before !== undefined) return `${key} is there twice, first in line ${before.line}`;
  reading.settings.set(key, { value: word.slice(equals + 1).replace(/#.*$/, ""), line: number });
  return undefined;
}

/** A setting's value; `undefined` where there is none, or where it is wrong, which is told. */
function setting<T>(reading: Reading, key: string, parse: (value: string) => z.ZodSafeParseResult<T>): T | undefined {
  const { value, line } = reading.settings.get(key) ?? { value: "", line: 0 };
  if (value === "") return undefined;
  const parsed = parse(value);
  if (!parsed.success) fail(reading, line, `${key} ${parsed.error.issues[0]?.message ?? "is wrong"}`);
  return parsed.data;
}

function whole(value: string): number | string {
  return /^\d{1,9}$/.test(value) ? Number(value) : value;
}

function fail(reading: Reading, line: number, message: string): void {
  reading.issues.push({ file: reading.file, path: "", message, line, column: 1 });
}
