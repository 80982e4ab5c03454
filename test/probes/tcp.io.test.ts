import assert from "node:assert/strict";
import { createServer, type LookupFunction, type Server } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { systemClock } from "../../src/lib/clock.ts";
import type { Check } from "../../src/model/types.ts";
import { createTcpProbe } from "../../src/probes/tcp.ts";
import { FakeClock } from "../fakes/fake-clock.ts";
import { closedPort, silentPort } from "../fakes/tcp-listeners.ts";

type TcpCheck = Extract<Check, { kind: "tcp" }>;

const patient = { timeoutMs: 5_000, signal: new AbortController().signal };
const probe = createTcpProbe({ clock: systemClock });

function checkOf(changes: Partial<Pick<TcpCheck, "host" | "ports" | "anyAnswer">>): TcpCheck {
  const fixed = { id: "tcp:x", role: "target", slug: "x", name: "X", kind: "tcp" } as const;
  return { ...fixed, host: "127.0.0.1", ports: [443], anyAnswer: false, ...changes };
}

async function listener(
  t: TestContext,
  host = "127.0.0.1",
): Promise<{ server: Server; port: number; ended: Promise<void> }> {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const server = createServer((socket) =>
    socket
      .on("error", () => undefined)
      .resume()
      .once("end", end),
  );
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  t.after(() => server.close());
  const address = server.address();
  return { server, port: typeof address === "object" && address !== null ? address.port : 0, ended };
}

describe("a TCP probe", () => {
  it("is ok when the port accepts, and hangs up at once", async (t) => {
    const { port, ended } = await listener(t);
    const outcome = await probe(checkOf({ ports: [port] }), patient);
    assert.ok(outcome.ok && outcome.rttMs > 0 && outcome.rttMs < 5_000);
    assert.equal(outcome.detail, `port ${port} accepted`);
    await ended;
  });

  it("reaches an IPv6 address", async (t) => {
    const { port } = await listener(t, "::1");
    assert.equal((await probe(checkOf({ host: "::1", ports: [port] }), patient)).ok, true);
  });

  it("is ok when any of several ports accepts, also while another is silent", async (t) => {
    const { port } = await listener(t);
    const silent = await silentPort();
    t.after(() => silent.close());
    const ports = [silent.port, await closedPort(), port];
    const before = connecting();
    const outcome = await probe(checkOf({ ports }), patient);
    assert.deepEqual([outcome.ok, outcome.detail], [true, `port ${port} accepted`]);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(connecting(), before);
  });

  it("takes a refusal for a sign of life only where any answer will do", async () => {
    const ports = [await closedPort()];
    const alive = await probe(checkOf({ ports, anyAnswer: true }), patient);
    assert.deepEqual([alive.ok, alive.detail], [true, `port ${ports[0]} refused: alive`]);
    const refused = await probe(checkOf({ ports }), patient);
    assert.ok(!refused.ok && refused.reason === "refused");
    assert.match(refused.detail, /^127\.0\.0\.1 port \d+ refused \(ECONNREFUSED\)$/);
  });

  it("tells a timeout when nothing answers", async (t) => {
    const { port, close } = await silentPort();
    t.after(close);
    const outcome = await probe(checkOf({ ports: [port], anyAnswer: true }), { ...patient, timeoutMs: 200 });
    assert.deepEqual(outcome, { ok: false, reason: "timeout", detail: `no answer from 127.0.0.1 port ${port}` });
  });

  it("stops when told to, which says nothing about the target", async (t) => {
    const { port, close } = await silentPort();
    t.after(close);
    const stop = new AbortController();
    const waiting = probe(checkOf({ ports: [port] }), { timeoutMs: 60_000, signal: stop.signal });
    stop.abort();
    assert.deepEqual(await waiting, { ok: false, reason: "internal", detail: "stopped" });
    const never = await probe(checkOf({ ports: [port] }), { timeoutMs: 60_000, signal: AbortSignal.abort() });
    assert.ok(!never.ok && never.reason === "internal");
  });

  it("could not measure what is no port, or no port at all", async () => {
    for (const ports of [[0x1_0000], [-1], []]) {
      const outcome = await probe(checkOf({ ports }), patient);
      assert.ok(!outcome.ok && outcome.reason === "internal", JSON.stringify(outcome));
    }
  });

  it("could not measure a name that never resolved", async () => {
    const lookup: LookupFunction = (_host, _options, callback) => callback(notFound, []);
    const outcome = await createTcpProbe({ clock: systemClock, lookup })(checkOf({ host: "shop.example" }), patient);
    assert.deepEqual(outcome, { ok: false, reason: "internal", detail: "cannot resolve shop.example" });
  });

  it("could not measure while a name takes longer to resolve than the probe may last", async () => {
    const never = createTcpProbe({ clock: systemClock, lookup: () => undefined });
    const outcome = await never(checkOf({ host: "shop.example" }), { ...patient, timeoutMs: 50 });
    assert.deepEqual(outcome, { ok: false, reason: "internal", detail: "cannot resolve shop.example" });
  });

  it("goes on with a name's last address while DNS is dead, and takes the new one when DNS is back", async (t) => {
    const { port } = await listener(t);
    const clock = new FakeClock();
    let answer: string | undefined = "127.0.0.1";
    let asked = 0;
    const lookup: LookupFunction = (_host, _options, callback) => {
      asked += 1;
      if (answer === undefined) callback(notFound, []);
      else callback(null, [{ address: answer, family: 4 }]);
    };
    const named = createTcpProbe({ clock, lookup });
    const isOk = async () => (await named(checkOf({ host: "shop.example", ports: [port] }), patient)).ok;
    assert.equal(await isOk(), true);
    answer = undefined;
    await clock.advance(60_000);
    assert.equal(await isOk(), true);
    assert.equal(await isOk(), true);
    assert.equal(asked, 2);
    answer = "127.0.0.2";
    await clock.advance(60_000);
    await isOk();
    assert.equal(await isOk(), false);
    assert.equal(asked, 3);
  });
});

const notFound = Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" });

/** Connections of this process that wait for an answer. */
function connecting(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "TCPConnectWrap").length;
}
