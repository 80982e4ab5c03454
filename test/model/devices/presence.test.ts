import assert from "node:assert/strict";
import { test } from "node:test";
import { client, Home, laptop, phone, reports, router } from "./home.ts";

const kinds = (home: Home) => home.told().map(({ event_type: type }) => type);

test("a client that is connected is at home, and its first sight is no arrival", () => {
  const home = new Home([router("alien")]);
  home.read("alien", [client(phone, { hostname: "Phone" })]);
  assert.equal(home.device(phone).connected, true);
  assert.equal(home.device(phone).presence, "home");
  assert.deepEqual(kinds(home), ["unknown_device"]);
});

test("a client that comes later joined, with where and how exactly the time is known", () => {
  const home = new Home([router("alien")]);
  home.read("alien", []);
  home.wait(10);
  home.read(
    "alien",
    [client(phone, { hostname: "Phone", ip: "10.0.0.5", band: "5", network: "user", accessPoint: "m1" })],
    {
      accessPoints: [{ id: "m1", name: "Attic", main: false }],
    },
  );
  const [joined] = home.told("device_joined");
  assert.equal(joined?.at, home.at);
  assert.equal(joined?.text, "Phone joined Attic");
  const { mac, name, ip, router: of, access_point, main, band, network, interval } = joined?.fields ?? {};
  assert.deepEqual(
    { mac, name, ip, of, access_point, main, band, network, interval },
    {
      mac: phone,
      name: "Phone",
      ip: "10.0.0.5",
      of: "Alien",
      access_point: "Attic",
      main: false,
      band: "5",
      network: "user",
      interval: 10,
    },
  );
});

test("a client that goes left at the first reading without it, and is away only after the time that is set", () => {
  const home = new Home([router("alien")], { awayAfterMs: 120_000 });
  home.read("alien", [client(phone)]);
  home.wait(10);
  home.read("alien", []);
  const missedAt = home.at;
  assert.equal(home.device(phone).connected, true, "one reading without it proves nothing");
  home.wait(10);
  home.read("alien", []);
  assert.equal(home.device(phone).connected, false);
  assert.equal(home.device(phone).presence, "home");
  assert.equal(home.told("device_left")[0]?.at, missedAt);
  home.wait(99);
  assert.equal(home.device(phone).presence, "home");
  home.wait(1);
  assert.equal(home.device(phone).presence, "not_home");
  assert.equal(home.told("left_home").length, 1);
});

test("who comes back is told as joined and arrived", () => {
  const home = new Home([router("alien")], { awayAfterMs: 20_000 });
  home.read("alien", [client(phone)]);
  for (let poll = 0; poll < 4; poll += 1) {
    home.wait(10);
    home.read("alien", []);
  }
  home.wait(10);
  home.read("alien", [client(phone)]);
  assert.deepEqual(kinds(home), ["unknown_device", "device_left", "left_home", "device_joined", "arrived_home"]);
});

test("a router that fails makes presence unknown, and tells nobody's leaving", () => {
  const home = new Home([router("alien")]);
  home.read("alien", [client(phone), client(laptop)]);
  home.wait(10);
  home.fail("alien");
  assert.equal(home.device(phone).presence, "home", "one failed poll is no evidence");
  home.wait(30);
  home.fail("alien");
  assert.equal(home.device(phone).presence, undefined);
  assert.equal(home.device(phone).connected, undefined);
  assert.equal(home.view.devicesOnline, undefined);
  home.wait(600);
  home.read("alien", [client(phone), client(laptop)]);
  assert.equal(home.device(phone).presence, "home");
  assert.deepEqual(home.told("device_left", "left_home", "device_joined", "arrived_home"), []);
  assert.deepEqual(
    home.told("router_lost", "router_back").map(({ fields }) => fields["reason"]),
    ["timeout", ""],
  );
});

test("a wrong password makes the router unavailable at once", () => {
  const home = new Home([router("alien")]);
  home.fail("alien", "auth");
  assert.equal(home.view.routers[0]?.available, false);
  assert.equal(home.view.routers[0]?.failure?.code, "auth");
});

test("a lease alone never makes a device: it is known, and was never seen", () => {
  const home = new Home([router("hex")]);
  home.read("hex", [client(laptop, { connected: false, lease: { status: "bound" } })]);
  assert.deepEqual(home.view.devices, []);
  assert.equal(home.device(laptop).lastSeen, 0);
  assert.deepEqual(home.told(), []);
});

test("who is listed without a sign of life is gone as one that is not listed", () => {
  const home = new Home([router("hex")]);
  home.read("hex", [client(laptop)]);
  for (let poll = 0; poll < 2; poll += 1) {
    home.wait(10);
    home.read("hex", [client(laptop, { connected: false, lease: { status: "bound" } })]);
  }
  assert.equal(home.device(laptop).connected, false);
});

test("a phone that roams between two routers never leaves, whichever is asked first", () => {
  for (const order of [
    ["hex", "alien"],
    ["alien", "hex"],
  ] as const) {
    const home = new Home([router("alien"), router("hex")]);
    let at = "alien";
    home.read("alien", [client(phone, { signalPercent: 80 })]);
    home.read("hex", []);
    for (let minute = 0; minute < 60; minute += 1) {
      at = minute % 2 === 0 ? "hex" : "alien";
      for (let poll = 0; poll < 6; poll += 1) {
        home.wait(5);
        home.read(order[0], order[0] === at ? [client(phone, { signalPercent: 80 })] : []);
        home.wait(5);
        home.read(order[1], order[1] === at ? [client(phone, { signalPercent: 80 })] : []);
      }
      assert.equal(home.device(phone).place?.source, at);
    }
    assert.deepEqual(home.told("device_left", "left_home", "device_joined"), []);
    assert.equal(home.told("device_moved").length, 60);
  }
});

