import assert from "node:assert/strict";
import { test } from "node:test";
import type { Store } from "../../src/history/store.ts";
import type { Observation, ProbeFailure } from "../../src/model/types.ts";
import type { DomainEvent, Outage } from "../../src/model/view.ts";
import { createHistorySink } from "../../src/sinks/history.ts";
import type { Update } from "../../src/sinks/sink.ts";
import { exampleView } from "../fakes/example-view.ts";
import { FakeClock, settle } from "../fakes/fake-clock.ts";
import { deviceState } from "../history/device-example.ts";

/** A store that lists what it was told to keep. */
function listingStore() {
  const told: [string, unknown][] = [];
  const store: Store = {
    appendSamples: (samples) => told.push(["samples", samples]),
    recordOutage: (outage) => told.push(["outage", outage]),
    recordEvent: (event) => told.push(["event", event]),
    saveMemory: (memory) => told.push(["memory", memory]),
    saveDevices: (rows) => told.push(["devices", rows.map(({ id }) => id)]),
    removeDevices: (ids) => told.push(["removed", ids]),
    saveActivity: (rows) => told.push(["activity", rows.map(({ id }) => id)]),
    loadDevices: () => Promise.resolve([]),
    activity: () => Promise.resolve([]),
    deviceEvents: () => Promise.resolve([]),
    loadMemory: () => Promise.resolve(undefined),
    outages: () => Promise.resolve([]),
    samples: () => Promise.resolve([]),
    status: () => ({ waiting: 0, lost: 0, failing: false }),
    close: () => {
      told.push(["close", undefined]);
      return Promise.resolve();
    },
  };
  const take = () => told.splice(0);
  return { store, take };
}

function bench() {
  const clock = new FakeClock();
  const { store, take } = listingStore();
  const sink = createHistorySink({ store, clock });
  const push = (update: Partial<Update>) =>
    sink.push({ view: exampleView(), events: [], observations: [], devices: new Map(), ...update });
  return { clock, sink, push, take };
}

const failed = (reason: ProbeFailure): Observation => ({
  type: "probe",
  at: 2,
  check: "icmp:a",
  outcome: { ok: false, reason, detail: "" },
});
const event = (type: DomainEvent["event_type"]): DomainEvent => ({ event_type: type, at: 1, text: "", fields: {} });
const outage: Outage = {
  started: 1,
  verdict: "dns_down",
  severity: "outage",
  blame: "dns",
  place: "",
  confidence: 1,
  advice: "",
  evidence: [],
};

test("probes are samples, but one that could not measure is none", () => {
  const { push, take } = bench();
  push({
    observations: [
      { type: "probe", at: 1, check: "icmp:a", outcome: { ok: true, rttMs: 7 } },
      failed("timeout"),
      failed("internal"),
      { type: "cycle", at: 3, startedAt: 1, requested: false, partial: false },
    ],
  });
  assert.deepEqual(take(), [
    [
      "samples",
      [
        { at: 1, check: "icmp:a", ok: true, rttMs: 7 },
        { at: 2, check: "icmp:a", ok: false },
      ],
    ],
  ]);
  push({ observations: [failed("internal")] });
  assert.deepEqual(take(), []);
});

test("an outage is recorded when it changes, not at each update", () => {
  const { push, take } = bench();
  push({ view: { ...exampleView(), lastOutage: outage } });
  push({ view: { ...exampleView(), lastOutage: outage } });
  const ended = { ...outage, ended: 9 };
  push({ view: { ...exampleView(), lastOutage: ended } });
  assert.deepEqual(take(), [
    ["outage", outage],
    ["outage", ended],
  ]);
});

test("memory is saved at most each ten seconds, the newest", async () => {
  const { clock, push, take } = bench();
  for (let second = 0; second <= 20; second += 1) {
    push({ memory: { second } });
    await clock.advance(1_000);
  }
  assert.deepEqual(take(), [
    ["memory", { second: 0 }],
    ["memory", { second: 10 }],
    ["memory", { second: 20 }],
  ]);
});

test("memory is saved at once when an outage begins or ends, after the outage itself", () => {
  const { push, take } = bench();
  push({ memory: 1 });
  push({ memory: 2, events: [event("gateway_changed")] });
  push({ memory: 3, events: [event("outage_started")], view: { ...exampleView(), lastOutage: outage } });
  const told = take().map(([what, value]) => (what === "memory" ? value : what));
  assert.deepEqual(told, [1, "event", "event", "outage", 3]);
});

test("memory is saved as soon as it is given when the user decided something of a device", async () => {
  const { clock, push, take } = bench();
  push({ memory: 1 });
  await clock.advance(1_000);
  push({ memory: 2 });
  push({ observations: [{ type: "command", at: 1, command: { name: "ignore", mac: deviceState(1).mac } }] });
  push({});
  push({ memory: 3 });
  push({ memory: 4 });
  assert.deepEqual(take(), [
    ["memory", 1],
    ["memory", 3],
  ]);
});

test("devices are saved, at the end too and before the store is closed", async () => {
  const { sink, push, take } = bench();
  const [first, second] = [deviceState(1), deviceState(2)];
  push({ devices: new Map([[first.id, first]]) });
  push({ devices: new Map([[second.id, second]]) });
  assert.deepEqual(take(), [
    ["activity", [first.id]],
    ["devices", [first.id]],
  ]);
  await sink.run(AbortSignal.abort());
  assert.deepEqual(take(), [
    ["removed", [first.id]],
    ["activity", [second.id]],
    ["devices", [second.id]],
    ["close", undefined],
  ]);
});

test("at the end the newest memory is saved and the store is closed", async () => {
  const { sink, push, take } = bench();
  const stop = new AbortController();
  const ended = sink.run(stop.signal);
  push({ memory: 1 });
  push({ memory: 2 });
  await settle();
  assert.deepEqual(take(), [["memory", 1]]);
  stop.abort();
  await ended;
  assert.deepEqual(take(), [
    ["memory", 2],
    ["close", undefined],
  ]);
});
