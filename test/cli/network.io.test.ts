import "./own-network.ts";
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, suite, test } from "node:test";
import { systemClock, utcTime } from "../../src/lib/clock.ts";
import type { DeviceView } from "../../src/model/devices/view.ts";
import { type FakeAmplifi, startAmplifi } from "../fakes/amplifi/amplifi.ts";
import { type FakeDdwrt, startDdwrt } from "../fakes/ddwrt/server.ts";
import { type FakeRouter, startFakeRouter } from "../fakes/routeros/router.ts";
import { eventually } from "../ha/eventually.ts";
import { createHouse, type House, quiet } from "./network-program.ts";

const phone = { mac: "a2:11:22:33:44:01", hostname: "Annas-Phone", ip: "192.168.88.21" };
const desk = { mac: "3c:11:22:33:44:02", hostname: "desk", ip: "192.168.88.22" };
const camera = "3c:11:22:33:44:09";

let house: House;
beforeEach(() => {
  house = createHouse();
});
afterEach(async () => await house.close());

const withData = (...args: string[]) => ["--data", "data", ...args];

suite("the commands about three routers", () => {
  let alien: FakeAmplifi;
  let hex: FakeRouter;
  let shed: FakeDdwrt;
  let routers: string;

  before(async () => {
    alien = await startAmplifi({ password: "alien's secret" });
    hex = await startFakeRouter({ password: "hex's secret" });
    shed = await startDdwrt({ password: "shed's secret" });
    alien.network.join(phone, { at: alien.network.router.mac, band: "5 GHz", quality: 90 });
    hex.home.come({ mac: desk.mac, ip: desk.ip, name: desk.hostname }, "ether2");
    shed.house.join(camera, { name: 'cam "1", hall', ip: "192.168.88.40" });
    routers = [
      "routers:",
      `  - { kind: amplifi, name: Alien, host: "${alien.host}", password: alien's secret, interval: 1 }`,
      `  - { kind: routeros, name: Hex, host: "${hex.host}", username: ${hex.user}, password: hex's secret, tls: off, interval: 1 }`,
      `  - { kind: ddwrt, name: Shed, host: "${shed.host}", password: shed's secret, interval: 1 }`,
      `known: ["${desk.mac}|Desk"]`,
    ].join("\n");
  });
  after(async () => await Promise.all([alien.close(), hex.close(), shed.close()]));

  test("devices shows what a running monitor has recorded: as a table, as CSV and as JSON", async () => {
    const monitor = await house.start(routers);
    const list = async (...options: string[]) =>
      await house.run(["--config", "netwarden.yaml", ...withData("devices", ...options)]);
    const all = await eventually("three devices are recorded", async () => {
      const { out } = await list("--json");
      const devices = JSON.parse(out) as readonly DeviceView[];
      return devices.length === 3 && devices;
    });
    assert.deepEqual(all.map(({ name }) => name).sort(), ["Annas-Phone", "Desk", 'cam "1", hall']);

    const table = await list();
    assert.deepEqual([table.code, table.err], [0, ""]);
    const [header = "", ...rows] = table.out.split("\n");
    assert.match(header, /^Name +MAC +IP +Now +Where +First seen +Last seen +0h {4}6h {4}12h {3}18h$/);
    const row = rows.find((line) => line.startsWith("Annas-Phone"));
    assert.match(row ?? "", /a2:11:22:33:44:01 +192\.168\.88\.21 +here +Alien.*, 5 GHz +.* [.1-9*]{24}$/);
    assert.match((row ?? "").slice(-24), /^\.*[12]{1,2}\.*$/);
    assert.match(table.out, /\n3 devices, 3 connected\n$/);

    const csv = await list("--csv");
    assert.match(csv.out, /^mac,name,received_bytes,sent_bytes,ip,.*\r\n/);
    assert.ok(csv.out.includes(`${camera},"cam ""1"", hall",`), csv.out);
    assert.equal((await list("--csv", "--json")).code, 2);

    assert.equal(await monitor.stop(), 0);
    assert.equal((await list()).out.split("\n").length, table.out.split("\n").length);
  });

  test("source prints what each kind of router says, in our words and in its own", async () => {
    house.file("netwarden.yaml", `${quiet}\n${routers}\n`);
    for (const [name, mac, own] of [
      ["Alien", phone.mac, /Annas-Phone/],
      ["hex", desk.mac, /\/ip\/arp/],
      ["SHED", camera, /Status_Lan\.live\.asp/],
    ] as const) {
      const made = await house.run(["source", name]);
      assert.deepEqual([made.code, made.err], [0, ""], name);
      const { clients } = JSON.parse(made.out) as { readonly clients: readonly { readonly mac: string }[] };
      assert.ok(
        clients.some((client) => client.mac === mac),
        made.out,
      );
      const raw = await house.run(["source", name, "--raw"]);
      assert.equal(raw.code, 0, raw.err);
      assert.match(raw.out, own);
      assert.doesNotMatch(made.out + raw.out, /'s secret/);
    }
  });

  test("source names the routers where there is no such one, and says what a wrong password is without repeating it", async () => {
    house.file("netwarden.yaml", `${quiet}\n${routers.replaceAll("'s secret", "'s wrong one")}\n`);
    const none = await house.run(["source", "Cellar"]);
    assert.equal(none.code, 2);
    assert.match(none.err, /no such router.*\n {2}Alien \(alien\)\n {2}Hex \(hex\)\n {2}Shed \(shed\)\n/);
    for (const name of ["Alien", "Hex", "Shed"]) {
      const { code, out, err } = await house.run(["source", name]);
      assert.deepEqual([code, out], [3, ""], name);
      assert.match(err, new RegExp(`^${name} .*password.*\\(auth\\)\n$`));
      assert.doesNotMatch(err, /wrong one/);
    }
    house.file("netwarden.yaml", quiet);
    assert.match((await house.run(["source", "Alien"])).err, /no router in the configuration/);
  });
});

test("devices without a history says what to do, whether the folder is missing or something else", async () => {
  const missing = await house.run(withData("devices"));
  assert.deepEqual([missing.code, missing.out], [3, ""]);
  assert.match(
    missing.err,
    /netwarden\.db does not exist: start the monitor first, or name its data directory with --data\n$/,
  );
  assert.equal(existsSync(join(house.dir, "data")), false);
  mkdirSync(join(house.dir, "data"));
  house.file("data/netwarden.db", "no database at all, but long enough to be looked at ".repeat(40));
  const damaged = await house.run(withData("devices"));
  assert.equal(damaged.code, 3);
  assert.match(damaged.err, /is damaged/);
  assert.ok(house.read("data/netwarden.db").startsWith("no database"));
});

const yesterday = utcTime(systemClock.now() - 86_400_000)
  .slice(0, 10)
  .replaceAll("-", "");
const tracker = `mac               name    ip              iface date     time last active-hours
22:22:22:22:22:22 pc      192.0.2.4       br0   ${yesterday} 1031 1231 ..........1.9...........
33:33:33:33:33:33 unknown 192.0.2.5       br0   ${yesterday} 1031 1031 ..........1.............
`;
const logs = (folder: string) => {
  mkdirSync(join(house.dir, folder), { recursive: true });
  house.file(`${folder}/macupd_tracker.${yesterday}.log`, tracker);
};

test("report macupd makes the page of a folder, or of the evidence folder", async () => {
  logs("old");
  const { code, out, err } = await house.run(["report", "macupd", "old"]);
  assert.equal(code, 0);
  assert.match(out, /22:22:22:22:22:22 pc\n/);
  assert.match(err, /^written: .*old\/macupd_report\.html\n$/);
  assert.match(house.read("old/macupd_report.html"), /22:22:22:22:22:22/);
  logs("data/evidence");
  assert.equal((await house.run(withData("report", "macupd"))).code, 0);
  assert.ok(existsSync(join(house.dir, "data/evidence/macupd_report.html")));
  const none = await house.run(["report", "macupd", "nowhere"]);
  assert.equal(none.code, 2);
  assert.match(none.err, /nowhere can't be read/);
});

test("macupd's settings are printed, or go into the configuration, whose comments stay", async () => {
  const conf = house.file("tracker.conf", "[udp]\nHOST=0.0.0.0\nPORT=2057 # ours\n[macs]\n22:22:22:22:22:22 | pc\n");
  const printed = await house.run(["import", "macupd-conf", conf]);
  assert.equal(printed.code, 0);
  assert.equal(
    printed.out,
    "macupd:\n  enabled: true\n  host: 0.0.0.0\n  port: 2057\nknown:\n  - 22:22:22:22:22:22|pc\n",
  );
  const before = `# my home\nsite: cabin # small\nknown:\n  # the big one\n  - "11:22:33:44:55:66|Laptop"\n`;
  const config = house.file("netwarden.yaml", before);
  const unnamed = await house.run(["import", "macupd-conf", conf, "--write"]);
  assert.equal(unnamed.code, 2);
  assert.match(unnamed.err, /--write needs --config FILE/);
  const written = await house.run(["--config", config, "import", "macupd-conf", conf, "--write"]);
  assert.equal(written.code, 0, written.err);
  const after = house.read("netwarden.yaml");
  assert.ok(after.startsWith(`${before}  - 22:22:22:22:22:22|pc\n`), after);
  assert.match(after, /macupd:\n {2}enabled: true\n/);
  assert.equal(house.read("netwarden.yaml.bak"), before);
  assert.equal((await house.run(["--config", config, "config", "validate"])).code, 0);
});

test("an older monitor's access to a MikroTik comes in, and its password is shown to nobody who did not ask", async () => {
  const json = house.file("config.json", '{"MIKROTIK_HOST":"192.0.2.1","MIKROTIK_USER":"api","MIKROTIK_PASS":"hush!"}');
  const config = house.file("netwarden.yaml", "site: cabin # small\n");
  const { code, out, err } = await house.run(["--config", config, "import", "mikrotik-config", json, "--write"]);
  assert.equal(code, 0);
  assert.doesNotMatch(out + err, /hush/);
  assert.match(
    house.read("netwarden.yaml"),
    /^site: cabin # small\nrouters:\n {2}- kind: routeros\n[\s\S]*password: hush!/,
  );
  assert.equal((await house.run(["--config", config, "config", "validate"])).code, 0);
});

test("a file that is wrong ends with 2, its line is named, and nothing is written", async () => {
  const config = house.file("netwarden.yaml", "site: cabin\n");
  for (const [kind, name, text, told] of [
    ["macupd-conf", "t.conf", "PORT=2056\nPROT=1\n22:22|pc\n", /t\.conf:2:1: .*PROT[\s\S]*t\.conf:3:1: .*MAC/],
    [
      "mikrotik-config",
      "m.json",
      '{\n"MIKROTIK_HOST": "192.0.2.1",\n"MIKROTIK_PASS": hush\n}',
      /m\.json:3:1: is not valid JSON/,
    ],
    [
      "mikrotik-config",
      "m.env",
      "MIKROTIK_HOST=192.0.2.1\nMIKROTIK_USER=\nMIKROTIK_PASS=hush\n",
      /m\.env:2:1: MIKROTIK_USER/,
    ],
  ] as const) {
    house.file(name, text);
    const { code, out, err } = await house.run(["--config", config, "import", kind, name, "--write"]);
    assert.deepEqual([code, out], [2, ""], name);
    assert.match(err, told);
    assert.doesNotMatch(err, /hush/);
  }
  const none = await house.run(["import", "macupd-conf", "none.conf"]);
  assert.equal(none.code, 2);
  assert.match(none.err, /none\.conf: there is no such file/);
  assert.equal(house.read("netwarden.yaml"), "site: cabin\n");
  assert.deepEqual(
    readdirSync(house.dir).filter((name) => name.includes("bak")),
    [],
  );
});

test("in the Home Assistant app nothing is written: it says where the settings belong", async () => {
  const conf = house.file("tracker.conf", "22:22:22:22:22:22|pc\n");
  mkdirSync(join(house.dir, "data"));
  house.file("data/options.json", "{}");
  house.file("netwarden.yaml", "site: cabin\n");
  const write = ["import", "macupd-conf", conf, "--write"];
  for (const [args, env] of [
    [withData(...write), {}],
    [["--config", "data/options.json", ...withData(...write)], {}],
    [["--config", "netwarden.yaml", ...write], { SUPERVISOR_TOKEN: "a token" }],
  ] as const) {
    const { code, out, err } = await house.run(args, env);
    assert.deepEqual([code, out], [2, ""], args.join(" "));
    assert.match(err, /--write can't be used in the Home Assistant app: .*Configuration/);
  }
  assert.deepEqual([house.read("data/options.json"), house.read("netwarden.yaml")], ["{}", "site: cabin\n"]);
  const printed = await house.run(withData("import", "macupd-conf", conf));
  assert.deepEqual([printed.code, printed.out], [0, "macupd:\n  enabled: true\nknown:\n  - 22:22:22:22:22:22|pc\n"]);
});

test("logs of macupd become devices, which a monitor that is started afterwards keeps", async () => {
  logs("old");
  const imported = await house.run(withData("import", "macupd-logs", "old"));
  assert.deepEqual([imported.code, imported.out, imported.err], [0, "imported 2 rows: 2 devices, 1 days\n", ""]);
  const seen = async () => JSON.parse((await house.run(withData("devices", "--json"))).out) as readonly DeviceView[];
  const [before = [], macs] = [await seen(), ["22:22:22:22:22:22", "33:33:33:33:33:33"]];
  assert.deepEqual(before.map(({ mac }) => mac).sort(), macs);
  assert.equal(before.find(({ mac }) => mac === macs[0])?.name, "pc");
  const monitor = await house.start("");
  assert.deepEqual((await monitor.devices()).devices.map(({ mac }) => mac).sort(), macs);
  const acknowledged = { mac: macs[1], name: "Fridge" };
  await monitor.command("acknowledge", acknowledged);
  await eventually("it has a name", async () =>
    (await monitor.devices()).devices.some(({ name, known }) => name === "Fridge" && known),
  );
  assert.equal(await monitor.stop(), 0);
  assert.deepEqual((await seen()).map(({ name }) => name).sort(), ["Fridge", "pc"]);
  assert.deepEqual(
    monitor.log().filter(({ msg }) => msg === "event"),
    [],
  );
  const again = await house.run(withData("import", "macupd-logs", "old"));
  assert.equal(again.code, 0);
  assert.deepEqual((await seen()).map(({ name }) => name).sort(), ["Fridge", "pc"]);
  const none = await house.run(withData("import", "macupd-logs", "nowhere"));
  assert.equal(none.code, 2);
});