test("a phone that no reading shows while it roams between mesh points never leaves", () => {
  const home = new Home([router("alien")]);
  const points = ["m1", "m2", "m3"];
  const accessPoints = points.map((id) => ({ id, name: id.toUpperCase(), main: false }));
  home.read("alien", [client(phone, { accessPoint: "m1" })], { accessPoints });
  for (let poll = 0; poll < 360; poll += 1) {
    home.wait(10);
    const point = points[Math.floor(poll / 3) % 3] ?? "m1";
    const isBetween = poll % 3 === 0;
    home.read("alien", isBetween ? [] : [client(phone, { accessPoint: point })], { accessPoints });
    if (!isBetween) assert.equal(home.device(phone).place?.accessPoint, point.toUpperCase());
    assert.equal(home.device(phone).connected, true);
  }
  assert.deepEqual(home.told("device_left", "device_joined"), []);
});

test("a phone seen by its access point and by the router behind is where its radio is", () => {
  const home = new Home([router("alien"), router("hex")]);
  home.read("hex", [client(phone, { link: "wired", interface: "ether3" })]);
  home.read("alien", [client(phone, { signalPercent: 70, accessPoint: "m1" })], {
    accessPoints: [{ id: "m1", name: "Attic", main: false }],
  });
  home.wait(5);
  home.read("hex", [client(phone, { link: "wired", interface: "ether3" })]);
  assert.equal(home.view.devices.length, 1);
  assert.equal(home.device(phone).place?.accessPoint, "Attic");
  assert.deepEqual(home.device(phone).sources, ["Hex", "Alien"]);
});

test("while the router that saw it last is lost, the other one's silence is no proof", () => {
  const home = new Home([router("alien"), router("hex")]);
  home.read("alien", [client(phone)]);
  home.read("hex", []);
  for (let poll = 0; poll < 6; poll += 1) {
    home.wait(10);
    home.fail("alien");
    home.read("hex", []);
  }
  assert.equal(home.device(phone).connected, undefined);
  assert.deepEqual(home.told("device_left"), []);
});

test("reports prove presence for a while; silence of the whole sender proves nothing", () => {
  const home = new Home([reports], { awayAfterMs: 180_000 });
  for (let each = 0; each < 30; each += 1) {
    home.report([client(phone), client(laptop)]);
    home.wait(10);
  }
  assert.equal(home.device(phone).connected, true);
  for (let each = 0; each < 7; each += 1) {
    home.report([client(laptop)]);
    home.wait(10);
  }
  assert.equal(home.device(phone).connected, false);
  assert.equal(home.device(laptop).connected, true);
  home.wait(200);
  assert.equal(home.device(laptop).connected, undefined);
  assert.equal(home.told("device_left").length, 1);
});

test("our own sleep is nobody's absence", () => {
  const home = new Home([router("alien"), reports]);
  home.read("alien", [client(phone)]);
  home.report([client(laptop)]);
  home.at += 8 * 3_600_000;
  home.tick(8 * 3_600_000, 8 * 3_600_000);
  assert.equal(home.device(phone).connected, true);
  home.wait(10);
  home.read("alien", [client(phone)]);
  home.report([client(laptop)]);
  home.wait(5);
  assert.deepEqual(home.told("device_left", "left_home", "router_lost"), []);
  assert.equal(home.device(laptop).connected, true);
});

test("after a restart everybody is where they were until the routers were asked", () => {
  const home = new Home([router("alien")]);
  home.read("alien", [client(phone), client(laptop)]);
  const before = home.told().length;
  home.restart(60);
  assert.equal(home.device(phone).presence, "home");
  home.wait(3);
  home.read("alien", [client(phone)]);
  assert.equal(home.told().length, before, "nobody joined, and one reading proves no leaving");
  home.wait(10);
  home.read("alien", [client(phone)]);
  assert.deepEqual(
    home
      .told()
      .slice(before)
      .map(({ event_type: type, fields }) => [type, fields["mac"]]),
    [["device_left", laptop]],
  );
});

test("after a restart without any answer presence becomes unknown", () => {
  const home = new Home([reports]);
  home.report([client(phone)]);
  home.restart(5);
  home.wait(60);
  assert.equal(home.device(phone).presence, "home");
  home.wait(120);
  assert.equal(home.device(phone).presence, undefined);
});

test("a device that only a router saw which is not configured any more is not waited for", () => {
  const home = new Home([router("alien"), router("hex")]);
  home.read("hex", [client(phone)]);
  home.read("alien", []);
  home.restart(60, [router("alien")]);
  home.wait(3);
  home.read("alien", []);
  assert.equal(home.device(phone).connected, false);
});

test("a client that a router's reports and its own page tell of has not moved", () => {
  const home = new Home([router("shed"), reports]);
  home.report([client(phone)], { id: "shed", name: "Shed" });
  home.read("shed", [client(phone)]);
  home.report([client(phone)], { id: "shed", name: "Shed" });
  assert.deepEqual(home.told("device_moved"), []);
});
