import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { toReading } from "../../../src/sources/amplifi/reading.ts";
import { SourceError } from "../../../src/sources/source.ts";
import { listOf } from "../../fakes/amplifi/list.ts";
import { createNetwork } from "../../fakes/amplifi/network.ts";
import { attic, kitchen, nas, phone, router } from "./lists.ts";

/** What must hold of whatever comes: a reading whose clients are distinct, or a `SourceError`, and soon. */
function check(list: readonly unknown[]): void {
  const before = cpuMs();
  try {
    const { reading, dropped } = toReading(list, "Alien");
    const macs = reading.clients.map(({ mac }) => mac);
    assert.equal(new Set(macs).size, macs.length);
    for (const mac of macs) assert.match(mac, /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/);
    const points = new Set(reading.accessPoints?.map(({ id }) => id));
    for (const { accessPoint } of reading.clients) assert.ok(accessPoint === undefined || points.has(accessPoint));
    assert.equal(reading.accessPoints?.filter(({ main }) => main).length, 1);
    assert.ok(macs.every((mac) => !points.has(mac)));
    assert.ok(dropped >= 0);
    JSON.stringify(reading, (_key, value: unknown) => {
      assert.ok(value !== undefined && (typeof value !== "number" || Number.isFinite(value)));
      return value;
    });
  } catch (error) {
    assert.ok(error instanceof SourceError, String(error));
    assert.equal(error.code, "protocol");
  }
  assert.ok(cpuMs() - before < 5_000, `${cpuMs() - before} ms`);
}

const network = createNetwork({ mac: router, name: "Home" });
network.addPoint({ mac: kitchen, name: "Kitchen (AFi-P-HD-000002)" });
network.addPoint({ mac: attic, name: "Attic", uplink: kitchen, band: "2.4 GHz" });
network.join({ mac: phone, hostname: "phone", ip: "192.168.1.10", downBytesPerS: 5 }, { at: router, band: "5 GHz" });
network.roam(phone, { at: attic, band: "2.4 GHz", network: "Guest network" }, 60);
network.join({ mac: nas, description: "Storage", ip: "192.168.1.20" }, { at: router, port: 2 });
network.advance(10);
const valid = JSON.stringify(listOf(network));

const keys = [
  "role",
  "children",
  "wifi",
  "offline",
  "mac",
  "connection",
  "__proto__",
  "constructor",
  "toString",
  "length",
];
const macs = [router, kitchen, phone.toUpperCase(), nas, "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "3C063000000A"];
const values = [
  "Router",
  "ethernet",
  "wireless",
  "Internal network",
  "2.4 GHz",
  "eth-0",
  "\u0000\u202e",
  "x".repeat(999),
];
const key = fc.oneof(fc.constantFrom(...keys, ...macs, ...values, ...rowFields()), fc.string());

/** Any JSON, with the words that mean something to us in it. */
const { tree } = fc.letrec((tie) => ({
  leaf: fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom(...values, -1, 4_294_967_295, 1e308, -0, 0.5)),
  tree: fc.oneof(
    { depthSize: "medium" },
    tie("leaf"),
    fc.array(tie("tree"), { maxLength: 6 }),
    fc.array(fc.tuple(key, tie("tree")), { maxLength: 6 }).map(ownMembers),
  ),
}));

function rowFields(): string[] {
  return [
    "Address",
    "HostName",
    "SignalQuality",
    "Inactive",
    "RxBytes",
    "RxBytes64",
    "RxBytes_60sec",
    "host_name",
    "link",
  ];
}

/** As `JSON.parse` makes them: `__proto__` is a member like any other. */
function ownMembers(members: readonly (readonly [string, unknown])[]): object {
  return JSON.parse(`{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`);
}

describe("a list of an AmpliFi, whatever it is,", () => {
  it("is a reading or an error when it is any JSON", () => {
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 8 }), (list) => check(list)),
      { numRuns: 400 },
    );
  });

  it("is a reading or an error when any part of a right one is replaced", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), tree, (first, second, value) => {
        const list = JSON.parse(valid) as unknown[];
        replaceSome(list, first, value);
        replaceSome(list, second, structuredClone(value));
        check(list);
      }),
      { numRuns: 800 },
    );
  });

  it("is a reading or an error when bytes of a right one are changed", () => {
    const bytes = Buffer.from(valid);
    let parsed = 0;
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const mutated = Buffer.from(bytes);
        for (const [at, byte] of changes) mutated[at] = byte;
        const list = parse(mutated.toString());
        if (!Array.isArray(list)) return;
        parsed += 1;
        check(list);
      }),
      { numRuns: 2_500 },
    );
    assert.ok(parsed > 50, `only ${parsed} were JSON`);
  });

  it("takes little time even if it is as large and as deep as can be", () => {
    const deep = `${'{"children":{"wifi":{"f0:9f:c2:00:00:02":'.repeat(40_000)}1${"}}}".repeat(40_000)}`;
    check([{ [router]: JSON.parse(deep) }, {}, {}]);
    const many = Object.fromEntries(
      Array.from({ length: 40_000 }, (_, n) => [
        macNumber(n),
        { friendly_name: "Same (AFi-P-HD-1)", role: "Extender" },
      ]),
    );
    check([
      { [router]: { role: "Router", children: { wifi: many, offline: many } } },
      { [router]: { "5 GHz": { a: many } } },
      many,
    ]);
  });

  it("of a thousand clients is read within the time of a poll", () => {
    const home = createNetwork({ mac: router, name: "Home" });
    for (let n = 0; n < 1_000; n += 1)
      home.join({ mac: macNumber(n), hostname: `c${n}` }, { at: router, band: "5 GHz" });
    const before = cpuMs();
    assert.equal(toReading(listOf(home), "Alien").reading.clients.length, 1_000);
    assert.ok(cpuMs() - before < 1_000, `${cpuMs() - before} ms`);
  });
});

/** What this process has used: a machine that is busy with something else does not slow it. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function macNumber(n: number): string {
  return `02:00:00:${[n >> 16, n >> 8, n].map((part) => (part & 255).toString(16).padStart(2, "0")).join(":")}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Puts `value` in the place of the `n`th part. */
function replaceSome(root: unknown[], n: number, value: unknown): void {
  const places: (() => void)[] = [];
  const visit = (holder: object) => {
    for (const [name, member] of Object.entries(holder)) {
      places.push(() =>
        Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true }),
      );
      if (typeof member === "object" && member !== null) visit(member);
    }
  };
  visit(root);
  places[n % places.length]?.();
}
