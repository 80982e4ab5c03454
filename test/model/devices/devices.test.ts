import assert from "node:assert/strict";
import { test } from "node:test";
import { client, Home, laptop, phone, router } from "./home.ts";

const randomA = "a2:00:00:00:00:0a";
const randomB = "a2:00:00:00:00:0b";

test("a name comes from the best origin that gives one, and says which", () => {
  const home = new Home([router("alien")], { known: [{ macs: ["3c:00:00:00:00:09"], name: "Config" }] });
  const named = (mac: string, more = {}) => {
    home.read("alien", [client(mac, more)]);
    const { name, nameOrigin } = home.device(mac);
    return [name, nameOrigin];
  };
  assert.deepEqual(named(phone), [phone, "mac"]);
  assert.deepEqual(named(laptop), ["Acme 00:00:02", "vendor"]);
  assert.deepEqual(named(laptop, { hostname: "host" }), ["host", "dhcp"]);
  assert.deepEqual(named(laptop, { hostname: "host", description: "Desk" }), ["Desk", "router"]);
  assert.deepEqual(named("3c:00:00:00:00:09", { description: "Desk" }), ["Config", "config"]);
  home.command({ name: "acknowledge", mac: "3c:00:00:00:00:09", deviceName: "Mine" });
  assert.deepEqual(
    [home.device("3c:00:00:00:00:09").name, home.device("3c:00:00:00:00:09").nameOrigin],
    ["Mine", "user"],
  );
});

test("whatever a device calls itself, its name is one short line that reads as it is written", () => {
  const home = new Home([router("alien")]);
  home.read("alien", [client(phone, { hostname: `evil\u202egpj\n\u0007${"x".repeat(500)}` })]);
  const { name } = home.device(phone);
  assert.match(name, /^evil gpj x+…$/);
  assert.equal(name.length, 64);
});

test("a device keeps the slug of its name at first sight, and no two are alike", () => {
  const home = new Home([router("alien")]);
  home.read("alien", [client(phone, { hostname: "Phone" }), client(laptop, { hostname: "phone" })]);
  assert.deepEqual([home.device(phone).slug, home.device(laptop).slug], ["phone", "phone_2"]);
  home.read("alien", [client(phone, { hostname: "Other" }), client(laptop, { hostname: "phone" })]);
  assert.equal(home.device(phone).slug, "phone");
  home.restart(5);
  assert.equal(home.device(laptop).slug, "phone_2");
});

test("an unknown device is told once for good: not again on return, after a restart, or with another address", () => {
  const home = new Home([router("alien")], { known: [{ macs: [laptop], name: "Laptop" }] });
  home.read("alien", [client(phone, { hostname: "X", ip: "10.0.0.5" }), client(laptop)]);
  for (const clients of [[], [], [client(phone, { ip: "10.0.0.6" })]]) {
    home.wait(10);
    home.read("alien", clients);
  }
  home.restart(90_000);
  home.read("alien", [client(phone)]);
  const told = home.told("unknown_device");
  assert.equal(told.length, 1);
  const { mac, name, ip, random_mac } = told[0]?.fields ?? {};
  assert.deepEqual({ mac, name, ip, random_mac }, { mac: phone, name: "X", ip: "10.0.0.5", random_mac: true });
  assert.equal(home.view.unknownDevices, 1);
});

test("a home full of strangers is not told one by one at the first look, but whoever comes later is", () => {
  const home = new Home([router("alien")]);
  const many = Array.from({ length: 40 }, (_, index) => client(`3c:00:00:00:01:${(index + 16).toString(16)}`));
  home.read("alien", many);
  assert.deepEqual(home.told("unknown_device"), []);
  assert.equal(home.view.unknownDevices, 40);
  home.wait(10);
  home.read("alien", [...many, client(phone)]);
  assert.deepEqual(
    home.told("unknown_device").map(({ fields }) => fields["mac"]),
    [phone],
  );
});

test("an acknowledged device is known, also after a restart", () => {
  const home = new Home([router("alien")]);
  home.read("alien", [client(phone)]);
  home.command({ name: "acknowledge", mac: phone, deviceName: "Anna's phone" });
  assert.deepEqual(
    [home.device(phone).known, home.device(phone).name, home.view.unknownDevices],
    [true, "Anna's phone", 0],
  );
  home.restart(5);
  assert.deepEqual([home.device(phone).known, home.device(phone).name], [true, "Anna's phone"]);
});

