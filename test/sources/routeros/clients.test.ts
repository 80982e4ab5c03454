import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { ClientSighting } from "../../../src/model/devices/sighting.ts";
import { readClients } from "../../../src/sources/routeros/clients.ts";
import type { Tables } from "../../../src/sources/routeros/menus.ts";
import { readPorts } from "../../../src/sources/routeros/ports.ts";

const mac = "3c:22:fb:00:00:01";
const other = "3c:22:fb:00:00:02";
const lease = {
  address: "10.0.0.5",
  "active-address": "10.0.0.5",
  "mac-address": mac.toUpperCase(),
  "active-mac-address": mac.toUpperCase(),
  status: "bound",
  dynamic: "true",
  disabled: "false",
};
const waiting = { address: "10.0.0.5", "mac-address": mac, status: "waiting", dynamic: "false", comment: "Printer" };
const arp = { address: "10.0.0.5", "mac-address": mac, interface: "bridge", dynamic: "true", complete: "true" };
const reachable = { ...arp, status: "reachable" };
const host = { "mac-address": mac, "on-interface": "ether3", bridge: "bridge", local: "false" };
const association = { interface: "wlan1", "mac-address": mac };
const interfaces = [
  { name: "ether1", type: "ether", "mac-address": "00:00:5E:00:53:81" },
  { name: "ether3", type: "ether", "mac-address": "00:00:5E:00:53:83" },
  { name: "wlan1", type: "wlan", "mac-address": "00:00:5E:00:53:84" },
  { name: "bridge", type: "bridge", "mac-address": "00:00:5E:00:53:80" },
];

function clientsOf(tables: Tables): readonly ClientSighting[] {
  const all = { interfaces, ...tables };
  return readClients(all, readPorts(all));
}

function only(tables: Tables): ClientSighting {
  const clients = clientsOf(tables);
  assert.equal(clients.length, 1, JSON.stringify(clients));
  return clients[0] as ClientSighting;
}

suite("connected", () => {
  const table: readonly (readonly [string, Tables, boolean])[] = [
    ["a lease alone", { leases: [lease] }, false],
    ["a static lease that nobody uses", { leases: [waiting] }, false],
    ["an ARP entry that answers", { arp: [reachable] }, true],
    ["a stale ARP entry", { arp: [{ ...arp, status: "stale" }] }, false],
    ["a lease with a stale ARP entry", { leases: [lease], arp: [{ ...arp, status: "stale" }] }, false],
    ["a failed ARP entry", { arp: [{ ...arp, status: "failed" }] }, false],
    ["a complete ARP entry of a release without status", { arp: [arp] }, true],
    ["one that somebody entered by hand there", { arp: [{ ...arp, dynamic: "false" }] }, false],
    ["one that the DHCP server entered there", { arp: [{ ...arp, DHCP: "true" }] }, false],
    ["a bridge host", { bridgeHosts: [host] }, true],
    ["an association (wireless)", { wireless: [association] }, true],
    ["an association (wifi)", { wifi: [association] }, true],
    ["an association (wifiwave2)", { wifiwave2: [association] }, true],
    ["an association (CAPsMAN)", { capsman: [association] }, true],
    ["an association and a stale ARP entry", { capsman: [association], arp: [{ ...arp, status: "stale" }] }, true],
  ];
  for (const [what, tables, expected] of table)
    test(`${what}: ${expected}`, () => assert.equal(only(tables).connected, expected));
});

