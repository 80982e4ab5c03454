import type { ChildProcess, SpawnOptions } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { type Breaker, createBreaker } from "./breaker.ts";
import { makeCertificates } from "./certificates.ts";
import type { ServerMode } from "./fault.ts";
import { type Finished, finish, line, must, start, stop, until } from "./process.ts";
import { family, remove, sweepStale } from "./sweep.ts";
import {
  addresses,
  addresses6,
  forwarder,
  kernelSettings,
  layout,
  type Namespace,
  namespaces,
  parking,
  routerSettings,
  routers,
  translation,
  wires,
} from "./topology.ts";

/** A home and its provider that can be broken. */
export interface Lab extends Breaker {
  readonly gatewayAddress: string;
  readonly monitorAddress: string;
  readonly targets: readonly string[];
  readonly hops: readonly string[];
  /** The wire between the machine's own namespace and `mon`; no fault touches it. */
  readonly management: { readonly root: string; readonly mon: string };
  /** The authority that signed the lab's web servers: NODE_EXTRA_CA_CERTS for the program. */
  readonly caFile: string;
  /** A directory of the lab that goes with it. */
  readonly dir: string;
  /** The full name of a namespace, for `ip netns`. */
  name(ns: Namespace): string;
  /** The argument vector that runs `argv` in a namespace; the process id stays the command's own. */
  inside(ns: Namespace, argv: readonly string[]): string[];
  /** Runs a command in a namespace to its end. */
  run(ns: Namespace, argv: readonly string[]): Promise<Finished>;
  /** Starts a command in a namespace; `close` ends it. */
  spawn(ns: Namespace, argv: readonly string[], options?: SpawnOptions): ChildProcess;
  /** Makes `127.0.0.1:port` of `mon` reachable at `management.mon:port` from the machine's own namespace. */
  tunnel(port: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * A small home and its provider from network namespaces (root, iproute2, nftables, dnsmasq, openssl, python3), by IPv4 and IPv6:
 *
 *     mon (the program) ── lan (bridge) ── gw (NAT, dnsmasq) ── modem (bridge) ── isp1 ── isp2 ── inet (targets, web, names)
 *      └── management wire to the machine's own namespace
 *
 * A program in `mon` reaches a server of the machine's own namespace (a broker) that listens on `management.root` or on
 * 0.0.0.0; what the program serves on `management.mon` or 0.0.0.0 is reached from outside at `management.mon`, and what
 * it serves on loopback only after `tunnel(port)`. `prefix`: one to five small letters, different for labs side by side.
 */
export async function createLab({ prefix }: { readonly prefix: string }): Promise<Lab> {
  if (!/^[a-z]{1,5}$/.test(prefix)) throw new Error("a lab's prefix is one to five small letters");
  await sweepStale();
  const id = `${prefix}${process.pid}`;
  const name = (ns: Namespace) => `${family}${id}-${ns}`;
  const inside = (ns: Namespace, argv: readonly string[]) => ["ip", "netns", "exec", name(ns), ...argv];
  const dir = mkdtempSync(join(tmpdir(), `${family}${id}-`));
  const children = new Set<ChildProcess>();
  const spawn: Lab["spawn"] = (ns, argv, options = {}) => {
    const child = start(inside(ns, argv), options);
    children.add(child);
    child.once("exit", () => children.delete(child));
    return child;
  };
  const close = async () => {
    await Promise.all([...children].map((child) => stop(child)));
    await remove(new RegExp(`^${family}${id}-`));
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    const management = await build(name, `${id}m`);
    const caFile = await makeCertificates(dir);
    const server = (file: string, ...args: string[]) => [
      process.execPath,
      join(import.meta.dirname, "servers", file),
      ...args,
    ];
    const internet = spawn("inet", server("internet.ts", dir));
    spawn("gw", forwarder);
    const portal = spawn("gw", server("portal.ts"));
    await Promise.all([internet, portal].map((child) => line(child, (text) => text === "ready")));
    const hosts = [addresses.gateway, ...addresses.targets, ...addresses6.targets];
    await until("the way to the lab's targets", 10_000, async () =>
      (await finish(inside("mon", ["fping", "-q", "-r0", "-t200", ...hosts]))).code === 0 ? true : undefined,
    );
    const serve = async (mode: ServerMode) => {
      const done = line(internet, (text) => text === "set");
      internet.stdin?.write(`${JSON.stringify(mode)}\n`);
      await done;
    };
    const breaking = createBreaker({
      spawn,
      read: (ns, argv) => must(inside(ns, argv)),
      nft: (ns, rules) => must(inside(ns, ["nft", "-f", "-"]), rules),
      ip: (ns, lines) => batch(name(ns), lines),
      setNameservers: (list) => writeResolvers(name("mon"), list),
      serve,
    });
    return {
      gatewayAddress: addresses.gateway,
      monitorAddress: addresses.monitor,
      targets: addresses.targets,
      hops: addresses.hops,
      management,
      caFile,
      dir,
      name,
      inside,
      run: (ns, argv) => finish(inside(ns, argv)),
      spawn,
      tunnel: async (port) => {
        const args = [management.mon, String(port), String(port)];
        await line(spawn("mon", server("tunnel.ts", ...args)), (text) => text === "ready");
      },
      ...breaking,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Makes the namespaces, the wires, the addresses and the management wire; returns the latter's two addresses. */
async function build(name: (ns: Namespace) => string, wire: string): Promise<Lab["management"]> {
  await Promise.all(namespaces.map((ns) => must(["ip", "netns", "add", name(ns)])));
  writeResolvers(name("mon"), [addresses.gateway]);
  const settle = (ns: Namespace, settings: readonly string[]) =>
    must(["ip", "netns", "exec", name(ns), "sysctl", "-qw", ...settings]);
  await Promise.all(namespaces.map((ns) => settle(ns, kernelSettings)));
  await Promise.all(routers.map((ns) => settle(ns, routerSettings)));
  const management = freePair();
  await must(
    ["ip", "-batch", "-"],
    [
      ...wires(name),
      `link add name ${wire} type veth peer name mgmt netns ${name("mon")}`,
      `addr add ${management.root}/30 dev ${wire}`,
      `link set ${wire} up`,
    ].join("\n"),
  );
  await Promise.all(namespaces.map((ns) => batch(name(ns), layout[ns])));
  await batch(name("mon"), ["link set mgmt up", `addr add ${management.mon}/30 dev mgmt`]);
  const nft = (ns: Namespace, rules: string) => must(["ip", "netns", "exec", name(ns), "nft", "-f", "-"], rules);
  await Promise.all([nft("gw", translation), nft("inet", parking)]);
  return management;
}

function batch(namespace: string, lines: readonly string[]): Promise<string> {
  return must(["ip", "-n", namespace, "-batch", "-"], lines.join("\n"));
}

/** Written in place: a running program has this very file mounted over its /etc/resolv.conf. */
function writeResolvers(namespace: string, list: readonly string[]): void {
  mkdirSync(`/etc/netns/${namespace}`, { recursive: true });
  writeFileSync(`/etc/netns/${namespace}/resolv.conf`, list.map((address) => `nameserver ${address}\n`).join(""));
}

/** Two addresses of a /30 in 10.213.0.0/16 that this machine does not use yet. */
function freePair(): Lab["management"] {
  const used = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
  for (let n = process.pid % 16_384; ; n = (n + 1) % 16_384) {
    const prefix = `10.213.${n >> 6}`;
    const root = `${prefix}.${(n % 64) * 4 + 1}`;
    if (!used.includes(root)) return { root, mon: `${prefix}.${(n % 64) * 4 + 2}` };
  }
}