test("an ignored device is gone without a trace and stays away, until it is acknowledged", () => {
  const home = new Home([router("alien")]);
  home.read("alien", [client(phone, { hostname: "Phone" })]);
  home.command({ name: "ignore", mac: phone });
  assert.deepEqual(home.view.devices, []);
  const told = home.told().length;
  home.wait(10);
  home.read("alien", [client(phone)]);
  assert.deepEqual(home.view.devices, []);
  assert.equal(home.told().length, told);
  assert.deepEqual(home.view.ignored, [{ mac: phone, name: "Phone" }]);
  home.restart(5);
  home.read("alien", [client(phone)]);
  assert.deepEqual(home.view.devices, []);
  home.command({ name: "acknowledge", mac: phone });
  home.read("alien", [client(phone)]);
  assert.equal(home.view.devices.length, 1);
  assert.deepEqual(home.view.ignored, []);
});

test("devices are left out by description, host name or MAC, by a part or a glob, also when the name comes later", () => {
  const home = new Home([router("alien")], { ignore: ["Printer", "guest-*", "3C:00:00:00:00:02", "*cam"] });
  const clients = [
    client("a2:00:00:00:00:11", { description: "Office printer 2" }),
    client("a2:00:00:00:00:12", { hostname: "GUEST-7" }),
    client("a2:00:00:00:00:13", { hostname: "no-guest-7" }),
    client(laptop),
    client("a2:00:00:00:00:14", { hostname: "doorcam" }),
    client("a2:00:00:00:00:15", { hostname: "camera" }),
  ];
  home.read("alien", clients);
  assert.deepEqual(
    home.view.devices.map(({ name }) => name),
    ["no-guest-7", "camera"],
  );
  home.read("alien", [client("a2:00:00:00:00:15", { hostname: "camera", description: "Garden cam" })]);
  assert.deepEqual(
    home.view.devices.map(({ name }) => name),
    ["no-guest-7"],
  );
  assert.equal(home.told("unknown_device").length, 2);
});

test("what one source names to be left out is left out for all, until that source names it otherwise", () => {
  const home = new Home([router("attic"), router("hex")], { ignore: ["cam"] });
  const camera = (hostname?: string) => client(laptop, hostname === undefined ? {} : { hostname });
  home.read("attic", [camera("quiet-cam")]);
  home.read("hex", [camera()]);
  home.restart(60);
  home.read("hex", [camera()]);
  assert.deepEqual(home.view.devices, []);
  assert.deepEqual(home.told(), []);
  home.read("attic", [camera("desk")]);
  assert.equal(home.device(laptop).name, "desk");
});

test("a device that the configuration leaves out since the last run is not restored", () => {
  const home = new Home([router("alien")]);
  home.read("alien", [client(phone, { hostname: "Phone" })]);
  home.restart(60, home.settings.sources, { ignore: ["phone"] });
  assert.deepEqual([...home.view.devices, ...home.view.unseen], []);
});

test("MACs that the configuration names together are one device", () => {
  const home = new Home([router("alien"), router("hex")], { known: [{ macs: [laptop, phone], name: "Both" }] });
  home.read("alien", [client(phone)]);
  home.read("hex", [client(laptop)]);
  assert.deepEqual(
    home.view.devices.map(({ mac, macs, name }) => [mac, macs, name]),
    [[laptop, [laptop, phone], "Both"]],
  );
  home.wait(10);
  home.read("alien", []);
  home.wait(10);
  home.read("alien", []);
  home.read("hex", [client(laptop)]);
  assert.equal(home.device(phone).connected, true);
  assert.deepEqual(home.told("device_left"), []);
});

