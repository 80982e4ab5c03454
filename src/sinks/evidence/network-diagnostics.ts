import { readFile } from "node:fs/promises";
import { runChild } from "../../lib/child.ts";
import type { Clock } from "../../lib/clock.ts";
import { withDeadline } from "../../lib/deadline.ts";

export interface DiagnosticsParts {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Programs' own names, unless a test gives others. */
  readonly ip?: string;
  readonly journalctl?: string;
}

interface Part {
  readonly title: string;
  readonly file: string;
  readonly args: readonly string[];
  /** Where the program is missing, these files of `/proc/net` tell much the same. */
  readonly instead: readonly string[];
  /** What is said when there is nothing else. */
  readonly otherwise: string;
}

const eachMs = 3_000;
const mostLines = 400;
const mostBytes = 64 * 1024;

/** Addresses, counters, routes, neighbours and the kernel's last words, as text; each part bounded in time and size. Never rejects. */
export async function readDiagnostics(parts: DiagnosticsParts): Promise<string> {
  const sections = await Promise.all(partsOf(parts).map((part) => section(part, parts)));
  return `${sections.join("\n\n")}\n`;
}

function partsOf({ ip = "ip", journalctl = "journalctl" }: DiagnosticsParts): readonly Part[] {
  const net = (title: string, args: readonly string[], instead: readonly string[]): Part => {
    return { title, file: ip, args, instead, otherwise: "nothing can be read here: install iproute2" };
  };
  return [
    net("ip addr", ["addr"], ["fib_trie", "if_inet6"]),
    net("ip -s link", ["-s", "link"], ["dev"]),
    net("ip route", ["route"], ["route"]),
    net("ip -6 route", ["-6", "route"], ["ipv6_route"]),
    net("ip neigh", ["neigh"], ["arp"]),
    {
      title: "journalctl",
      file: journalctl,
      args: ["--dmesg", "--lines=100", "--no-pager", "--output=short-iso"],
      instead: [],
      otherwise: "the system's journal can't be read here: journalctl is missing, or the right to read it",
    },
  ];
}

async function section({ title, file, args, instead, otherwise }: Part, parts: DiagnosticsParts): Promise<string> {
  const said = await run(file, args, parts);
  if (said !== undefined) return `==== ${title} ====\n${said}`;
  const texts = await Promise.all(instead.map(readBounded));
  const found = texts.flatMap((text, index) => (text === undefined ? [] : [`(/proc/net/${instead[index]})\n${text}`]));
  return `==== ${title} ====\n${found.length === 0 ? otherwise : found.join("\n")}`;
}

/** `undefined`: it is missing, failed, or did not end in time with anything said. */
async function run(file: string, args: readonly string[], parts: DiagnosticsParts): Promise<string | undefined> {
  const { clock, signal } = parts;
  const lines: string[] = [];
  const keep = (line: string) => {
    if (lines.length < mostLines) lines.push(printable(line));
  };
  const { code, late } = await withDeadline({ clock, timeoutMs: eachMs, signal }, async (deadline) => {
    const end = await runChild({ file, args }, { stdout: keep, stderr: () => {} }, { clock, signal: deadline.signal });
    return { ...end, late: deadline.expired() };
  });
  if (late) return [...lines, `(${file} did not end within ${eachMs / 1_000} s)`].join("\n");
  if (code !== 0) return undefined;
  return lines.length === 0 ? "(none)" : lines.join("\n");
}

async function readBounded(name: string): Promise<string | undefined> {
  const text = await readFile(`/proc/net/${name}`, "latin1").catch(() => undefined);
  if (text === undefined) return undefined;
  return text.slice(0, mostBytes).split("\n").slice(0, mostLines).map(printable).join("\n").trimEnd();
}

function printable(line: string): string {
  return line.replace(/[^\t\x20-\x7e\xa0-\xff]/g, "?");
}
