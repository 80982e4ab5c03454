import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, it, type TestContext } from "node:test";
import { inspect } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { systemClock } from "../../../src/lib/clock.ts";
import type { Log } from "../../../src/lib/log.ts";
import { createDdwrtSource, type DdwrtOptions } from "../../../src/sources/ddwrt/live.ts";
import { type PollingSource, SourceError } from "../../../src/sources/source.ts";
import { type DdwrtFailure, type FakeDdwrt, type FakeDdwrtOptions, startDdwrt } from "../../fakes/ddwrt/server.ts";
import { makeCertificates } from "../../fakes/http-server-certificates.ts";
import { closedPort } from "../../fakes/tcp-listeners.ts";

const mac = (n: number) => `aa:bb:cc:00:00:0${n}`;
const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const patient = () => new AbortController().signal;

async function routerOf(t: TestContext, options: FakeDdwrtOptions = {}): Promise<FakeDdwrt> {
  const router = await startDdwrt(options);
  t.after(() => router.close());
  router.house.join(mac(1), { name: "phone", signalDbm: -61 });
  router.house.join(mac(2), { name: "nas", place: "wired" });
  return router;
}
function sourceOf(t: TestContext, options: Partial<DdwrtOptions> & { readonly host: string }): PollingSource {
  const defaults = {
    kind: "ddwrt",
    name: "Attic",
    username: "root",
    password: "secret",
    fingerprint: "",
    tls: "off",
  } as const;
  const source = createDdwrtSource({ ...defaults, ...options }, { clock: systemClock, log: silent });
  t.after(() => source.close());
  return source;
}
async function failureOf(polled: Promise<unknown>): Promise<SourceError> {
  const error = await polled.then(
    () => assert.fail("it was read"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SourceError, inspect(error));
  const shown = `${inspect(error, { depth: 9 })} ${JSON.stringify(error)}`;
  for (const secret of ["secret", Buffer.from("root:secret").toString("base64")]) assert.ok(!shown.includes(secret));
  return error;
}
const paths = (router: FakeDdwrt) => router.server.requests.map(({ url }) => url ?? "");

describe("the DD-WRT source", () => {
  it("reads who is there, in every form of the pages", async (t) => {
    const router = await routerOf(t);
    const source = sourceOf(t, { host: router.host });
    for (const wirelessWidth of [4, 8, 9, 10, 11, 17, 21] as const) {
      for (const arpWidth of [3, 4, 5, 8] as const) {
        router.form({ wirelessWidth, arpWidth, doubleBrace: arpWidth === 4, multiLine: arpWidth === 5 });
        const { clients } = await source.poll(patient());
        const seen = clients.map((client) => [client.mac, client.connected, client.signalDbm, client.hostname]);
        // The oldest forms don't show which side an entry is on, but its address does.
        const expected = [
          [mac(1), true, -61, "phone"],
          [mac(2), true, undefined, "nas"],
        ];
        assert.deepEqual(seen, expected, `${wirelessWidth} ${arpWidth}`);
      }
    }
  });

  it("sees clients come, leave and come back, and the router reboot", async (t) => {
    const { host, house } = await routerOf(t);
    const source = sourceOf(t, { host });
    const connected = async () =>
      (await source.poll(patient())).clients.filter((client) => client.connected).map((client) => client.mac);
    assert.deepEqual(await connected(), [mac(1), mac(2)]);
    house.leave(mac(1));
    assert.deepEqual(await connected(), [mac(2)]);
    house.join(mac(1));
    house.join(mac(3), { place: "wired" });
    assert.deepEqual(await connected(), [mac(1), mac(2), mac(3)]);
    house.leave(mac(2));
    house.prune();
    assert.deepEqual(await connected(), [mac(1), mac(3)]);
    house.reboot();
    const { clients, router } = await source.poll(patient());
    assert.ok(clients.every((client) => !client.connected));
    assert.equal(router?.uptimeS, 0);
  });

  it("asks one thing at a time, on one connection, and for hardware and firmware once", async (t) => {
    const router = await routerOf(t);
    const source = sourceOf(t, { host: router.host });
    const first = await source.poll(patient());
    assert.deepEqual(
      [first.router?.model, first.router?.firmware],
      ["Netgear R7000", "DD-WRT v3.0-r44715 std (11/03/20)"],
    );
    assert.deepEqual(first.router?.interfaces, [
      { name: "vlan2", rxBytes: 75_930_000, txBytes: 151_860_000 },
      { name: "br0", rxBytes: 75_930_000, txBytes: 151_860_000 },
    ]);
    const second = await source.poll(patient());
    assert.equal(second.router?.model, "Netgear R7000");
    const pages = [
      "/Status_Lan.live.asp",
      "/Status_Wireless.live.asp",
      "/Status_Internet.live.asp",
      "/Status_Router.live.asp",
    ];
    const counters = ["/fetchif.cgi?vlan2", "/fetchif.cgi?br0"];
    assert.deepEqual(paths(router), [...pages, "/Status_Router.asp", ...counters, ...pages, ...counters]);
    assert.deepEqual(router.server.connections(), { made: 1, open: 1 });
    await source.close();
    await router.server.idle();
  });

  it("does without the extras of a router that has none, and doesn't ask again", async (t) => {
    const router = await routerOf(t);
    const source = sourceOf(t, { host: router.host });
    router.fail("missing", "fetchif.cgi");
    const { clients, router: facts } = await source.poll(patient());
    assert.equal(clients.length, 2);
    assert.equal(facts?.interfaces, undefined);
    await source.poll(patient());
    assert.equal(paths(router).filter((path) => path.includes("fetchif")).length, 2);
    for (const page of ["Status_Internet", "Status_Router"]) {
      router.fail("missing", page);
      assert.equal((await source.poll(patient())).clients.length >= 2, true);
    }
  });

  it("knows a router without radios from one whose page lacks them for a moment", async (t) => {
    const wired = await routerOf(t, { form: { wirelessWidth: 0 } });
    const { clients } = await sourceOf(t, { host: wired.host }).poll(patient());
    assert.deepEqual(
      clients.map((client) => [client.mac, client.connected, client.link]),
      [
        [mac(1), true, undefined],
        [mac(2), true, undefined],
      ],
    );
    const none = await routerOf(t);
    none.fail("missing", "Status_Wireless");
    assert.equal((await sourceOf(t, { host: none.host }).poll(patient())).clients.length, 2);

    const radios = await routerOf(t);
    const source = sourceOf(t, { host: radios.host });
    await source.poll(patient());
    radios.form({ wirelessWidth: 0 });
    assert.match((await failureOf(source.poll(patient()))).message, /without active_wireless/);
    radios.fail("missing", "Status_Wireless");
    assert.match((await failureOf(source.poll(patient()))).message, /no longer has Status_Wireless.live.asp/);
  });

  it("fails with what it is and what to do, for every way in which a router fails, and recovers", async (t) => {
    const router = await routerOf(t);
    const source = sourceOf(t, { host: router.host });
    const table: readonly (readonly [DdwrtFailure, SourceError["code"], RegExp])[] = [
      ["auth", "auth", /^Attic \(127.0.0.1:\d+\) refuses the user name or password$/],
      ["html", "protocol", /has no live pages .*: is it DD-WRT\?$/],
      ["missing", "protocol", /has no live pages/],
      ["half_page", "protocol", /answered a page that is cut off \(Status_Lan.live.asp\)$/],
      ["cut", "protocol", /in the middle of a page$/],
      ["huge", "protocol", /far too long/],
      ["reset", "unreachable", /closed the connection without an answer$/],
      ["busy", "protocol", /answered 503/],
      ["redirect", "protocol", /only answers encrypted: set tls/],
    ];
    for (const [how, code, message] of table) {
      router.fail(how);
      const error = await failureOf(source.poll(patient()));
      assert.equal(error.code, code, how);
      assert.match(error.message, message);
      assert.equal((await failureOf(source.raw(patient()).then((texts) => assertText(texts, how)))).code, code, how);
      router.fail("none");
      assert.equal((await source.poll(patient())).clients.length, 2);
    }
  });

  it("fails also when only the page of the radios does, rather than to lose its clients", async (t) => {
    const router = await routerOf(t);
    const source = sourceOf(t, { host: router.host });
    for (const how of ["html", "half_page", "cut", "huge", "reset", "busy", "auth"] as const) {
      router.fail(how, "Status_Wireless");
      await failureOf(source.poll(patient()));
    }
    router.fail("none");
    router.form({ without: ["active_wireless"] });
    assert.match((await failureOf(source.poll(patient()))).message, /without active_wireless/);
    router.form({ without: ["arp_table"] });
    assert.match((await failureOf(source.poll(patient()))).message, /without arp_table/);
    router.form({ without: [], maskMacs: true });
    assert.match((await failureOf(source.poll(patient()))).message, /hides the MAC addresses: turn off/);
  });

  it("refuses a wrong user or password, and nobody listening", async (t) => {
    const router = await routerOf(t, { password: "another" });
    assert.equal((await failureOf(sourceOf(t, { host: router.host }).poll(patient()))).code, "auth");
    const nobody = `127.0.0.1:${await closedPort()}`;
    const error = await failureOf(sourceOf(t, { host: nobody }).poll(patient()));
    assert.equal(error.code, "refused");
    assert.match(error.message, /refuses the connection/);
  });

  it("settles at once when its poll is stopped, and leaves no connection", async (t) => {
    const router = await routerOf(t);
    const source = sourceOf(t, { host: router.host });
    for (const how of ["mute", "drip"] as const) {
      router.fail(how);
      const asked = router.server.requests.length;
      const controller = new AbortController();
      const polled = failureOf(source.poll(controller.signal));
      while (router.server.requests.length === asked) await new Promise((resolve) => setImmediate(resolve));
      controller.abort();
      assert.equal((await polled).code, "timeout");
    }
    assert.equal((await failureOf(source.poll(AbortSignal.abort()))).code, "timeout");
    await router.server.idle();
  });

  it("asks once more when a kept connection is closed just as it is used", async (t) => {
    const router = await routerOf(t);
    const source = sourceOf(t, { host: router.host });
    await source.poll(patient());
    router.fail("reset");
    const polled = source.poll(patient());
    const asked = router.server.requests.length;
    while (router.server.requests.length === asked) await new Promise((resolve) => setImmediate(resolve));
    router.fail("none");
    assert.equal((await polled).clients.length, 2);
  });

  it("reads over TLS: pinned, verified or any, and refuses an impostor before it says the password", async (t) => {
    const { selfSigned, valid } = await makeCertificates();
    const router = await routerOf(t, { tls: selfSigned });
    const fingerprint = new X509Certificate(selfSigned.cert).fingerprint256;
    for (const access of [{ tls: "pin", fingerprint }, { tls: "insecure" }] as const) {
      assert.equal((await sourceOf(t, { host: router.host, ...access }).poll(patient())).clients.length, 2);
    }
    const asked = router.server.requests.length;
    const other = new X509Certificate(valid.cert).fingerprint256;
    for (const access of [{ tls: "pin", fingerprint: other }, { tls: "verify" }] as const) {
      const error = await failureOf(sourceOf(t, { host: router.host, ...access }).poll(patient()));
      assert.equal(error.code, "tls");
      assert.match(error.message, /check tls and fingerprint/);
    }
    assert.equal(router.server.requests.length, asked);
    const plain = await routerOf(t);
    assert.notEqual((await failureOf(sourceOf(t, { host: plain.host, tls: "insecure" }).poll(patient()))).code, "auth");
    assert.notEqual((await failureOf(sourceOf(t, { host: router.host }).poll(patient()))).code, "auth");
  });

  it("gives the pages as they are, by their names", async (t) => {
    const router = await routerOf(t);
    const texts = await sourceOf(t, { host: router.host }).raw(patient());
    assert.deepEqual(Object.keys(texts), [
      "Status_Lan.live.asp",
      "Status_Wireless.live.asp",
      "Status_Internet.live.asp",
      "Status_Router.live.asp",
    ]);
    assert.match(String(texts["Status_Lan.live.asp"]), /^\{lan_mac::02:00:5E:00:53:F0\}\n/);
  });

  it("doesn't grow over 1,000 polls", async (t) => {
    const router = await routerOf(t);
    const source = sourceOf(t, { host: router.host });
    for (let n = 3; n < 10; n += 1) router.house.join(mac(n));
    setFlagsFromString("--expose-gc");
    const collectGarbage = runInNewContext("gc") as () => void;
    const poll = async (times: number) => {
      for (let n = 0; n < times; n += 1) {
        // Each time somebody else leaves the radio.
        router.house.join(mac(1 + (n % 9)));
        router.house.leave(mac(1 + ((n + 1) % 9)));
        router.house.pass(10);
        await source.poll(patient());
        (router.server.requests as unknown[]).length = 0;
      }
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const before = await poll(200);
    const after = await poll(1_000);
    assert.ok(after - before < 3_000_000, `${Math.round((after - before) / 1e3)} kB more`);
    assert.deepEqual(router.server.connections(), { made: 1, open: 1 });
  });
});

/** `raw` gives what came, so a page of HTML is no failure of it. */
function assertText(texts: Readonly<Record<string, unknown>>, how: DdwrtFailure): never {
  assert.ok(["html", "half_page", "missing"].includes(how), how);
  if (how === "html") assert.match(String(texts["Status_Lan.live.asp"]), /<form/);
  if (how === "missing") assert.equal(texts["Status_Lan.live.asp"], undefined);
  throw new SourceError("protocol", "as it is");
}