test("a phone under two made-up addresses is suggested as one device, with reasons; joined it is one, parted two", () => {
  const home = new Home([router("alien")]);
  home.read("alien", [client(randomA, { hostname: "Annas-Phone", ip: "10.0.0.5" })]);
  for (let poll = 0; poll < 3; poll += 1) {
    home.wait(10);
    home.read("alien", []);
  }
  home.wait(60);
  home.read("alien", [client(randomB, { hostname: "annas-phone", ip: "10.0.0.5" })]);
  home.wait(60);
  home.read("alien", [client(randomB, { hostname: "annas-phone", ip: "10.0.0.5" })]);
  assert.deepEqual(home.view.suggestions, [
    {
      macs: [randomA, randomB],
      names: ["Annas-Phone", "annas-phone"],
      reasons: [
        'same host name "Annas-Phone"',
        "never connected at the same time",
        "both addresses are made up by the device",
        "both had the address 10.0.0.5",
      ],
    },
  ]);
  home.command({ name: "join", macs: [randomA, randomB], deviceName: "Anna" });
  assert.deepEqual(home.view.suggestions, []);
  assert.deepEqual(
    home.view.devices.map(({ macs, name, connected }) => [macs, name, connected]),
    [[[randomA, randomB], "Anna", true]],
  );
  home.restart(5);
  home.read("alien", [client(randomA, { hostname: "Annas-Phone" })]);
  assert.equal(home.view.devices.length, 1);
  home.command({ name: "join", macs: [randomB] });
  assert.deepEqual(
    home.view.devices.map(({ macs }) => macs),
    [[randomA], [randomB]],
  );
});

test("two phones of one name that were connected at the same time are never suggested as one", () => {
  const home = new Home([router("alien")]);
  const both = [client(randomA, { hostname: "Galaxy" }), client(randomB, { hostname: "Galaxy" })];
  home.read("alien", both);
  for (let poll = 0; poll < 20; poll += 1) {
    home.wait(10);
    home.read("alien", both.slice(0, 1));
  }
  assert.deepEqual(home.view.suggestions, []);
});

test("an unknown device that is like a known one says so", () => {
  const home = new Home([router("alien")], { known: [{ macs: [randomA], name: "Anna" }] });
  home.read("alien", [client(randomA, { hostname: "Annas-Phone" })]);
  for (const clients of [[], [], [], [client(randomB, { hostname: "annas-phone" })]]) {
    home.wait(10);
    home.read("alien", clients);
  }
  assert.equal(home.told("unknown_device")[0]?.fields["maybe"], "Anna");
});

test("a router and its mesh points are nobody's clients", () => {
  const home = new Home([router("alien"), router("hex")]);
  const meshPoints = [{ mac: "60:00:00:00:00:02", name: "Attic", online: true }];
  home.read("alien", [], { router: { mac: "60:00:00:00:00:01", meshPoints } });
  home.read("hex", [client("60:00:00:00:00:01"), client("60:00:00:00:00:02"), client(laptop)]);
  assert.deepEqual(
    home.view.devices.map(({ mac }) => mac),
    [laptop],
  );
});

test("a device that was not seen for the time that is set is forgotten", () => {
  const home = new Home([router("alien")], { forgetAfterMs: 7_200_000 });
  home.read("alien", [client(phone), client(laptop)]);
  for (let poll = 0; poll < 200; poll += 1) {
    home.wait(60);
    home.read("alien", [client(laptop)]);
  }
  assert.deepEqual(
    home.view.devices.map(({ mac }) => mac),
    [laptop],
  );
});

test("the addresses that a device has had are kept, each with its time", () => {
  const home = new Home([router("alien")]);
  for (const ip of ["10.0.0.5", "10.0.0.6", "10.0.0.5"]) {
    home.read("alien", [client(phone, { ip })]);
    home.wait(10);
  }
  assert.deepEqual(
    home.device(phone).addresses.map(({ ip }) => ip),
    ["10.0.0.6", "10.0.0.5"],
  );
  assert.equal(home.device(phone).ip, "10.0.0.5");
});

test("a poll in which nothing changed leaves the very same view of each device", () => {
  const home = new Home([router("hex")]);
  const read = () =>
    home.read("hex", [
      client(laptop, { lease: { status: "bound", expiresInS: 600 - ((home.at / 1000) % 600), lastSeenS: 4 } }),
    ]);
  read();
  home.wait(10);
  read();
  const before = home.view.devices;
  home.wait(10);
  read();
  assert.equal(home.view.devices, before);
});