suite("who is no client", () => {
  const table: readonly (readonly [string, Tables])[] = [
    ["a disabled lease", { leases: [{ ...lease, disabled: "true" }] }],
    ["an ARP entry without an answer", { arp: [{ ...arp, complete: "false" }] }],
    ["an ARP entry without a MAC", { arp: [{ ...reachable, "mac-address": "" }] }],
    ["an invalid ARP entry", { arp: [{ ...reachable, invalid: "true" }] }],
    ["an address that the router answers for", { arp: [{ ...reachable, published: "true" }] }],
    [
      "who answers where the router leases its own address",
      { arp: [{ ...reachable, interface: "ether1" }], dhcpClients: [{ interface: "ether1" }] },
    ],
    [
      "who answers on an interface of the list WAN",
      { arp: [{ ...reachable, interface: "ether1" }], interfaceLists: [{ list: "WAN", interface: "ether1" }] },
    ],
    [
      "who answers behind a dialled session",
      { interfaces: [{ name: "out", type: "pppoe-out" }], arp: [{ ...reachable, interface: "out" }] },
    ],
    ["a port of the router's own", { bridgeHosts: [{ ...host, "mac-address": "00:00:5e:00:53:83" }] }],
    ["a host that the bridge calls local", { bridgeHosts: [{ ...host, local: "true" }], arp: [reachable] }],
    [
      "a host behind the port to the provider",
      { bridgeHosts: [{ ...host, "on-interface": "ether1" }], dhcpClients: [{ interface: "ether1" }] },
    ],
    ["an access point that the router itself joined", { wireless: [{ ...association, ap: "true" }] }],
    ["a group's address", { arp: [{ ...reachable, "mac-address": "01:00:5e:00:00:01" }] }],
  ];
  for (const [what, tables] of table) test(what, () => assert.deepEqual(clientsOf(tables), []));

  test("but on an access point that only bridges, and asks for its own address there, everybody is", () => {
    assert.equal(only({ arp: [reachable], dhcpClients: [{ interface: "bridge" }] }).connected, true);
  });

  test("but a computer whose MAC the port to the provider has copied is one", () => {
    const copied = [{ name: "ether1", type: "ether", "mac-address": mac }, ...interfaces.slice(1)];
    assert.equal(
      only({ interfaces: copied, bridgeHosts: [host], dhcpClients: [{ interface: "ether1" }] }).connected,
      true,
    );
  });
});

test("all tables of one client make one sighting", () => {
  const client = only({
    leases: [
      {
        ...lease,
        "host-name": "Annas-iPhone",
        comment: "Anna",
        server: "defconf",
        "client-id": "1:3c",
        "expires-after": "14:40:26",
        "last-seen": "48s",
      },
    ],
    arp: [reachable],
    bridgeHosts: [{ ...host, "on-interface": "wlan1", age: "3s" }],
    wireless: [
      {
        ...association,
        "signal-strength": "-62@1Mbps",
        "last-activity": "170ms",
        "tx-rate": "72.2Mbps-20MHz/1S/SGI",
        "rx-rate": "54Mbps",
        bytes: "9000,100",
      },
    ],
    wirelessRadios: [{ name: "wlan1", ssid: "Home", band: "2ghz-b/g/n" }],
    neighbors6: [
      { address: "2001:db8::9", "mac-address": mac, status: "stale" },
      { address: "fe80::9", "mac-address": mac, status: "reachable" },
      { address: "2001:db8::8", "mac-address": mac, status: "failed" },
    ],
  });
  assert.deepEqual(client, {
    mac,
    connected: true,
    ip: "10.0.0.5",
    ipv6: ["2001:db8::9"],
    hostname: "Annas-iPhone",
    description: "Anna",
    link: "wifi",
    interface: "wlan1",
    ssid: "Home",
    band: "2.4",
    signalDbm: -62,
    idleS: 0.17,
    linkDownBps: 72_200_000,
    linkUpBps: 54_000_000,
    receivedBytes: 9_000,
    sentBytes: 100,
    counter: "wlan1",
    lease: { status: "bound", server: "defconf", clientId: "1:3c", dynamic: true, expiresInS: 52_826, lastSeenS: 48 },
    arp: { status: "reachable", dynamic: true, interface: "bridge" },
  });
});

test("a registration of the package wifi: its own SSID, band and signal, rates in bit/s", () => {
  const row = {
    ...association,
    interface: "wifi2",
    ssid: "Home",
    band: "5ghz-ax",
    signal: "-58",
    "tx-rate": "28900000",
  };
  const { ssid, band, signalDbm, linkDownBps } = only({ wifi: [row] });
  assert.deepEqual([ssid, band, signalDbm, linkDownBps], ["Home", "5", -58, 28_900_000]);
});

test("while a client roams it is where it was heard last", () => {
  const old = { ...association, "last-activity": "12s", uptime: "3h" };
  const fresh = { ...association, interface: "wlan2", "last-activity": "20ms", uptime: "4s" };
  assert.equal(only({ wireless: [old, fresh] }).interface, "wlan2");
  assert.equal(only({ wireless: [fresh], capsman: [old] }).interface, "wlan2");
});

