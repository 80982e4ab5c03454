import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { describe, it, type TestContext } from "node:test";
import { systemClock } from "../../../src/lib/clock.ts";
import type { Log } from "../../../src/lib/log.ts";
import type { SourceReading } from "../../../src/model/devices/sighting.ts";
import { createMacupdSource } from "../../../src/sources/ddwrt/macupd.ts";
import { SourceError } from "../../../src/sources/source.ts";
import { createHousehold } from "../../fakes/ddwrt/household.ts";
import { report, sendDatagrams, sendReports } from "../../fakes/ddwrt/macupd.ts";

interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A listener on a free port of the loopback, with all that it hears and logs. */
async function listening(
  t: TestContext,
  options: { readonly host?: string; readonly senders?: () => ReadonlyMap<string, string> } = {},
) {
  const { host = "127.0.0.1", senders = () => new Map([["127.0.0.1", "Attic"]]) } = options;
  const port = await freePort(host);
  const readings: SourceReading[] = [];
  const rejected: string[] = [];
  const lines: Line[] = [];
  let changed = () => {};
  const noted =
    (level: string) =>
    (message: string, fields: object = {}) => {
      lines.push({ level, message, fields: { ...fields } });
      changed();
    };
  const log: Log = { debug: noted("debug"), info: noted("info"), warn: noted("warn"), error: noted("error") };
  const controller = new AbortController();
  const source = createMacupdSource({ host, port, senders }, { clock: systemClock, log });
  const done = source.listen(
    {
      reading: (reading) => {
        readings.push(reading);
        changed();
      },
      rejected: (from, text) => {
        rejected.push(`${from} ${text}`);
        changed();
      },
    },
    controller.signal,
  );
  const stop = async () => {
    controller.abort();
    await done;
  };
  t.after(stop);
  const until = async (condition: () => boolean) => {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        changed = resolve;
      });
    }
  };
  await until(() => lines.length > 0);
  const clients = () => readings.flatMap((reading) => reading.clients);
  return { port, host, readings, rejected, lines, until, clients, stop };
}

