import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type Change,
  type Fault,
  faultTable,
  loseOne,
  noFaultTable,
  noPortalTable,
  portalTable,
  type ServerMode,
} from "./fault.ts";
import { type FaultName, faults } from "./faults.ts";
import { line, stop } from "./process.ts";
import { addresses } from "./topology.ts";

/** When something was done to the network, on the machine's clock: between these two moments. */
export interface Moment {
  readonly before: number;
  readonly after: number;
}

/** The hands that break and mend. */
export interface Breaker {
  /** Breaks the network in a named way. One fault at a time. */
  cut(fault: FaultName): Promise<Moment>;
  /** Mends what the last `cut` broke. */
  heal(): Promise<Moment>;
  /** Loses exactly the next echo request to `host`; the returned function counts what was lost so far. */
  loseOnePacket(host: string): Promise<() => Promise<number>>;
}

/** What a lab lends to those who break it. */
export interface Hands {
  readonly spawn: (ns: Change["in"], argv: readonly string[]) => ChildProcess;
  /** Runs a command in a namespace and gives what it writes. */
  readonly read: (ns: Change["in"], argv: readonly string[]) => Promise<string>;
  /** Applies rules of nftables in a namespace. */
  readonly nft: (ns: Change["in"], rules: string) => Promise<unknown>;
  /** Runs lines of `ip -batch` in a namespace. */
  readonly ip: (ns: Change["in"], lines: readonly string[]) => Promise<unknown>;
  /** Sets the nameservers of the monitor's resolv.conf. */
  readonly setNameservers: (list: readonly string[]) => void;
  readonly serve: (mode: ServerMode) => Promise<void>;
}

type Heal = () => Promise<unknown>;

/** Breaks and mends a lab's network. */
export function createBreaker(hands: Hands): Breaker {
  let present: Heal | undefined;
  return {
    cut: async (name) => {
      if (present !== undefined) throw new Error("one fault at a time: heal first");
      present = () => Promise.resolve();
      return timed(async () => {
        present = await begin(hands, faults[name]);
      });
    },
    heal: () =>
      timed(async () => {
        const mend = present;
        present = undefined;
        await mend?.();
      }),
    loseOnePacket: async (host) => {
      const [place, hook] = host === addresses.gateway ? (["gw", "input"] as const) : (["isp1", "forward"] as const);
      await hands.nft(place, loseOne(host, hook));
      return async () => {
        const table = await hands.read(place, ["nft", "list", "table", "inet", "lost"]);
        return Number(/counter packets (\d+)/.exec(table)?.[1]);
      };
    },
  };
}

async function timed(work: () => Promise<unknown>): Promise<Moment> {
  const before = Date.now();
  await work();
  return { before, after: Date.now() };
}

/** Breaks; a fault that comes and goes is left to itself until it is healed. */
async function begin(hands: Hands, fault: Fault): Promise<Heal> {
  const { everyMs } = fault;
  if (everyMs === undefined) return apply(hands, fault);
  const ending = new AbortController();
  let mend: Heal | undefined = await apply(hands, fault);
  const coming = (async () => {
    for (;;) {
      await sleep(everyMs, undefined, { signal: ending.signal }).catch(() => undefined);
      if (ending.signal.aborted) return mend?.();
      if (mend === undefined) mend = await apply(hands, fault);
      else {
        await mend();
        mend = undefined;
      }
    }
  })();
  return () => {
    ending.abort();
    return coming;
  };
}

/** What was done before something failed is undone at once. */
async function apply(hands: Hands, fault: Fault): Promise<Heal> {
  const done: Heal[] = [];
  const mend = async () => {
    for (const undo of done.toReversed()) await undo();
  };
  try {
    if (fault.nameservers !== undefined) {
      done.push(async () => hands.setNameservers([addresses.gateway]));
      hands.setNameservers(fault.nameservers);
    }
    if (fault.serve !== undefined) {
      done.push(() => hands.serve({}));
      await hands.serve(fault.serve);
    }
    if (fault.portal === true) {
      done.push(() => hands.nft("gw", noPortalTable));
      await hands.nft("gw", portalTable);
    }
    for (const change of fault.at ?? []) await applyChange(hands, change, done);
  } catch (error) {
    await mend();
    throw error;
  }
  return mend;
}

async function applyChange(hands: Hands, change: Change, done: Heal[]): Promise<void> {
  const { in: ns, ip = [], ipHeal = [], rules, slow } = change;
  if (rules !== undefined) {
    done.push(() => hands.nft(ns, noFaultTable(ns)));
    await hands.nft(ns, faultTable(change));
  }
  if (ipHeal.length > 0) done.push(() => hands.ip(ns, ipHeal));
  if (ip.length > 0) await hands.ip(ns, ip);
  if (slow !== undefined) await holdBack(hands, { ns, ...slow }, done);
}

/** Takes a port out of its bridge and puts a program that holds frames back between the two. */
async function holdBack(
  { ip, spawn }: Hands,
  { ns, port, delayMs, jitterMs }: { readonly ns: Change["in"] } & NonNullable<Change["slow"]>,
  done: Heal[],
): Promise<void> {
  let child: ChildProcess | undefined;
  done.push(async () => {
    if (child !== undefined) await stop(child);
    await ip(ns, ["link delete held0", `link set ${port} master br0`]);
  });
  await ip(ns, [
    "link add held0 type veth peer name held1",
    "link set held0 up",
    "link set held1 up",
    `link set ${port} nomaster`,
    "link set held1 master br0",
  ]);
  const script = join(import.meta.dirname, "servers", "delay.py");
  child = spawn(ns, ["python3", script, port, "held0", String(delayMs), String(jitterMs)]);
  await line(child, (text) => text === "ready");
}

/** Whether a word names a fault. */
export function isFault(name: string): name is FaultName {
  return Object.hasOwn(faults, name);
}
