import assert from "node:assert/strict";
import { test } from "node:test";
import { localTime } from "../../../src/lib/clock.ts";
import type { DomainEvent } from "../../../src/model/view.ts";
import { eventLine } from "../../../src/sinks/evidence/event-line.ts";

const at = Date.UTC(2026, 0, 15, 12, 34, 56);
const phone = { mac: "aa:bb:cc:dd:ee:ff", name: "Johns-iPhone", ip: "10.0.1.100" };
const onMesh = { router: "Alien", access_point: "Attic", main: false, mesh_points: 1, kind: "amplifi" };
const onMain = { ...onMesh, access_point: "Alien", main: true };
const wifi = { band: "2.4", network: "user", link: "wifi", interval: 10 };

function line(event_type: DomainEvent["event_type"], fields: DomainEvent["fields"], text = "Some text."): string {
  return eventLine({ event_type, at, text, fields }).replace(localTime(at), "<time>");
}

test("joins and leaves have the older tool's form", () => {
  const table: readonly (readonly [DomainEvent["event_type"], DomainEvent["fields"], string])[] = [
    [
      "device_joined",
      { ...phone, ...onMain, ...wifi },
      "Main 2.4GHz U: Wifi device Johns-iPhone (10.0.1.100) joined @ <time> +-10s",
    ],
    [
      "device_left",
      { ...phone, ...onMesh, ...wifi },
      "Mesh 2.4GHz U: Wifi device Johns-iPhone (10.0.1.100) left @ <time> +-10s",
    ],
    [
      "device_joined",
      { ...phone, ...onMesh, ...wifi, mesh_points: 2, band: "5", network: "guest" },
      "Mesh[Attic] 5GHz G: Wifi device Johns-iPhone (10.0.1.100) joined @ <time> +-10s",
    ],
    [
      "device_moved",
      { ...phone, ...onMain, ...wifi, network: "device", from: "Attic" },
      "Main 2.4GHz DS: Wifi device Johns-iPhone (10.0.1.100) moved from Attic @ <time> +-10s",
    ],
    [
      "device_joined",
      { ...phone, ...onMain, link: "wired", network: "user", interval: 10 },
      "Main U: Ethernet device Johns-iPhone (10.0.1.100) joined @ <time> +-10s",
    ],
    [
      "device_joined",
      { ...phone, router: "Hex", access_point: "Hex", main: true, mesh_points: 0, kind: "routeros", ...wifi },
      "Hex 2.4GHz U: Wifi device Johns-iPhone (10.0.1.100) joined @ <time> +-10s",
    ],
    ["device_left", { mac: phone.mac }, "LAN device aa:bb:cc:dd:ee:ff left @ <time>"],
  ];
  for (const [type, fields, expected] of table) assert.equal(line(type, fields), expected);
});

test("poor signal is told in percent or in dBm, as the router says it", () => {
  const fields = { ...phone, ...onMain, ...wifi, band: "5" };
  assert.equal(
    line("poor_signal", { ...fields, quality: 47 }),
    "Main 5GHz U: Wifi device Johns-iPhone has poor signal quality 47 @ <time>",
  );
  assert.equal(
    line("poor_signal", { ...fields, dbm: -81 }),
    "Main 5GHz U: Wifi device Johns-iPhone has poor signal -81 dBm @ <time>",
  );
});

test("who uses the line up is told in gigabytes, by direction", () => {
  const fields = { ...phone, ...onMain, ...wifi, band: "5", seconds: 60 };
  assert.equal(
    line("bandwidth_hog", { ...fields, direction: "down", megabytes: 848.4 }),
    "Main 5GHz U: Wifi device Johns-iPhone is slamming the downstream with 0.8484 GBRx/60s @ <time>",
  );
  assert.equal(
    line("bandwidth_hog", { ...fields, direction: "up", megabytes: 61 }),
    "Main 5GHz U: Wifi device Johns-iPhone is slamming the upstream with 0.0610 GBTx/60s @ <time>",
  );
});

test("every other event is its sentence and its time", () => {
  assert.equal(line("outage_started", {}, "The Internet is down."), "The Internet is down @ <time>");
});

test("a name stays on its line", () => {
  const name = `a\nMain 5GHz U: Wifi device b\u001b[31m\u2028c${"x".repeat(1_000)}`;
  const told = line("device_joined", { ...phone, ...onMain, ...wifi, name });
  assert.doesNotMatch(told, /[\p{Cc}\u2028]/u);
  assert.ok(told.length < 400);
  assert.match(line("router_lost", {}, "gone\r\nreally"), /^gone really @ <time>$/);
});