async function freePort(host: string): Promise<number> {
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  await new Promise<void>((resolve) => socket.bind(0, host, resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

const mac = (n: number) =>
  `aa:bb:cc:00:${(n >> 8).toString(16).padStart(2, "0")}:${(n & 255).toString(16).padStart(2, "0")}`;
const phone = (n: number) => report({ ip: `10.0.${n >> 8}.${n & 255}`, mac: mac(n), interface: "br0" });

describe("the macupd listener", () => {
  it("makes one reading of what a sender tells in one go, for the part of the network that it speaks for", async (t) => {
    const { port, host, until, clients, readings } = await listening(t);
    const house = createHousehold();
    for (let n = 1; n <= 20; n += 1) house.join(mac(n));
    house.leave(mac(20));
    assert.equal(await sendReports(house, { host, port }), 19);
    await until(() => clients().length === 19);
    assert.ok(readings.length < 10, `${readings.length} readings`);
    assert.ok(readings.every(({ coverage }) => coverage === "partial"));
    assert.deepEqual(readings[0]?.part, { id: "attic", name: "Attic" });
    assert.deepEqual(
      clients().map((client) => client.mac),
      Array.from({ length: 19 }, (_, n) => mac(n + 1)),
    );
    assert.ok(clients().every(({ connected }) => connected));
  });

  it("counts each line as a sighting, also of the same client", async (t) => {
    const { port, host, until, clients } = await listening(t);
    await sendDatagrams([phone(1), phone(1), `${phone(1)}${phone(2)}`], { host, port });
    await until(() => clients().length === 4);
    assert.deepEqual(clients().filter((client) => client.mac === mac(1)).length, 3);
  });

  it("tells what it can't read, line by line, and goes on", async (t) => {
    const { port, host, until, clients, rejected } = await listening(t);
    await sendDatagrams(["", "what\x07?", Buffer.alloc(9_000, 0xff), `junk\n${phone(1)}`], { host, port });
    await until(() => clients().length === 1 && rejected.length === 4);
    assert.deepEqual(rejected.slice(0, 2), ["127.0.0.1 0 bytes without a word", "127.0.0.1 what·?"]);
    assert.equal(rejected[2], `127.0.0.1 ${"·".repeat(200)}`);
    assert.equal(rejected[3], "127.0.0.1 junk");
  });

  it("hears nothing from strangers, names each once, and no more than a hundred", async (t) => {
    const { port, host, until, clients, rejected, lines, stop } = await listening(t);
    const warnings = () => lines.filter(({ level }) => level === "warn");
    for (let n = 0; n < 3; n += 1) await sendDatagrams([phone(1), "junk"], { host, port, from: "127.0.0.2" });
    await until(() => warnings().length === 1);
    assert.equal(warnings()[0]?.fields["address"], "127.0.0.2");
    for (let n = 3; n < 130; n += 1) await sendDatagrams([phone(n)], { host, port, from: `127.0.1.${n}` });
    await sendDatagrams([phone(200)], { host, port });
    await until(() => clients().length > 0);
    assert.deepEqual(
      clients().map((client) => client.mac),
      [mac(200)],
    );
    assert.deepEqual(rejected, []);
    assert.equal(warnings().length, 101);
    await stop();
    assert.deepEqual(lines.at(-1)?.fields, { ignored: 133, dropped: 0 });
  });

  it("asks anew who may report, as the gateway may change", async (t) => {
    let gateway = "127.0.0.2";
    const { port, host, until, clients } = await listening(t, { senders: () => new Map([[gateway, "gateway"]]) });
    await sendDatagrams([phone(1)], { host, port, from: "127.0.0.2" });
    await until(() => clients().length === 1);
    gateway = "127.0.0.3";
    // It asks once a second: until then the old one counts.
    const again = setInterval(() => void sendDatagrams([phone(2)], { host, port, from: "127.0.0.3" }), 100);
    try {
      await until(() => clients().some((client) => client.mac === mac(2)));
    } finally {
      clearInterval(again);
    }
  });

  it("knows an IPv4 sender on a socket for both families, and an IPv6 one by any spelling", async (t) => {
    const senders = new Map([
      ["127.0.0.1", "Attic"],
      ["0:0:0:0:0:0:0:1", "Cellar"],
    ]);
    const { port, until, readings } = await listening(t, { host: "::", senders: () => senders });
    await sendDatagrams([phone(1)], { host: "127.0.0.1", port });
    await sendDatagrams([phone(2)], { host: "::1", port });
    await until(() => readings.length === 2);
    assert.deepEqual(new Set(readings.map(({ part }) => part?.name)), new Set(["Attic", "Cellar"]));
  });

  it("drops and counts what a flood brings beyond 2,000 lines a second, and says so once", async (t) => {
    const { port, host, clients, lines, stop } = await listening(t);
    const started = systemClock.monotonic();
    const bundle = Array.from({ length: 25 }, (_, n) => phone(n)).join("");
    while (!lines.some(({ level }) => level === "warn")) {
      await sendDatagrams(
        Array.from({ length: 20 }, () => bundle),
        { host, port },
      );
    }
    await sendDatagrams([bundle], { host, port });
    await stop();
    const seconds = Math.ceil((systemClock.monotonic() - started) / 1_000) + 1;
    // The datagram that crosses the line is still read.
    assert.ok(clients().length <= seconds * (2_000 + 25), `${clients().length} in ${seconds} s`);
    assert.ok(clients().length >= 2_000);
    assert.ok(lines.filter(({ level }) => level === "warn").length <= seconds);
    assert.ok(Number(lines.findLast(({ level }) => level === "info")?.fields["dropped"]) > 0);
  });

  it("tells what it heard last when it stops, and leaves the port free", async (t) => {
    const first = await listening(t);
    await sendDatagrams(["junk", phone(1)], { host: first.host, port: first.port });
    await first.until(() => first.rejected.length === 1);
    await sendDatagrams([phone(2), "junk"], { host: first.host, port: first.port });
    await first.until(() => first.rejected.length === 2);
    await first.stop();
    assert.equal(first.clients().length, 2);
    const socket = createSocket("udp4");
    await new Promise<void>((resolve, reject) => socket.once("error", reject).bind(first.port, first.host, resolve));
    await new Promise<void>((resolve) => socket.close(() => resolve()));
  });

  it("says what to do when the port is taken, and when the address is not this machine's", async (t) => {
    const { port } = await listening(t);
    const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
    const heard = { reading: () => {}, rejected: () => {} };
    const listen = (host: string) =>
      createMacupdSource({ host, port, senders: () => new Map() }, { clock: systemClock, log }).listen(
        heard,
        new AbortController().signal,
      );
    await assert.rejects(listen("127.0.0.1"), (error) => {
      assert.ok(error instanceof SourceError && error.code === "refused");
      assert.match(error.message, new RegExp(`UDP port ${port} of 127.0.0.1 is taken.*macupd.port`));
      return true;
    });
    await assert.rejects(listen("192.0.2.1"), (error) => {
      assert.ok(error instanceof SourceError && error.code === "unreachable");
      assert.match(error.message, /no address 192.0.2.1: set macupd.host/);
      return true;
    });
  });

  it("that is stopped before it starts never listens", async () => {
    const log: Log = { debug: () => {}, info: assert.fail, warn: () => {}, error: () => {} };
    const source = createMacupdSource(
      { host: "127.0.0.1", port: 0, senders: () => new Map() },
      { clock: systemClock, log },
    );
    await source.listen({ reading: () => {}, rejected: () => {} }, AbortSignal.abort());
  });
});
