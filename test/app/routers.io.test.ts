import "../cli/own-network.ts";
import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { createHouse, type House, type Monitor } from "../cli/network-program.ts";
import { type FakeDdwrt, startDdwrt } from "../fakes/ddwrt/server.ts";
import { eventually } from "../ha/eventually.ts";
import { plugItIn, pullTheCable, startTroubledRouters, type TroubledRouter } from "./troubled-routers.ts";

const calm = { mac: "3c:dd:00:00:00:01", name: "calm", ip: "192.168.4.10" };
const mostGrowthMb = 100;

suite("one monitor and routers of every kind in every trouble, all at once", () => {
  let house: House;
  let well: FakeDdwrt;
  let troubled: readonly TroubledRouter[] = [];
  let monitor: Monitor;

  const lasting = () => troubled.filter(({ begin }) => begin !== undefined);
  const healing = () => troubled.filter(({ end }) => end !== undefined);
  const routerOf = async (name: string) =>
    (await monitor.state()).network.routers.find((router) => router.name === name);
  const deviceOf = async (mac: string) => (await monitor.devices()).devices.find((device) => device.mac === mac);
  const logged = (name: string, msg: string) =>
    monitor.log().filter((line) => line.msg === msg && line["source"] === name.replaceAll("-", "_"));
  const eventTexts = (type: string) =>
    monitor
      .log()
      .filter(({ msg, event_type }) => msg === "event" && event_type === type)
      .map((line) => String(line["text"]));

  before(async () => {
    house = createHouse();
    well = await startDdwrt({ password: "well" });
    well.house.join(calm.mac, calm);
    troubled = await startTroubledRouters();
    const entries = troubled.map(({ entry }) => `  - ${entry}`);
    const own = `  - { kind: ddwrt, name: well, host: "${well.host}", password: well, interval: 1 }`;
    monitor = await house.start(["routers:", own, ...entries, "presence: { away_after: 5 }"].join("\n"));
  });
  after(async () => {
    await house.close();
    await Promise.all([well.close(), ...troubled.map(({ close }) => close())]);
  });

  test("those whose password is wrong are told as such at once, and all others are read", async () => {
    for (const { name, mac, codes, begin } of troubled) {
      const router = await eventually(`${name} is read or refused`, async () => {
        const seen = await routerOf(name);
        return seen?.available === undefined ? undefined : seen;
      });
      assert.equal(router.available, begin !== undefined, name);
      if (begin === undefined) assert.deepEqual([router.failure?.code], codes, name);
      else assert.equal((await eventually(`${name}'s device`, () => deviceOf(mac))).connected, true);
    }
    assert.equal(troubled.length - lasting().length, 3);
  });

  test("in trouble each says which, its device becomes unknown, and the one that is well is as before", async () => {
    const before = monitor.rssMb();
    for (const { begin } of lasting()) begin?.();
    await pullTheCable();
    for (const { name, codes, mac } of lasting()) {
      const { failure } = await eventually(
        `${name} is lost`,
        async () => {
          const router = await routerOf(name);
          return router?.available === false && router;
        },
        20_000,
      );
      assert.ok(codes.includes(failure?.code ?? ""), `${name}: ${failure?.code}`);
      const gone = await eventually(`${name}'s device is unknown`, async () => {
        const device = await deviceOf(mac);
        return device?.connected === undefined && device;
      });
      assert.notEqual(gone?.presence, "not_home", name);
      assert.equal((await deviceOf(calm.mac))?.connected, true);
    }
    const growth = monitor.peakMb() - before;
    assert.ok(growth < mostGrowthMb, `${growth} MB more than the ${before} MB before`);
    assert.equal((await routerOf("well"))?.available, true);
  });

  test("out of trouble all are read again, and their devices are there as if nothing had been", async () => {
    await plugItIn();
    for (const { end } of healing()) end?.();
    for (const { name, mac } of healing()) {
      await eventually(`${name} is back`, async () => (await routerOf(name))?.available === true, 25_000);
      await eventually(`${name}'s device is back`, async () => (await deviceOf(mac))?.connected === true);
    }
  });

  test("the log has one line for each loss that says why, and one for each return", () => {
    for (const { name, words, codes, end } of troubled) {
      const lost = logged(name, "a source can't be read");
      assert.equal(lost.length, 1, `${name}: ${JSON.stringify(lost)}`);
      assert.match(String(lost[0]?.["message"]), words, name);
      assert.ok(codes.includes(String(lost[0]?.["code"])), name);
      assert.equal(logged(name, "a source can be read again").length, end === undefined ? 0 : 1, name);
    }
    assert.deepEqual(logged("well", "a source can't be read"), []);
    assert.doesNotMatch(monitor.output(), /the right one|"level":60|a bug/);
  });

  test("each was told as lost and as back once, and nobody was told to have left or to have come again", () => {
    for (const { name } of healing()) {
      for (const type of ["router_lost", "router_back"] as const)
        assert.equal(eventTexts(type).filter((text) => text.includes(name)).length, 1, `${type} ${name}`);
    }
    for (const type of ["device_joined", "arrived_home", "device_left", "left_home"])
      assert.deepEqual(eventTexts(type), []);
  });

  test("a browser that takes the session again and again is left alone", () => {
    const stolen = troubled.find(({ logins }) => logins !== undefined);
    assert.ok((stolen?.logins?.() ?? 99) <= 5, `${stolen?.logins?.()} logins`);
  });

  test("it ends in order", async () => {
    assert.equal(await monitor.stop(), 0);
  });
});
