import type { ChildProcess, SpawnOptions } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificates } from "./certificates.ts";
import { type Fault, type FaultName, faults, faultTable, loseOne, noFaultTable, type ServerMode } from "./faults.ts";
import { type Finished, finish, line, must, start, stop, until } from "./process.ts";
import { family, remove, sweepStale } from "./sweep.ts";
import { addresses, forwarder, layout, type Namespace, namespaces, translation, wires } from "./topology.ts";

/** When something was done to the network, on the machine's clock: between these two moments. */
export interface Moment {
  readonly before: number;
  readonly after: number;
}

export interface Lab {
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
  /** The argument vector that runs `argv` in a namespace; the process id stays the command's own. */
  inside(ns: Namespace, argv: readonly string[]): string[];
  /** Runs a command in a namespace to its end. */
  run(ns: Namespace, argv: readonly string[]): Promise<Finished>;
  /** Starts a command in a namespace; `close` ends it. */
  spawn(ns: Namespace, argv: readonly string[], options?: SpawnOptions): ChildProcess;
  /** Makes `127.0.0.1:port` of `mon` reachable at `management.mon:port` from the machine's own namespace. */
  tunnel(port: number): Promise<void>;
  /** Breaks the network in a named way. One fault at a time. */
  cut(fault: FaultName): Promise<Moment>;
  /** Mends what the last `cut` broke. */
  heal(): Promise<Moment>;
  /** Loses exactly the next echo request to `host`; the returned function counts what was lost so far. */
  loseOnePacket(host: string): Promise<() => Promise<number>>;
  close(): Promise<void>;
}

/**
 * A small home and its provider from network namespaces (root, iproute2, nftables, dnsmasq, openssl):
 *
 *     mon (the program) ── lan (bridge) ── gw (NAT, dnsmasq) ── isp1 ── isp2 ── inet (targets, web, names)
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
    const { keyFile, certFile, caFile } = await makeCertificates(dir);
    const server = (file: string, ...args: string[]) => [
      process.execPath,
      join(import.meta.dirname, "servers", file),
      ...args,
    ];
    const internet = spawn("inet", server("internet.ts", keyFile, certFile));
    spawn("gw", forwarder);
    const portal = spawn("gw", server("portal.ts"));
    await Promise.all([internet, portal].map((child) => line(child, (text) => text === "ready")));
    const hosts = [addresses.gateway, ...addresses.targets];
    await until("the way to the lab's targets", 10_000, async () =>
      (await finish(inside("mon", ["fping", "-q", "-r0", "-t200", ...hosts]))).code === 0 ? true : undefined,
    );
    const serve = async (mode: ServerMode) => {
      const done = line(internet, (text) => text === "set");
      internet.stdin?.write(`${JSON.stringify(mode)}\n`);
      await done;
    };
    const breaking = breaker({ inside, name, serve });
    return {
      gatewayAddress: addresses.gateway,
      monitorAddress: addresses.monitor,
      targets: addresses.targets,
      hops: addresses.hops,
      management,
      caFile,
      dir,
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

interface Hands {
  readonly inside: Lab["inside"];
  readonly name: (ns: Namespace) => string;
  readonly serve: (mode: ServerMode) => Promise<void>;
}

/** The hands that break and mend. */
function breaker({ inside, name, serve }: Hands): Pick<Lab, "cut" | "heal" | "loseOnePacket"> {
  let present: Fault | undefined;
  const nft = (ns: Namespace, rules: string) => must(inside(ns, ["nft", "-f", "-"]), rules);
  const resolver = (address: string) => writeResolver(name("mon"), address);
  const timed = async (work: () => Promise<unknown>): Promise<Moment> => {
    const before = Date.now();
    await work();
    return { before, after: Date.now() };
  };
  return {
    cut: (faultName) => {
      if (present !== undefined) throw new Error("one fault at a time: heal first");
      const fault: Fault = faults[faultName];
      present = fault;
      return timed(async () => {
        if (fault.nameserver !== undefined) resolver(fault.nameserver);
        if (fault.serve !== undefined) await serve(fault.serve);
        if (fault.rules !== undefined || fault.portal === true) await nft(fault.in, faultTable(fault));
        if (fault.ip !== undefined) await batch(name(fault.in), fault.ip);
      });
    },
    heal: () =>
      timed(async () => {
        const fault = present;
        present = undefined;
        if (fault?.ipHeal !== undefined) await batch(name(fault.in), fault.ipHeal);
        if (fault?.rules !== undefined || fault?.portal === true) await nft(fault.in, noFaultTable);
        if (fault?.serve !== undefined) await serve({});
        if (fault?.nameserver !== undefined) resolver(addresses.gateway);
      }),
    loseOnePacket: async (host) => {
      const [place, hook] = host === addresses.gateway ? (["gw", "input"] as const) : (["isp1", "forward"] as const);
      await nft(place, loseOne(host, hook));
      return async () => {
        const table = await must(inside(place, ["nft", "list", "table", "inet", "lost"]));
        return Number(/counter packets (\d+)/.exec(table)?.[1]);
      };
    },
  };
}

/** Makes the namespaces, the wires, the addresses and the management wire; returns the latter's two addresses. */
async function build(name: (ns: Namespace) => string, wire: string): Promise<Lab["management"]> {
  await Promise.all(namespaces.map((ns) => must(["ip", "netns", "add", name(ns)])));
  writeResolver(name("mon"), addresses.gateway);
  for (const ns of ["gw", "isp1", "isp2", "inet"] as const)
    await must(["ip", "netns", "exec", name(ns), "sysctl", "-qw", "net.ipv4.ip_forward=1"]);
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
  await must(["ip", "netns", "exec", name("gw"), "nft", "-f", "-"], translation);
  return management;
}

function batch(namespace: string, lines: readonly string[]): Promise<string> {
  return must(["ip", "-n", namespace, "-batch", "-"], lines.join("\n"));
}

/** Written in place: a running program has this very file mounted over its /etc/resolv.conf. */
function writeResolver(namespace: string, address: string): void {
  mkdirSync(`/etc/netns/${namespace}`, { recursive: true });
  writeFileSync(`/etc/netns/${namespace}/resolv.conf`, `nameserver ${address}\n`);
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