test("a wired client is on the port of the bridge that saw it, also by the name that version 6 gives it", () => {
  const v6 = { "mac-address": mac, interface: "ether3", local: "false" };
  for (const row of [host, v6]) {
    const { link, interface: port } = only({ bridgeHosts: [row], arp: [reachable] });
    assert.deepEqual([link, port], ["wired", "ether3"]);
  }
});

test("the MAC that uses a lease goes before the one that it is kept for", () => {
  const { mac: found } = only({ leases: [{ ...lease, "active-mac-address": other }] });
  assert.equal(found, other);
});

test("of several leases of a MAC the one in use is told", () => {
  const { ip, lease: told } = only({ leases: [waiting, { ...lease, "active-address": "10.0.1.9" }, waiting] });
  assert.deepEqual([ip, told?.status], ["10.0.1.9", "bound"]);
});

test("a blocked lease says so, and gives no address", () => {
  const { lease: told, ip } = only({ leases: [{ ...lease, address: "pool1", blocked: "true" }] });
  assert.deepEqual([told?.status, ip], ["blocked", undefined]);
});

test("a comment names its client: the lease's before that of the ARP entry, and that before the access list's", () => {
  const rows = {
    leases: [waiting],
    arp: [{ ...reachable, comment: "b" }],
    wireless: [{ ...association, comment: "c" }],
  };
  assert.equal(only(rows).description, "Printer");
  assert.equal(only({ arp: rows.arp, wireless: rows.wireless }).description, "b");
  assert.equal(only({ wireless: rows.wireless }).description, "c");
});

test("a host name of digits stays text", () => {
  assert.equal(only({ leases: [{ ...lease, "host-name": "123" }] }).hostname, "123");
});

suite("conflicts", () => {
  const elsewhere = { ...reachable, address: "10.0.0.9" };
  const intruder = { ...reachable, "mac-address": other };
  const conflictsOf = (tables: Tables) =>
    Object.fromEntries(clientsOf(tables).map((client) => [client.mac, client.conflicts]));

  test("another address than the leased one", () => {
    const client = only({ leases: [lease], arp: [elsewhere] });
    assert.deepEqual(client.conflicts, ["lease says 10.0.0.5, ARP says 10.0.0.9"]);
    assert.equal(client.ip, "10.0.0.9");
  });
  test("another address than the one kept for it", () => {
    assert.deepEqual(conflictsOf({ leases: [waiting], arp: [elsewhere] })[mac], [
      "lease says 10.0.0.5, ARP says 10.0.0.9",
    ]);
  });
  test("somebody else on the leased address: told at both", () => {
    const text = `lease says 10.0.0.5 is ${mac}, ARP says ${other}`;
    assert.deepEqual(conflictsOf({ leases: [lease], arp: [intruder] }), { [mac]: [text], [other]: [text] });
  });
  test("not when the leased address answers too", () => {
    const client = only({ leases: [lease], arp: [elsewhere, reachable] });
    assert.deepEqual([client.conflicts, client.ip], [undefined, "10.0.0.5"]);
  });
  test("not from what no longer answers", () => {
    const stale = (row: object) => ({ ...row, status: "stale" });
    const found = conflictsOf({ leases: [lease], arp: [stale(elsewhere), stale(intruder)] });
    assert.deepEqual(found, { [mac]: undefined, [other]: undefined });
  });
});

suite("kid control", () => {
  const counted = { "mac-address": mac, "bytes-down": "5000", "bytes-up": "70" };
  test("down is what the client received, and goes before the association's own count", () => {
    const client = only({ wireless: [{ ...association, bytes: "1,2" }], kidControl: [counted] });
    assert.deepEqual([client.receivedBytes, client.sentBytes, client.counter], [5_000, 70, "kid-control"]);
  });
  test("that never counted a client leaves it to the association", () => {
    const zero = { ...counted, "bytes-down": "0", "bytes-up": "0" };
    assert.equal(only({ wireless: [{ ...association, bytes: "1,2" }], kidControl: [zero] }).receivedBytes, 1);
  });
  test("alone makes nobody a client", () => assert.deepEqual(clientsOf({ kidControl: [counted] }), []));
});
