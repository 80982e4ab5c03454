import { z } from "zod";
import { systemClock } from "../lib/clock.ts";
import { createGate } from "../lib/gate.ts";
import { isHostName } from "../lib/host-name.ts";
import { askTcp, type TcpAnswer } from "../probes/tcp-tls.ts";
import type { Surroundings } from "./surroundings.ts";

export interface ProbeTcpOptions {
  readonly hosts: readonly string[];
  readonly port: number;
  readonly tls: boolean;
  readonly json: boolean;
  /** Writes the results beside the other evidence and gives the file's path; `undefined`: the disk refused. */
  readonly keep: (text: string) => Promise<string | undefined>;
}

const mostHosts = 256;
const mostAtOnce = 16;

/** `netwarden probe-tcp`: does each host accept a connection; gives the exit code, 1 when one does not. */
export async function probeTcpCommand(options: ProbeTcpOptions, world: Surroundings): Promise<number> {
  const { port, tls, json, keep } = options;
  const hosts = [...new Set(options.hosts)];
  const bad = hosts.find((host) => !isHostName(host));
  if (bad !== undefined || hosts.length === 0 || hosts.length > mostHosts) {
    const why =
      bad === undefined
        ? `give 1 to ${mostHosts} hosts`
        : `${JSON.stringify(bad)} is neither an address nor a host name`;
    world.err(`${why}\n`);
    return 2;
  }
  const gate = createGate(mostAtOnce);
  const ask = (host: string) =>
    gate.pass(() => askTcp({ host, port, tls }, { clock: systemClock, signal: world.signal }));
  const answers = await Promise.all(hosts.map(async (host) => [host, await ask(host)] as const));
  if (world.signal.aborted) return 3;
  const results = Object.fromEntries(
    answers.map(([host, { tcp, tls: spoken }]) => [host, { tcp, tls: spoken ?? null }]),
  );
  const text = `${JSON.stringify({ port, tls, results }, null, 2)}\n`;
  world.out(json ? text : answers.map(([host, answer]) => row(host, { port, answer })).join(""));
  const file = await keep(text);
  world.err(file === undefined ? "the results could not be written\n" : `written: ${file}\n`);
  return answers.every(([, { tcp }]) => tcp) ? 0 : 1;
}

/** The addresses that the last `discover-hops` left; `undefined`: the text is not from it. */
export function candidatesIn(text: string): readonly string[] | undefined {
  const candidates = z.object({ suggestions: z.array(z.object({ ip: z.string() })).max(mostHosts) });
  try {
    return candidates.parse(JSON.parse(text)).suggestions.map(({ ip }) => ip);
  } catch {
    return undefined;
  }
}

function row(host: string, { port, answer }: { readonly port: number; readonly answer: TcpAnswer }): string {
  const { tcp, tls, connectMs, detail } = answer;
  const words = [
    `${host.padEnd(39)} port ${port}: ${tcp ? "open" : "no"}`,
    ...(tls === undefined ? [] : [tls ? "TLS" : "no TLS"]),
    ...(connectMs === undefined ? [] : [`${connectMs.toFixed(1)} ms`]),
    ...(detail === undefined ? [] : [`(${detail})`]),
  ];
  return `${words.join("  ")}\n`;
}
