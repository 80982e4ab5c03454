import assert from "node:assert/strict";
import { test } from "node:test";
import type { LinkSystem } from "../../src/probes/link/system.ts";
import { createLinkReader } from "../../src/probes/link.ts";

const routeHead = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";
const viaEth0 =
  "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\neth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n";
const arpHead = "IP address       HW type     Flags       HW address            Mask     Device\n";
const arp = (flags: string) =>
  `${arpHead}192.168.1.1      0x1         ${flags}         02:fc:00:00:00:05     *        eth0\n`;

test("a sound link: interface, medium, addresses, gateway, neighbour and resolvers", async () => {
  const facts = await createLinkReader({ gateway: "auto", platform: "linux", system: machine() })();
  assert.deepEqual(facts, {
    interface: "eth0",
    medium: "wired",
    carrier: true,
    defaultRoute: true,
    ipv6: false,
    addresses: ["192.168.1.10", "2001:db8::10"],
    gateway: "192.168.1.1",
    gatewayMac: "02:fc:00:00:00:05",
    neighbour: "reachable",
    resolvers: ["127.0.0.53"],
  });
});

const ipv6Default =
  "00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000002 00000000 00450003     eth0\n";
const ipv6Local =
  "20010db8000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0\n";
const globalAddress = "20010db8000000000000000000000010 02 40 00 00     eth0\n";
const linkLocal = "fe800000000000000000000000000010 02 40 20 80     eth0\n";

test("IPv6 is there with a global address and a default route, and not without either", async () => {
  const cases = [
    [globalAddress + linkLocal, ipv6Local + ipv6Default, true],
    [globalAddress, ipv6Local, false],
    [linkLocal, ipv6Default, false],
    [undefined, undefined, false],
  ] as const;
  for (const [addresses, routes, expected] of cases) {
    const system = machine();
    if (addresses !== undefined) system.files.set("proc/net/if_inet6", addresses);
    if (routes !== undefined) system.files.set("proc/net/ipv6_route", routes);
    const facts = await createLinkReader({ gateway: "auto", platform: "linux", system })();
    assert.equal(facts.ipv6, expected);
    assert.equal(facts.gateway, "192.168.1.1", "IPv4 stays the way to the gateway");
  }
});

test("Wi-Fi is told from a wire", async () => {
  const system = machine();
  system.folders.set("sys/class/net/eth0", ["carrier", "flags", "phy80211"]);
  assert.equal((await createLinkReader({ gateway: "auto", platform: "linux", system })()).medium, "wifi");
});

test("a pulled cable is told although its route has vanished", async () => {
  const system = machine();
  const read = createLinkReader({ gateway: "auto", platform: "linux", system });
  await read();
  system.files.set("proc/net/route", routeHead);
  system.files.set("sys/class/net/eth0/carrier", "0\n");
  const { interface: name, carrier, gateway } = await read();
  assert.deepEqual({ name, carrier, gateway }, { name: "eth0", carrier: false, gateway: undefined });
});

test("an interface that is down or gone has no carrier", async () => {
  const system = machine();
  const read = createLinkReader({ gateway: "auto", platform: "linux", system });
  await read();
  system.files.set("sys/class/net/eth0/flags", "0x1002\n");
  assert.equal((await read()).carrier, false);
  for (const file of ["flags", "carrier"]) system.files.delete(`sys/class/net/eth0/${file}`);
  system.files.set("proc/net/route", routeHead);
  const { interface: name, carrier, addresses } = { ...(await read()) };
  assert.deepEqual({ name, carrier, addresses: addresses.length }, { name: "eth0", carrier: false, addresses: 2 });
});

test("link-local and loopback addresses are no addresses", async () => {
  const system = machine();
  system.owned.set("eth0", ["169.254.7.7", "fe80::1", "127.0.0.1", "::1"]);
  assert.deepEqual((await createLinkReader({ gateway: "auto", platform: "linux", system })()).addresses, []);
});

test("a lost default route leaves the interface and no gateway", async () => {
  const system = machine();
  const read = createLinkReader({ gateway: "auto", platform: "linux", system });
  await read();
  system.files.set("proc/net/route", routeHead);
  const facts = await read();
  assert.equal(facts.interface, "eth0");
  assert.equal(facts.carrier, true);
  assert.equal("gateway" in facts, false);
});

