import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { suite, test } from "node:test";
import type { LoadedConfig } from "../../src/config/load.ts";
import { configSchema } from "../../src/config/schema.ts";
import { sourcesOf } from "../../src/inputs.ts";
import { type Clock, systemClock } from "../../src/lib/clock.ts";
import type { Observation } from "../../src/model/types.ts";
import { runSources } from "../../src/sources/run.ts";
import { startAmplifi } from "../fakes/amplifi/amplifi.ts";
import { type DdwrtFailure, startDdwrt } from "../fakes/ddwrt/server.ts";
import { startRouterosServer } from "../fakes/routeros/wire.ts";
import { closedPort } from "../fakes/tcp-listeners.ts";
import { eventually } from "../ha/eventually.ts";

/** The sources of a configuration, on a clock whose pauses, and deadlines, take only this part of their time. */
function start(config: object, { pauses = 0.02, deadlines = 1 } = {}) {
  const clock: Clock = {
    ...systemClock,
    sleep: (ms, signal) => systemClock.sleep(ms * pauses, signal),
    after: (ms, work) => systemClock.after(ms * deadlines, work),
  };
  const seen: Observation[] = [];
  const lines: string[] = [];
  const line = (message: string, fields: object = {}) => lines.push(`${message} ${JSON.stringify(fields)}`);
  const log = { debug: () => {}, info: () => {}, warn: line, error: line };
  const loaded: LoadedConfig = {
    config: configSchema.parse(config),
    source: "a test",
    warnings: [],
    inApp: false,
    secrets: [],
  };
  const controller = new AbortController();
  const sources = sourcesOf(loaded, { clock, log }, () => undefined);
  const running = runSources({ clock, log, sources, emit: (observation) => seen.push(observation) }, controller.signal);
  const stop = async () => {
    controller.abort();
    await running;
  };
  return {
    seen,
    lines,
    stop,
    readings: (id: string) => seen.filter((each) => each.type === "reading" && each.source === id).length,
    failures: (id: string) =>
      seen.flatMap((each) => (each.type === "source-failed" && each.source === id ? [each.code] : [])),
    [Symbol.asyncDispose]: stop,
  };
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

suite("real sources", () => {
  test("of all kinds are read side by side; a wrong password and a router that is off are one line each; all connections end", async () => {
    const port = await freeUdpPort();
    const [alien, attic, hex] = await Promise.all([
      startAmplifi({ password: "a" }),
      startDdwrt({ password: "b" }),
      startRouterosServer({ user: "api", password: "c", answer: () => ({ rows: [] }) }),
    ]);
    attic.house.join("3c:06:30:00:01:10");
    try {
      const ddwrt = { kind: "ddwrt", host: attic.host, interval: 1 };
      const run = start({
        routers: [
          { kind: "amplifi", name: "Alien", host: alien.host, password: "a", interval: 1 },
          { ...ddwrt, name: "Attic", password: "b" },
          {
            kind: "routeros",
            name: "Hex",
            host: `127.0.0.1:${hex.port}`,
            username: "api",
            password: "c",
            tls: "off",
            interval: 1,
          },
          { ...ddwrt, name: "Wrong", password: "wrong" },
          { ...ddwrt, name: "Off", host: `127.0.0.1:${await closedPort()}`, password: "b" },
        ],
        macupd: { enabled: true, host: "127.0.0.1", port, senders: ["127.0.0.1"] },
      });
      await eventually("all that can be read were, three times", async () => {
        await attic.sendReports(port);
        return ["alien", "attic", "hex", "macupd"].every((id) => run.readings(id) >= 3);
      });
      await eventually("the others have failed, three times", () =>
        ["wrong", "off"].every((id) => run.failures(id).length >= 3),
      );
      await run.stop();
      assert.deepEqual([...new Set(run.failures("wrong")), ...new Set(run.failures("off"))], ["auth", "refused"]);
      assert.equal(run.lines.length, 2, run.lines.join("\n"));
      assert.ok(run.lines.every((text) => text.startsWith("a source can't be read ")));
      await Promise.all([alien.server.idle(), attic.server.idle(), eventually("it is closed", () => hex.open === 0)]);
    } finally {
      await Promise.all([alien.close(), attic.close(), hex.close()]);
    }
  });

  test("that say nothing end within two seconds when they are told to, and it is no bug", async () => {
    const [alien, attic, hex] = await Promise.all([
      startAmplifi({ password: "a" }),
      startDdwrt({ password: "b" }),
      startRouterosServer({ user: "api", password: "c", answer: () => "mute" }),
    ]);
    alien.fail("/login.php", "mute");
    attic.fail("mute");
    try {
      const run = start({
        routers: [
          { kind: "amplifi", name: "Alien", host: alien.host, password: "a" },
          { kind: "ddwrt", name: "Attic", host: attic.host, password: "b" },
          { kind: "routeros", name: "Hex", host: `127.0.0.1:${hex.port}`, username: "api", password: "c", tls: "off" },
        ],
      });
      await eventually(
        "all were asked",
        () => alien.asked.length > 0 && attic.server.requests.length > 0 && hex.commands.length > 1,
      );
      const before = performance.now();
      await run.stop();
      assert.ok(performance.now() - before < 2_000);
      assert.deepEqual([run.lines, run.seen], [[], []]);
    } finally {
      await Promise.all([alien.close(), attic.close(), hex.close()]);
    }
  });

  for (const failure of [
    "html",
    "half_page",
    "cut",
    "huge",
    "drip",
    "mute",
    "reset",
    "redirect",
  ] satisfies DdwrtFailure[]) {
    test(`a router that fails by "${failure}" is a failure and one line, never a bug, and is read again when it is well`, async () => {
      const attic = await startDdwrt({ password: "b" });
      attic.fail(failure);
      try {
        await using run = start(
          { routers: [{ kind: "ddwrt", name: "Attic", host: attic.host, password: "b", interval: 1 }] },
          { deadlines: 0.05 },
        );
        await eventually("it has failed twice", () => run.failures("attic").length >= 2);
        attic.fail("none");
        await eventually("it is read", () => run.readings("attic") >= 1);
        assert.deepEqual(
          run.lines.map((text) => text.slice(0, 22)),
          ["a source can't be read"],
          run.lines.join("\n"),
        );
      } finally {
        await attic.close();
      }
    });
  }
});
