import assert from "node:assert/strict";
import { test } from "node:test";
import { createSubjects } from "../../src/entities/subjects.ts";
import { exampleMesh, exampleNetwork, exampleRouter, lostRouter, unreadRouter } from "../fakes/example-network.ts";
import { exampleView } from "../fakes/example-view.ts";
import { published } from "./published.ts";

const status = { topic: "netwarden/home/status" };

test("a router shows what it reports, its interfaces by name and disabled at first", () => {
  const shown = published({ routers: [exampleRouter()] });
  assert.deepEqual(shown.keys("router_hex"), [
    "reachable",
    "problem",
    "wan",
    "external_ip",
    "uptime",
    "cpu",
    "memory",
    "temperature",
    "clients",
    "firmware",
    "ether1_running",
    "ether1_rx_rate",
    "ether1_tx_rate",
    "wlan1_running",
    "wlan1_rx_rate",
    "wlan1_tx_rate",
  ]);
  assert.deepEqual(shown.disabled("router_hex"), shown.keys("router_hex").slice(10));
  const { uptime, ...state } = shown.state("router_hex");
  assert.equal(Date.parse(uptime), Date.UTC(2026, 10, 1, 6, 30));
  assert.deepEqual(state, {
    reachable: "ON",
    problem: "OFF",
    wan: "ON",
    external_ip: "198.51.100.7",
    cpu: 7,
    memory: 31,
    temperature: 41,
    clients: 3,
    firmware: { installed_version: "7.16.1", latest_version: "7.17" },
    ether1_running: "ON",
    ether1_rx_rate: 2.5,
    ether1_tx_rate: 0.31,
    wlan1_running: "OFF",
    wlan1_rx_rate: null,
    wlan1_tx_rate: null,
  });
  assert.deepEqual(shown.announcement("router_hex").device, {
    identifiers: ["netwarden_home_router_hex"],
    name: "Hex",
    manufacturer: "MikroTik",
    model: "RB750Gr3",
    sw_version: "7.16.1",
    serial_number: "ABC123",
    via_device: "netwarden_home_hub",
  });
});

test("what a router does not report has no entity; what it reported once keeps it", () => {
  const shown = published({ routers: [exampleRouter({ facts: { cpuPercent: 3 }, interfaces: [] })] });
  const { bootAt: _, ...booted } = exampleRouter({ facts: { cpuPercent: 3 }, interfaces: [] });
  assert.deepEqual(published({ routers: [booted] }).keys("router_hex"), ["reachable", "problem", "cpu", "clients"]);
  const warm = shown.next({ routers: [exampleRouter({ facts: { cpuPercent: 3, temperatureC: 40 }, interfaces: [] })] });
  assert.ok(warm.keys("router_hex").includes("temperature"));
  const silent = shown.next({ routers: [exampleRouter({ facts: { cpuPercent: 3 }, interfaces: [] })] });
  assert.equal(silent.state("router_hex").temperature, null);
});

test("the entities of a router are the same objects until it reports something new", () => {
  const show = createSubjects("tracker");
  const rows = (router: ReturnType<typeof exampleRouter>) =>
    show(exampleView({ network: exampleNetwork({ routers: [router] }) })).subjects[1]?.rows;
  const first = rows(exampleRouter());
  assert.equal(rows(exampleRouter({ interfaces: exampleRouter().interfaces.toReversed() })), first);
  assert.equal(rows(exampleRouter({ interfaces: [] })), first, "an interface that is gone for a while");
  assert.notEqual(rows(exampleRouter({ interfaces: [{ slug: "new", name: "new", running: true }] })), first);
});

test("interfaces without end do not become entities without end", () => {
  const interfaces = Array.from({ length: 1_000 }, (_, n) => ({ slug: `ppp${n}`, name: `ppp${n}`, running: true }));
  const shown = published({ routers: [exampleRouter({ interfaces })] });
  const more = shown.next({ routers: [exampleRouter({ interfaces: [{ slug: "x", name: "x", running: true }] })] });
  assert.equal(more.keys("router_hex").filter((key) => key.endsWith("_running")).length, 64);
});

test("a router that can't be read is unavailable, but for whether it answers and what is wrong", () => {
  const lost = published({ routers: [lostRouter()] });
  assert.equal(lost.availability("router_hex"), "offline");
  assert.equal(lost.state("router_hex").reachable, "OFF");
  assert.equal(lost.state("router_hex").problem, null);
  assert.equal(lost.attributes("router_hex").reason, "timeout");
  const { availability, availability_mode, components } = lost.announcement("router_hex");
  assert.deepEqual(availability, [status, { topic: "netwarden/home/router_hex/availability" }]);
  assert.equal(availability_mode, "all");
  assert.deepEqual(components["reachable"]?.availability, [status]);
  assert.deepEqual(components["problem"]?.availability, [status]);
  assert.equal(components["cpu"]?.availability, undefined);
});

