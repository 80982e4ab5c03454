import "../cli/own-network.ts";
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { createHouse, type House, type Monitor } from "../cli/network-program.ts";
import { type FakeDdwrt, startDdwrt } from "../fakes/ddwrt/server.ts";
import { eventually } from "../ha/eventually.ts";

const early = { mac: "3c:ee:00:00:00:01", name: "early", ip: "192.168.1.1" };
const late = { mac: "3c:ee:00:00:00:02", name: "late", ip: "192.168.1.2" };

let shed: FakeDdwrt;
before(async () => {
  shed = await startDdwrt({ password: "shed" });
});
after(async () => await shed.close());

let house: House;
beforeEach(() => {
  house = createHouse();
});
afterEach(async () => {
  await house.close();
  for (const { mac } of [early, late]) shed.house.join(mac, { place: "away", inArp: false });
});

/** A monitor in Berlin whose clock says this when it is asked to start. */
async function startAt(time: string): Promise<Monitor> {
  const shift = `const Real = Date; const shift = Real.parse("${time}") - Real.now();
    globalThis.Date = class extends Real {
      constructor(...given) { given.length === 0 ? super(Real.now() + shift) : super(...given); }
      static now() { return Real.now() + shift; }
    };`;
  const file = house.file("shifted-clock.mjs", shift);
  const settings = [
    `routers: [{ kind: ddwrt, name: Shed, host: "${shed.host}", password: shed, interval: 1 }]`,
    "macupd: { enabled: true, senders: [127.0.0.1] }",
  ].join("\n");
  const monitor = await house.start(settings, { TZ: "Europe/Berlin", NODE_OPTIONS: `--import=${file}` });
  await eventually("the router is read", async () => (await monitor.state()).network.routers[0]?.available === true);
  return monitor;
}

/** On the router's page first, then in its reports. */
async function comes(monitor: Monitor, who: typeof early): Promise<void> {
  const seenBy = (count: number) =>
    eventually(`${who.name} is seen by ${count}`, async () =>
      (await monitor.devices()).devices.some(({ mac, sources }) => mac === who.mac && sources.length === count),
    );
  shed.house.join(who.mac, { ...who, place: "wifi" });
  await seenBy(1);
  await shed.sendReports(2_056);
  await seenBy(2);
}

const evidence = () => readdirSync(join(house.dir, "data/evidence")).sort();
const read = (name: string) => house.read(`data/evidence/${name}`);
const passes = (monitor: Monitor, time: string) =>
  eventually(`it is ${time}`, async () => (await monitor.state()).at >= Date.parse(time), 20_000);

test("at midnight each log goes on in the new day's file, and each event is in its own", async () => {
  const monitor = await startAt("2026-10-24T23:59:50+02:00");
  await comes(monitor, early);
  await passes(monitor, "2026-10-25T00:00:01+02:00");
  assert.equal((await monitor.state()).today.day, "2026-10-25");
  await comes(monitor, late);
  assert.equal(await monitor.stop(), 0);
  const files = evidence().filter((name) => /netlog\.txt|tracker/.test(name));
  assert.deepEqual(files, [
    "10-24-2026-netlog.txt",
    "10-25-2026-netlog.txt",
    "macupd_tracker.20261024.log",
    "macupd_tracker.20261025.log",
  ]);
  assert.match(read("10-24-2026-netlog.txt"), /device early .*joined @ 23:59:5\d/);
  assert.doesNotMatch(read("10-24-2026-netlog.txt"), /late/);
  assert.match(read("10-25-2026-netlog.txt"), /device late .*joined @ 00:00:\d\d/);
  assert.doesNotMatch(read("10-25-2026-netlog.txt"), /early .*joined/);
  assert.match(read("macupd_tracker.20261024.log"), /01 unknown +192\.168\.1\.1 +br0 +20261024 2359 2359 \.{23}1\n/);
  assert.match(read("macupd_tracker.20261025.log"), /02 unknown +192\.168\.1\.2 +br0 +20261025 0000 0000 1\.{23}\n/);
});

test("when the clocks go back an hour comes twice: one file, in the order of what happened, and nobody leaves", async () => {
  const monitor = await startAt("2026-10-25T02:59:50+02:00");
  await comes(monitor, early);
  await passes(monitor, "2026-10-25T02:00:01+01:00");
  await comes(monitor, late);
  assert.equal(await monitor.stop(), 0);
  const text = read("10-25-2026-netlog.txt");
  assert.match(text, /device early .*joined @ 02:59:5\d[\s\S]*device late .*joined @ 02:00:\d\d/);
  assert.doesNotMatch(text, /left/);
  assert.match(read("macupd_tracker.20261025.log"), /20261025 0259 02\d\d /);
});
