import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Model } from "../../fakes/routeros/tables.ts";
import { failureOf, lamp, nas, phone, printer, watch } from "./driver-harness.ts";

const models: readonly Pick<Model, "release" | "wifi">[] = [
  { release: "6.40.9", wifi: "wireless" },
  { release: "6.49.10", wifi: "wireless" },
  { release: "6.49.10", wifi: "capsman" },
  { release: "7.8", wifi: "wifiwave2" },
  { release: "7.16.2", wifi: "wifi" },
  { release: "7.21.4", wifi: "wifi" },
  { release: "7.21.4", wifi: "none" },
];

for (const model of models) {
  suite(`RouterOS ${model.release} with ${model.wifi}`, () => {
    test("who is there, who is not, and what the router says of itself", async () => {
      await using watching = await watch({ router: model });
      const { clients, coverage, router } = await watching.poll();
      const seen = new Map(clients.map((client) => [client.mac, client]));
      assert.equal(coverage, "full");
      assert.deepEqual(
        [...seen.keys()].sort((a, b) => a.localeCompare(b)),
        [nas, lamp, phone, printer].map(({ mac }) => mac),
      );
      assert.deepEqual(
        [phone, lamp, nas, printer].map(({ mac }) => seen.get(mac)?.connected),
        [true, true, true, false],
      );
      assert.deepEqual([seen.get(nas.mac)?.ip, seen.get(nas.mac)?.lease], [nas.ip, undefined]);
      assert.equal(seen.get(lamp.mac)?.description, "Küchenlicht");
      assert.equal(seen.get(lamp.mac)?.link, "wired");
      assert.equal(seen.get(phone.mac)?.hostname, "Annas-iPhone");
      assert.equal(seen.get(phone.mac)?.lease?.expiresInS, 1_790);
      assert.equal(seen.get(phone.mac)?.arp?.status, model.release.startsWith("6.") ? undefined : "reachable");
      assert.equal(router?.firmware, model.release);
      assert.equal(router?.temperatureC, 41);
      assert.deepEqual(router?.wan, { up: true, ip: "198.51.100.20", interface: "ether1" });
      assert.equal(router?.interfaces?.find(({ name }) => name === "ether1")?.comment, "to the provider");
    });

    if (model.wifi !== "none")
      test("a client on a radio has its signal, rates and bytes from its own viewpoint", async () => {
        await using watching = await watch({ router: model });
        const seen = await watching.see(phone);
        assert.equal(seen?.link, "wifi");
        assert.deepEqual([seen?.interface, seen?.signalDbm], ["wlan1", -58]);
        assert.deepEqual([seen?.receivedBytes, seen?.sentBytes], [90_000, 2_000]);
        assert.deepEqual([seen?.linkDownBps, seen?.linkUpBps], [72_200_000, 65_000_000]);
        assert.equal(seen?.ssid, "Home");
        assert.equal(seen?.band, model.wifi === "capsman" ? undefined : "2.4");
      });

    test("one that leaves is no longer connected although its lease lasts", async () => {
      await using watching = await watch({ router: model });
      await watching.poll();
      watching.router.home.leave(phone.mac);
      await watching.pass(310);
      const seen = await watching.see(phone);
      assert.deepEqual([seen?.connected, seen?.lease?.status], [false, "bound"]);
      await watching.pass(1_800);
      assert.equal(await watching.see(phone), undefined);
    });
  });
}

test("a client that roams is on the other radio, with counters that began anew", async () => {
  await using watching = await watch();
  const before = await watching.see(phone);
  watching.router.home.come(phone, "wlan2");
  await watching.pass(1);
  const after = await watching.see(phone);
  assert.deepEqual([before?.interface, after?.interface], ["wlan1", "wlan2"]);
  assert.deepEqual([before?.counter, after?.counter], ["wlan1", "wlan2"]);
  assert.deepEqual([after?.connected, after?.receivedBytes], [true, 9_000]);
});

test("where kid control counts, its bytes are taken, also of clients at a wire", async () => {
  await using watching = await watch({ router: { kidControl: true } });
  const seen = await watching.see(nas);
  assert.deepEqual([seen?.receivedBytes, seen?.sentBytes, seen?.counter], [10_000, 2_000, "kid-control"]);
});

test("a router without any client is read, not failed", async () => {
  await using watching = await watch();
  const gone = { rows: [] };
  for (const menu of [
    "/ip/dhcp-server/lease",
    "/ip/arp",
    "/interface/bridge/host",
    "/interface/wifi/registration-table",
  ])
    watching.router.instead(menu, gone);
  const { clients, coverage } = await watching.poll();
  assert.deepEqual([clients, coverage], [[], "full"]);
});

test("the provider's line goes down", async () => {
  await using watching = await watch();
  await watching.poll();
  watching.router.home.wan.up = false;
  await watching.pass(10);
  assert.deepEqual((await watching.poll()).router?.wan, { up: false, interface: "ether1" });
});