test("a configured gateway is kept, with the interface that routes to it", async () => {
  const system = machine();
  system.files.set(
    "proc/net/route",
    `${routeHead}wlan0\t00000000\t0101A8C0\t0003\t0\t0\t50\t00000000\t0\t0\t0\n${viaEth0}`,
  );
  const facts = await createLinkReader({ gateway: "192.168.1.250", platform: "linux", system })();
  assert.equal(facts.gateway, "192.168.1.250");
  assert.equal(facts.interface, "eth0");
  assert.equal(facts.neighbour, "unknown");
});

test("a neighbour has failed when it was asked in vain twice, not while it is being asked", async () => {
  const system = machine();
  system.files.set("proc/net/arp", arp("0x0"));
  const read = createLinkReader({ gateway: "auto", platform: "linux", system });
  assert.equal((await read()).neighbour, "unknown");
  const failed = await read();
  assert.equal(failed.neighbour, "failed");
  assert.equal("gatewayMac" in failed, false);
  system.files.set("proc/net/arp", arp("0x2"));
  assert.equal((await read()).neighbour, "reachable");
  system.files.set("proc/net/arp", arpHead);
  assert.equal((await read()).neighbour, "unknown");
});

test("before any route was seen, the most alive interface is looked at", async () => {
  const system = machine();
  system.files.set("proc/net/route", routeHead);
  system.folders.set("sys/class/net", ["dummy0", "eth0", "lo"]);
  const facts = await createLinkReader({ gateway: "auto", platform: "linux", system })();
  assert.equal(facts.interface, "eth0");
  assert.equal(facts.carrier, true);
});

test("with nothing readable at all the link is down and nothing is made up", async () => {
  const system = { read: async () => undefined, list: async () => [], addresses: () => ({}) };
  assert.deepEqual(await createLinkReader({ gateway: "auto", platform: "linux", system })(), {
    carrier: false,
    defaultRoute: false,
    ipv6: false,
    addresses: [],
    neighbour: "unknown",
    resolvers: [],
  });
});

test("where the system can't be read, the link is never called down", async () => {
  const facts = await createLinkReader({ gateway: "auto", platform: "darwin", system: machine() })();
  assert.equal(facts.carrier, true);
  assert.equal(facts.neighbour, "unknown");
  assert.equal("gateway" in facts, false);
  assert.equal("ipv6" in facts, false);
  assert.deepEqual(facts.addresses, ["192.168.1.10", "2001:db8::10"]);
});

function machine() {
  const files = new Map([
    ["proc/net/route", routeHead + viaEth0],
    ["proc/net/arp", arp("0x2")],
    ["etc/resolv.conf", "nameserver 127.0.0.53\noptions edns0\n"],
    ["sys/class/net/eth0/flags", "0x1003\n"],
    ["sys/class/net/eth0/carrier", "1\n"],
  ]);
  const folders = new Map([
    ["sys/class/net", ["eth0", "lo"]],
    ["sys/class/net/eth0", ["carrier", "device", "flags"]],
  ]);
  const owned = new Map([
    ["eth0", ["192.168.1.10", "fe80::10", "2001:db8::10"]],
    ["lo", ["127.0.0.1", "::1"]],
  ]);
  return {
    files,
    folders,
    owned,
    read: async (path) => files.get(path),
    list: async (path) => folders.get(path) ?? [],
    addresses: () => Object.fromEntries(owned),
  } satisfies LinkSystem & Record<string, unknown>;
}

test("an interface that /sys does not show but the kernel's own table does is not down", async () => {
  const system = machine();
  for (const file of ["flags", "carrier"]) system.files.delete(`sys/class/net/eth0/${file}`);
  const read = createLinkReader({ gateway: "auto", platform: "linux", system });
  assert.equal((await read()).carrier, false, "it is nowhere: gone");
  system.files.set("proc/net/dev", "Inter-|   Receive\n face |bytes\n    lo: 0 0\n  eth0: 1 2\n");
  assert.equal((await read()).carrier, true);
});