test("a router that refuses the password answers, and has a problem with its reason", () => {
  const shown = published({ routers: [lostRouter({ code: "auth", message: "Hex refuses the password" })] });
  assert.equal(shown.state("router_hex").reachable, "ON");
  assert.equal(shown.state("router_hex").problem, "ON");
  assert.deepEqual(
    [shown.attributes("router_hex").reason, shown.attributes("router_hex").message],
    ["auth", "Hex refuses the password"],
  );
  const well = shown.next({ routers: [exampleRouter()] });
  assert.deepEqual(well.attributes("router_hex"), { reason: null, message: null, since: null });
  assert.notEqual(well.fingerprint("router_hex"), shown.fingerprint("router_hex"));
});

test("a router that fails now in this way, now in that, is no news each time", () => {
  const shown = published({ routers: [lostRouter()] });
  const other = shown.next({ routers: [lostRouter({ code: "unreachable", message: "no way there" })] });
  assert.equal(other.fingerprint("router_hex"), shown.fingerprint("router_hex"));
});

test("offline is said before the states, online after them", () => {
  const order = (router: ReturnType<typeof exampleRouter>) =>
    [...published({ routers: [router] }).topics.keys()]
      .filter((topic) => topic.includes("/router_hex/"))
      .map((topic) => topic.split("/").at(-1));
  assert.deepEqual(order(lostRouter()), ["availability", "attributes", "state"]);
  assert.deepEqual(order(exampleRouter()), ["attributes", "state", "availability"]);
});

test("a failed poll that the router is not given up for yet changes nothing", () => {
  const shown = published({ routers: [exampleRouter()] });
  const failure = { code: "protocol" as const, message: "cut in the middle", since: 0 };
  const failed = shown.next({ routers: [exampleRouter({ failure })] });
  assert.deepEqual(failed.state("router_hex"), shown.state("router_hex"));
  assert.deepEqual(failed.attributes("router_hex"), shown.attributes("router_hex"));
  assert.equal(failed.availability("router_hex"), "online");
});

test("a router that was not read yet is provisional, and more mesh points may come", () => {
  const show = createSubjects("tracker");
  const of = (router: ReturnType<typeof unreadRouter>) =>
    show(exampleView({ network: exampleNetwork({ routers: [router] }) }));
  const unread = of(unreadRouter());
  assert.equal(unread.mayHaveMoreMesh, true);
  assert.equal(unread.subjects[1]?.provisional, true);
  assert.equal(unread.subjects[1]?.available, false);
  const failed = of(unreadRouter({ available: false, failure: { code: "timeout", message: "", since: 0 } }));
  assert.equal(failed.mayHaveMoreMesh, true);
  const read = of(exampleRouter());
  assert.equal(read.mayHaveMoreMesh, false);
  assert.equal(read.subjects[1]?.provisional, undefined);
  assert.equal(of(lostRouter()).mayHaveMoreMesh, false, "what it said last is known");
});

test("a mesh point hangs on its router and follows it", () => {
  const shown = published({ routers: [exampleRouter()], meshPoints: [exampleMesh()] });
  const id = "mesh_0a0b0c0d0e0f";
  assert.deepEqual(shown.keys(id), [
    "online",
    "backhaul_signal",
    "backhaul_rate",
    "backhaul_band",
    "uplink",
    "clients",
    "uptime",
  ]);
  assert.deepEqual(shown.disabled(id), ["backhaul_rate"]);
  assert.deepEqual(
    { ...shown.state(id), uptime: "" },
    {
      online: "ON",
      backhaul_signal: -61,
      backhaul_rate: 867,
      backhaul_band: "5 GHz",
      uplink: "Alien",
      clients: 2,
      uptime: "",
    },
  );
  assert.equal(shown.announcement(id).device["via_device"], "netwarden_home_router_hex");
  assert.equal(shown.availability(id), "online");
  const without = shown.next({ routers: [lostRouter()], meshPoints: [exampleMesh({ available: false })] });
  assert.equal(without.availability(id), "offline");
});

test("of a lost mesh point nothing is known but that it is lost", () => {
  const shown = published({ meshPoints: [exampleMesh()] }).next({ meshPoints: [exampleMesh({ online: false })] });
  const { online, ...rest } = shown.state("mesh_0a0b0c0d0e0f");
  assert.equal(online, "OFF");
  assert.deepEqual(new Set(Object.values(rest)), new Set([null]));
  assert.equal(shown.availability("mesh_0a0b0c0d0e0f"), "online");
});