suite("menus", () => {
  const fast = [
    "/ip/dhcp-server/lease",
    "/ip/arp",
    "/interface/wifi/registration-table",
    "/interface/bridge/host",
    "/interface",
    "/system/resource",
  ];

  test("each poll asks once for leases, once for ARP and once for each other fast menu, and for slow ones each minute", async () => {
    await using watching = await watch();
    await watching.poll();
    assert.equal(watching.router.asked().length, 19);
    for (let n = 1; n <= 5; n += 1) {
      await watching.pass(10);
      await watching.poll();
      assert.deepEqual(watching.router.asked(), fast);
    }
    await watching.pass(10);
    await watching.poll();
    const asked = watching.router.asked();
    assert.equal(asked.length, 15);
    assert.equal(new Set(asked).size, 15);
    assert.equal(watching.router.logins(), 1);
  });

  test("5,000 clients take no more queries than one", async () => {
    await using watching = await watch({ router: { extraLeases: 5_000 } });
    assert.equal((await watching.poll()).clients.length, 5_004);
    assert.equal(watching.router.asked().length, 19);
  });

  test("what the router hasn't is asked again after an hour, and after it came back", async () => {
    await using watching = await watch();
    const capsman = "/caps-man/registration-table";
    await watching.poll();
    watching.router.asked();
    await watching.pass(3_590);
    await watching.poll();
    assert.equal(watching.router.asked().includes(capsman), false);
    await watching.pass(10);
    await watching.poll();
    assert.equal(watching.router.asked().includes(capsman), true);
    watching.router.reboot();
    await watching.poll();
    assert.equal(watching.router.asked().includes(capsman), true);
  });

  test("what its user may not see is told once, at debug, and done without", async () => {
    await using watching = await watch({ router: { denied: ["/system/health", "/system/routerboard"] } });
    for (let n = 0; n < 3; n += 1) {
      const { router, clients } = await watching.poll();
      assert.deepEqual([router?.temperatureC, router?.serial, clients.length], [undefined, undefined, 4]);
      await watching.pass(10);
    }
    assert.equal(watching.log.filter((line) => line.includes("/system/health")).length, 1);
    assert.ok(watching.log.every((line) => line.startsWith("debug ")));
  });

  test("leases alone, or ARP alone, are enough", async () => {
    for (const menu of ["/ip/dhcp-server/lease", "/ip/arp"]) {
      await using watching = await watch({ router: { denied: [menu] } });
      assert.equal((await watching.see(phone))?.connected, true);
    }
  });

  test("neither leases nor ARP: the right that is missing is named", async () => {
    await using watching = await watch({ router: { denied: ["/ip/arp"], absent: ["/ip/dhcp-server/lease"] } });
    const { code, message } = await failureOf(watching.poll());
    assert.equal(code, "auth");
    assert.match(message, /^Hex: user api may not see .*\/ip\/arp.*"read"/);
  });

  test("a device that has neither leases nor ARP is no RouterOS", async () => {
    await using watching = await watch({ router: { absent: ["/ip/arp", "/ip/dhcp-server/lease"] } });
    assert.equal((await failureOf(watching.poll())).code, "protocol");
  });

  test("nobody at a wire can be seen: then absence says nothing", async () => {
    await using watching = await watch({ router: { denied: ["/ip/arp", "/interface/bridge/host"] } });
    const { coverage, clients } = await watching.poll();
    assert.equal(coverage, "partial");
    assert.equal(clients.find(({ mac }) => mac === phone.mac)?.connected, true);
  });

  test("an error of a menu that only adds to the picture costs that menu only, and keeps what it said", async () => {
    await using watching = await watch();
    await watching.poll();
    for (const menu of ["/system/health", "/interface"])
      watching.router.instead(menu, { trap: { message: "action timed out" } });
    await watching.pass(60);
    const { router, clients } = await watching.poll();
    assert.deepEqual([router?.temperatureC, router?.interfaces?.length, clients.length], [41, 6, 4]);
  });

  test("an error of a menu that tells who is there fails the poll", async () => {
    await using watching = await watch();
    watching.router.instead("/interface/bridge/host", { trap: { message: "action timed out" } });
    assert.equal((await failureOf(watching.poll())).code, "protocol");
    watching.router.instead("/interface/bridge/host", undefined);
    assert.equal((await watching.poll()).clients.length, 4);
    assert.equal(watching.router.logins(), 1);
  });
});

test("raw: every menu's rows in the router's words, and what there is not", async () => {
  await using watching = await watch({ router: { denied: ["/system/health"] } });
  const raw = await watching.source.raw(new AbortController().signal);
  assert.deepEqual(raw["/system/identity"], [{ name: "Hex" }]);
  assert.equal(raw["/system/health"], "denied");
  assert.equal(raw["/caps-man/registration-table"], "absent");
  assert.deepEqual(raw["/ip/kid-control/device"], []);
  assert.equal(Object.keys(raw).length, 19);
});
