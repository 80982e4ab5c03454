import assert from "node:assert/strict";
import { test } from "node:test";
import type { MeshPoint, RouterFacts } from "../../../src/model/devices/sighting.ts";
import { client, Home, phone, router } from "./home.ts";

const attic: MeshPoint = { mac: "60:00:00:00:00:02", name: "Attic", online: true, signalDbm: -60, uptimeS: 100 };

function read(home: Home, facts: RouterFacts): void {
  home.read("alien", [client(phone, { accessPoint: attic.mac })], {
    router: facts,
    accessPoints: [{ id: attic.mac, name: "Attic", main: false }],
  });
}

const types = (home: Home) => home.told().map(({ event_type: type, fields }) => [type, fields["name"] ?? fields["to"]]);

test("a router that was not asked yet is neither available nor lost", () => {
  const home = new Home([router("alien")]);
  assert.equal(home.view.routers.length, 1);
  assert.equal("available" in (home.view.routers[0] ?? {}), false);
  assert.equal(home.view.devicesOnline, undefined);
});

test("a mesh point that is lost is told once, and one poll without its figures is no loss", () => {
  const home = new Home([router("alien")], { known: [{ macs: [phone], name: "Phone" }] });
  const polls: readonly (readonly MeshPoint[])[] = [
    [attic],
    [],
    [attic],
    [{ ...attic, online: false }],
    [],
    [],
    [attic],
  ];
  for (const meshPoints of polls) {
    read(home, { meshPoints });
    home.wait(10);
  }
  assert.deepEqual(types(home), [
    ["mesh_lost", "Attic"],
    ["mesh_back", "Attic"],
  ]);
});

test("a mesh point that is down from the start is shown as such, and is not told as a loss", () => {
  const home = new Home([router("alien")], { known: [{ macs: [phone], name: "Phone" }] });
  for (let poll = 0; poll < 3; poll += 1) read(home, { meshPoints: [{ ...attic, online: false }] });
  assert.equal(home.view.meshPoints[0]?.online, false);
  assert.deepEqual(types(home), []);
});

test("the clients of a router and of its mesh points are counted where they are", () => {
  const home = new Home([router("alien")]);
  read(home, { meshPoints: [attic] });
  assert.deepEqual([home.view.routers[0]?.clients, home.view.meshPoints[0]?.clients], [0, 1]);
  assert.equal(home.view.devicesOnline, 1);
});

test("a boot time stays the same while the uptime grows, and moves with a restart", () => {
  const home = new Home([router("alien")]);
  read(home, { uptimeS: 1_000, meshPoints: [attic] });
  const boot = home.view.routers[0]?.bootAt;
  assert.equal(boot, home.at - 1_000_000);
  home.wait(60);
  read(home, { uptimeS: 1_058, meshPoints: [{ ...attic, uptimeS: 161 }] });
  assert.equal(home.view.routers[0]?.bootAt, boot);
  home.wait(600);
  read(home, { uptimeS: 30, meshPoints: [attic] });
  assert.equal(home.view.routers[0]?.bootAt, home.at - 30_000);
});

test("rates of interfaces are over the measured time, and a counter that restarts gives none", () => {
  const home = new Home([router("alien")]);
  const port = (rxBytes: number) => ({ interfaces: [{ name: "ether1", rxBytes, txBytes: 0 }] });
  read(home, port(0));
  home.wait(8);
  read(home, port(10_000_000));
  assert.equal(home.view.routers[0]?.interfaces[0]?.rxBps, 10_000_000);
  home.wait(10);
  read(home, port(5));
  assert.equal(home.view.routers[0]?.interfaces[0]?.rxBps, undefined);
});

test("a new outside address is told, the first one is not, also after a restart", () => {
  const home = new Home([router("alien")], { known: [{ macs: [phone], name: "Phone" }] });
  read(home, { wan: { up: true, ip: "203.0.113.5" } });
  home.restart(60);
  read(home, { wan: { up: true, ip: "203.0.113.5" } });
  assert.deepEqual(types(home), []);
  read(home, { wan: { up: true, ip: "203.0.113.9" } });
  assert.deepEqual(types(home), [["external_ip_changed", "203.0.113.9"]]);
  assert.equal(home.view.externalIp, "203.0.113.9");
});

test("new firmware is told once, also over a restart", () => {
  const home = new Home([router("alien")], { known: [{ macs: [phone], name: "Phone" }] });
  const update = { installed: "7.15", latest: "7.16" };
  read(home, { update });
  home.restart(60);
  read(home, { update });
  read(home, { update: { installed: "7.16", latest: "7.16" } });
  assert.deepEqual(types(home), [["firmware_available", "Alien"]]);
});

test("a router that hangs without a word is lost all the same", () => {
  const home = new Home([router("alien")], { known: [{ macs: [phone], name: "Phone" }] });
  read(home, {});
  home.wait(130);
  assert.equal(home.view.routers[0]?.available, false);
  assert.deepEqual(types(home), [["router_lost", "Alien"]]);
});
