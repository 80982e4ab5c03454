import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, it, type TestContext } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createNetwork } from "../../fakes/amplifi/network.ts";
import { patient, start } from "./harness.ts";
import { attic, kitchen, nas, phone, router } from "./lists.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
const garden = "f0:9f:c2:00:00:04";

/** A router, two points on it and one behind the first. */
async function startMesh(t: TestContext) {
  const network = createNetwork({ mac: router, name: "Home" });
  network.addPoint({ mac: kitchen, name: "Kitchen (AFi-P-HD-000002)" });
  network.addPoint({ mac: attic, name: "Attic", band: "2.4 GHz" });
  network.addPoint({ mac: garden, name: "Garden", uplink: kitchen });
  const anna = {
    mac: phone,
    hostname: "Annas-iPhone",
    ip: "192.168.1.110",
    downBytesPerS: 2_000_000,
    upBytesPerS: 100,
  };
  return { network, anna, ...(await start(t, { network })) };
}

describe("a phone that walks through the house", () => {
  it("is one client at the right place, in each of an hour's readings", async (t) => {
    const { network, anna, source, clock } = await startMesh(t);
    const walk = [router, kitchen, garden, kitchen, attic];
    const bands = ["5 GHz", "2.4 GHz"];
    network.join({ mac: nas, ip: "192.168.1.20" }, { at: router, port: 1 });
    network.join(anna, { at: router, band: "5 GHz" });
    let at: string = router;
    let band = "5";
    const counters = new Map<string, number>();
    for (let poll = 1; poll <= 360; poll += 1) {
      if (poll % 7 === 0) {
        at = walk[(poll / 7) % walk.length] ?? router;
        const text = bands[Math.floor(poll / 14) % 2] ?? "";
        band = text.slice(0, -4);
        // Every other time the place that it left keeps it for up to two minutes.
        network.roam(phone, { at, band: text }, poll % 2 === 0 ? 30 + (poll % 90) : undefined);
        counters.clear();
      }
      network.advance(10);
      await clock.advance(10_000);
      const { clients, coverage } = await source.poll(patient);
      assert.equal(coverage, "full");
      assert.deepEqual(clients.map(({ mac }) => mac).sort(), [nas, phone]);
      const seen = clients.find(({ mac }) => mac === phone);
      assert.deepEqual(
        [seen?.connected, seen?.accessPoint, seen?.band, seen?.idleS],
        [true, at, band, 0],
        `poll ${poll}`,
      );
      const received = seen?.receivedBytes ?? -1;
      assert.ok(received >= (counters.get(seen?.counter ?? "") ?? 0), "within one association the counter grows");
      counters.set(seen?.counter ?? "", received);
    }
  });

  it("has counters that begin anew with each association, and pass the 32-bit one's end", async (t) => {
    const { network, anna, source } = await startMesh(t);
    const read = async () => (await source.poll(patient)).clients[0];
    network.join(anna, { at: router, band: "5 GHz" });
    network.advance(2_000);
    const before = await read();
    assert.deepEqual([before?.receivedBytes, before?.sentBytes], [4_000_000_000, 200_000]);
    network.advance(1_000);
    assert.equal((await read())?.receivedBytes, 6_000_000_000);
    network.roam(phone, { at: attic, band: "2.4 GHz" }, 60);
    network.advance(30);
    const after = await read();
    assert.deepEqual([after?.receivedBytes, after?.accessPoint], [60_000_000, attic]);
    assert.deepEqual(after?.recent, { seconds: 60, receivedBytes: 60_000_000, sentBytes: 3_000 });
    assert.notEqual(after?.counter, before?.counter);
  });

  it("is gone with the reading after it left", async (t) => {
    const { network, anna, source } = await startMesh(t);
    network.join(anna, { at: garden, band: "5 GHz" });
    assert.equal((await source.poll(patient)).clients.length, 1);
    network.leave(phone);
    assert.deepEqual((await source.poll(patient)).clients, []);
  });
});

describe("a mesh that changes", () => {
  it("shows a point lost with all behind it, and back with a new uptime", async (t) => {
    const { network, anna, source } = await startMesh(t);
    network.join(anna, { at: garden, band: "5 GHz" });
    const points = async () => {
      const { router: facts, clients } = await source.poll(patient);
      return [facts?.meshPoints?.map(({ name, online, uplink }) => [name, online, uplink]), clients.length];
    };
    const all = [
      ["Kitchen", true, "Home"],
      ["Attic", true, "Home"],
      ["Garden", true, "Kitchen"],
    ];
    assert.deepEqual(await points(), [all, 1]);
    network.losePoint(kitchen);
    const [lost, clients] = await points();
    assert.deepEqual(
      new Set(lost as string[][]),
      new Set([
        ["Attic", true, "Home"],
        ["Kitchen", false, undefined],
        ["Garden", false, undefined],
      ]),
    );
    assert.equal(clients, 0);
    network.regainPoint(kitchen);
    network.advance(5);
    assert.deepEqual((await points())[0], all);
    const { router: facts } = await source.poll(patient);
    assert.equal(facts?.meshPoints?.find(({ mac }) => mac === kitchen)?.uptimeS, 5);
  });

  it("shows the way out down and up, and a restart by the uptime", async (t) => {
    const { fake, network, source } = await startMesh(t);
    assert.deepEqual((await source.poll(patient)).router?.wan, { up: true, interface: "eth-0" });
    network.wanUp = false;
    assert.equal((await source.poll(patient)).router?.wan?.up, false);
    fake.reboot();
    network.advance(3);
    assert.equal((await source.poll(patient)).router?.uptimeS, 3);
  });
});

describe("a thousand polls", () => {
  it("leave no connection and no memory behind", async (t) => {
    const { fake, network, source, clock } = await startMesh(t);
    for (let n = 0; n < 50; n += 1) {
      const mac = `02:00:00:00:01:${n.toString(16).padStart(2, "0")}`;
      network.join({ mac, hostname: `c${n}`, downBytesPerS: n }, { at: n % 2 === 0 ? router : garden, band: "5 GHz" });
    }
    const stop = new AbortController();
    const poll = async (count: number) => {
      for (let n = 0; n < count; n += 1) {
        network.advance(10);
        await clock.advance(10_000);
        if (n % 100 === 50) fake.browserLogin();
        assert.equal((await source.poll(stop.signal)).clients.length, 50);
      }
      await fake.server.idle();
      fake.forget();
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const before = await poll(200);
    const after = await poll(1_000);
    assert.deepEqual([fake.server.connections().open, clock.pending], [0, 0]);
    assert.deepEqual(getEventListeners(stop.signal, "abort"), []);
    assert.ok(after - before < 2 * 1_048_576, `the heap grew by ${after - before} bytes`);
  });
});
