import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { RouterFacts } from "../../../src/model/devices/sighting.ts";
import type { Tables } from "../../../src/sources/routeros/menus.ts";
import { readPorts } from "../../../src/sources/routeros/ports.ts";
import { readRouterFacts } from "../../../src/sources/routeros/router-facts.ts";

function factsOf(tables: Tables): RouterFacts {
  return readRouterFacts(tables, readPorts(tables));
}

const ether1 = { name: "ether1", type: "ether", running: "true", "mac-address": "00:00:5E:00:53:81" };
const bridge = { name: "bridge", type: "bridge", running: "true", "mac-address": "00:00:5E:00:53:80" };

test("what a router says of itself", () => {
  const facts = factsOf({
    resource: [
      {
        "board-name": "hEX S",
        version: "7.21.4 (stable)",
        uptime: "1w2d",
        "cpu-load": "7",
        "free-memory": "25000000",
        "total-memory": "100000000",
      },
    ],
    routerboard: [{ model: "RB760iGS", "serial-number": "HC1" }],
    identity: [{ name: "Attic" }],
    update: [{ "installed-version": "7.21.4", "latest-version": "7.22" }],
    interfaces: [
      { ...ether1, comment: "provider", "rx-byte": "10", "tx-byte": "20" },
      { ...bridge, running: "true", disabled: "true" },
      { name: "lo", type: "loopback" },
    ],
  });
  assert.deepEqual(facts, {
    mac: "00:00:5e:00:53:81",
    model: "hEX S",
    firmware: "7.21.4",
    serial: "HC1",
    identity: "Attic",
    uptimeS: 777_600,
    cpuPercent: 7,
    memoryPercent: 75,
    update: { installed: "7.21.4", latest: "7.22" },
    interfaces: [
      { name: "ether1", running: true, rxBytes: 10, txBytes: 20, comment: "provider" },
      { name: "bridge", running: false },
    ],
  });
});

test("a router that answers nothing of this has no facts, rather than wrong ones", () => {
  assert.deepEqual(factsOf({}), {});
  assert.deepEqual(factsOf({ resource: [{}], interfaces: [{}], health: [{}], update: [{}] }), { interfaces: [] });
});

test("a machine without a routerboard has the model that its resources name", () => {
  assert.equal(factsOf({ resource: [{ "board-name": "CHR" }] }).model, "CHR");
});

suite("temperature", () => {
  const table: readonly (readonly [string, Tables["health"], number | undefined])[] = [
    ["version 6, one row", [{ voltage: "24.1", temperature: "41" }], 41],
    ["version 6, the processor's only", [{ "cpu-temperature": "52" }], 52],
    [
      "version 7, a row each",
      [
        { name: "cpu-temperature", value: "52" },
        { name: "temperature", value: "41" },
      ],
      41,
    ],
    ["no sensor", [{ name: "voltage", value: "24.1" }], undefined],
    ["nonsense", [{ name: "temperature", value: "999" }], undefined],
  ];
  for (const [what, health, celsius] of table)
    test(what, () => assert.equal(factsOf({ health: health ?? [] }).temperatureC, celsius));
});

suite("the way out", () => {
  const leased = { interface: "ether1", status: "bound", address: "198.51.100.20/24" };
  const dialled = { name: "pppoe-out1", type: "pppoe-out", running: "true" };
  const dialledIp = [{ interface: "pppoe-out1", address: "203.0.113.7/32" }];
  const table: readonly (readonly [string, Tables, RouterFacts["wan"]])[] = [
    [
      "a leased address",
      { interfaces: [ether1], dhcpClients: [leased] },
      { interface: "ether1", up: true, ip: "198.51.100.20" },
    ],
    [
      "nobody gives an address",
      { interfaces: [ether1], dhcpClients: [{ interface: "ether1", status: "searching..." }] },
      { interface: "ether1", up: false },
    ],
    [
      "the cable is out",
      { interfaces: [{ ...ether1, running: "false" }], dhcpClients: [leased] },
      { interface: "ether1", up: false },
    ],
    [
      "a session",
      { interfaces: [ether1, dialled], addresses: dialledIp },
      { interface: "pppoe-out1", up: true, ip: "203.0.113.7" },
    ],
    [
      "a session that is down",
      { interfaces: [{ ...dialled, running: "false" }] },
      { interface: "pppoe-out1", up: false },
    ],
    [
      "a session that is down beside a leased address",
      { interfaces: [ether1, { ...dialled, running: "false" }], dhcpClients: [leased] },
      { interface: "ether1", up: true, ip: "198.51.100.20" },
    ],
    [
      "an address set by hand on an interface of the list WAN",
      {
        interfaces: [ether1],
        interfaceLists: [{ list: "WAN", interface: "ether1" }],
        addresses: [{ interface: "ether1", address: "198.51.100.9/24" }],
      },
      { interface: "ether1", up: true, ip: "198.51.100.9" },
    ],
    [
      "a leased address for television only",
      { interfaces: [ether1], dhcpClients: [{ ...leased, "add-default-route": "no" }] },
      undefined,
    ],
    [
      "an access point that bridges has none",
      { interfaces: [ether1, bridge], dhcpClients: [{ ...leased, interface: "bridge" }] },
      undefined,
    ],
  ];
  for (const [what, tables, wan] of table) test(what, () => assert.deepEqual(factsOf(tables).wan, wan));
});
