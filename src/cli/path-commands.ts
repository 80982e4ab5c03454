import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import type { Config } from "../config/schema.ts";
import { pathHosts } from "../discovery-job.ts";
import { systemClock } from "../lib/clock.ts";
import { createLog } from "../lib/log.ts";
import { utcStamp } from "../sinks/evidence/file-names.ts";
import { createPlace } from "../sinks/evidence/place.ts";
import { discovered, discoverHopsCommand } from "./discover-hops.ts";
import { type Wiring, whyNotWritten } from "./network-commands.ts";
import { candidatesIn, probeTcpCommand } from "./probe-tcp.ts";
import { traceCommand } from "./trace.ts";

interface ProbeTcpFlags {
  readonly hosts?: string;
  readonly port: number;
  readonly tls?: boolean;
  readonly fromConfig?: boolean;
  readonly fromCandidates?: boolean;
  readonly json?: boolean;
}

const candidatesFile = "isp_candidates.json";
const tlsPorts = [443, 853, 8_443];

/** `trace`, `discover-hops` and `probe-tcp`. */
export function addPathCommands(program: Command, wiring: Wiring): void {
  const { world, load, done, options } = wiring;
  program
    .command("trace")
    .description("the path to a host: each router on the way, with loss and times")
    .argument("<host>", "address or name")
    .option("--count <n>", "packets a hop", wholeBetween(1, 1_000), 10)
    .option("--asn", "also whose network each hop is in (asks a public DNS service)")
    .option("--json", "as JSON")
    .action(async (host: string, { count, asn, json }: { count: number; asn?: boolean; json?: boolean }) => {
      done(await traceCommand({ host, count, asn: asn === true, json: json === true }, world));
    });
  program
    .command("discover-hops")
    .description("the provider's routers that answer steadily, to be watched as isp_targets")
    .option("--write", "into the file of --config, whose comments stay; the old one is kept beside it")
    .option("--json", "as JSON")
    .action(async ({ write, json }: { write?: boolean; json?: boolean }) => {
      const into = options().config;
      const refusal = write === true ? whyNotWritten(into, resolve(world.cwd, options().data), world) : undefined;
      if (refusal !== undefined) {
        world.err(`${refusal}\n`);
        return done(2);
      }
      const { config } = await load();
      const files = evidenceFiles(config, wiring);
      const keep = async (text: string) => void (await files.write(candidatesFile, text));
      const target = write === true && into !== undefined ? { into } : {};
      done(await discoverHopsCommand({ hosts: pathHosts(config), json: json === true, keep, ...target }, world));
    });
  program
    .command("probe-tcp")
    .description("whether hosts accept TCP connections; by default those of the configuration")
    .option("--hosts <list>", "these, separated by commas")
    .option("--port <n>", "this port", wholeBetween(1, 65_535), 443)
    .option("--tls", "also a TLS handshake (by default on the usual ports)")
    .option("--no-tls", "no TLS handshake")
    .option("--from-config", "the targets and isp_targets of the configuration")
    .option("--from-candidates", "what discover-hops suggested last; without that it is run first")
    .option("--json", "as JSON")
    .action(async (flags: ProbeTcpFlags) => {
      const { config } = await load();
      const files = evidenceFiles(config, wiring);
      const hosts = await hostsOf(flags, { config, files, world });
      const keep = (text: string) => files.write(`tcp_probe_${utcStamp(systemClock.now())}.json`, text);
      const tls = flags.tls ?? tlsPorts.includes(flags.port);
      done(await probeTcpCommand({ hosts, port: flags.port, tls, json: flags.json === true, keep }, world));
    });
}

interface EvidenceFiles {
  read(name: string): Promise<string | undefined>;
  /** The file's path, or `undefined` where the disk refused. */
  write(name: string, text: string): Promise<string | undefined>;
}

function evidenceFiles({ evidence }: Config, { world, options }: Wiring): EvidenceFiles {
  const dataDir = resolve(world.cwd, options().data);
  const fallbackDir = join(dataDir, "evidence");
  const log = createLog("warn", { write: world.err });
  const place = createPlace({ dir: resolve(dataDir, evidence.dir), fallbackDir, log, files: "results" });
  return {
    read: async (name) => {
      const texts = [place.dir(), fallbackDir].map((dir) => readFile(join(dir, name), "utf8").catch(() => undefined));
      return (await Promise.all(texts)).find((text) => text !== undefined);
    },
    write: async (name, text) => {
      const written = await place.write((dir) => writeFile(join(dir, name), text));
      return written ? join(place.dir(), name) : undefined;
    },
  };
}

async function hostsOf(
  { hosts = "", fromConfig, fromCandidates }: ProbeTcpFlags,
  { config, files, world }: Pick<Wiring, "world"> & { readonly config: Config; readonly files: EvidenceFiles },
): Promise<readonly string[]> {
  const given = hosts.split(",").flatMap((host) => (host.trim() === "" ? [] : [host.trim()]));
  const candidates = async () => {
    const left = candidatesIn((await files.read(candidatesFile)) ?? "");
    return left ?? (await discovered(pathHosts(config), world)).suggestions.map(({ ip }) => ip);
  };
  const isUsual = hosts === "" && fromCandidates !== true;
  const configured = [...config.isp_targets, ...config.targets.filter(({ enabled }) => enabled)];
  return [
    ...given,
    ...(fromConfig === true || isUsual ? configured.map(({ host }) => host) : []),
    ...(fromCandidates === true ? await candidates() : []),
  ];
}

function wholeBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`must be a whole number from ${least} to ${most}`);
  };
}
