import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { parseDevice } from "../../src/history/devices.ts";
import { StoreError } from "../../src/history/errors.ts";
import { readDevices } from "../../src/history/read-devices.ts";
import { eventually } from "../ha/eventually.ts";
import { deviceState } from "./device-example.ts";
import { openedStore, readNumber, temporaryDirectory } from "./place.ts";

const days = { fromDay: "2026-01-01", toDay: "2026-01-31" };
const noon = Array.from({ length: 24 }, (_, hour) => (hour === 12 ? 0x3ff : 0));

/** A file as the first version left it. */
function firstVersion(file: string): void {
  const db = new DatabaseSync(file);
  const summary = "count integer not null, ok integer not null, min real, mean real, p95 real, max real, jitter real";
  db.exec(`pragma journal_mode = wal;
    create table checks (id integer primary key, name text not null unique) strict;
    create table sample (at integer not null, chk integer not null, ok integer not null, rtt real,
      primary key (at, chk)) without rowid, strict;
    create table rollup5 (chk integer not null, at integer not null, ${summary}, primary key (chk, at)) without rowid, strict;
    create table rollup60 (chk integer not null, at integer not null, ${summary}, primary key (chk, at)) without rowid, strict;
    create table outage (started integer primary key, ended integer, verdict text not null, severity text not null,
      blame text not null, place text not null, confidence real not null, advice text not null, evidence text not null) strict;
    create table event (id integer primary key, at integer not null, type text not null, text text not null, fields text not null,
      unique (at, type, text)) strict;
    create table kv (key text primary key, value text not null) without rowid, strict;
    create table mark (key text primary key, at integer not null) without rowid, strict;
    insert into event (at, type, text, fields) values (7, 'outage_started', 'Down.', '{}');
    insert into checks values (1, 'icmp:a');
    insert into sample values (5, 1, 1, 2.5);
    insert into kv values ('memory', '{"n":1}');
    pragma user_version = 1`);
  db.close();
}

test("what was saved of devices is there when the store is opened again, and a bad row costs only itself", async (t) => {
  const file = join(temporaryDirectory(t), "netwarden.db");
  const first = await openedStore(t, file);
  assert.deepEqual(await first.loadDevices(), []);
  const states = [1, 2, 3].map((n) => deviceState(n));
  first.saveDevices(states.map((state) => ({ id: state.id, state })));
  first.saveActivity([{ id: deviceState(1).id, day: "2026-01-15", cells: noon }]);
  first.recordEvent({
    event_type: "device_joined",
    at: 9,
    text: "Anna joined Attic",
    fields: { mac: deviceState(1).mac, main: false, band: undefined },
  });
  await first.close();
  const db = new DatabaseSync(file);
  db.exec(`update device set state = '{"id":' where id = '${deviceState(2).id}'`);
  db.close();

  const second = await openedStore(t, file);
  const loaded = (await second.loadDevices()).flatMap((row) => parseDevice(row) ?? []);
  assert.deepEqual(loaded, [deviceState(1), deviceState(3)]);
  assert.deepEqual(await second.activity(days), [{ id: deviceState(1).id, day: "2026-01-15", cells: noon }]);
  assert.deepEqual(await second.deviceEvents({ macs: [deviceState(1).mac], limit: 5 }), [
    {
      event_type: "device_joined",
      at: 9,
      text: "Anna joined Attic",
      fields: { mac: deviceState(1).mac, main: false },
    },
  ]);
  second.removeDevices([deviceState(1).id]);
  await second.close();
  assert.equal(readNumber(file, "select count(*) from device"), 2);
});

test("a file of the first version is brought up, and keeps what it has", async (t) => {
  const file = join(temporaryDirectory(t), "netwarden.db");
  firstVersion(file);
  const store = await openedStore(t, file);
  assert.deepEqual(await store.loadMemory(), { n: 1 });
  assert.equal((await store.samples({ check: "icmp:a", from: 0, to: 10 })).length, 1);
  store.saveDevices([{ id: deviceState(1).id, state: deviceState(1) }]);
  await store.close();
  assert.equal(readNumber(file, "select count(*) from event where text = 'Down.' and mac is null"), 1);
  assert.equal(readNumber(file, "select count(*) from device"), 1);
});

test("devices are read beside a running monitor, from what it has committed, and nothing is written", async (t) => {
  const file = join(temporaryDirectory(t), "netwarden.db");
  const store = await openedStore(t, file);
  store.saveDevices([{ id: deviceState(1).id, state: deviceState(1) }]);
  store.saveActivity([{ id: deviceState(1).id, day: "2026-01-15", cells: noon }]);
  await eventually("it is committed", async () => (await readDevices(file, days)).devices.length === 1);
  const read = await readDevices(file, days);
  assert.deepEqual(read.devices, [deviceState(1)]);
  assert.deepEqual(read.activity, [{ id: deviceState(1).id, day: "2026-01-15", cells: noon }]);
  store.saveDevices([{ id: deviceState(2).id, state: deviceState(2) }]);
  await eventually("the monitor goes on", async () => (await readDevices(file, days)).devices.length === 2);
});

test("without a monitor's file it is said what to do, and none is made", async (t) => {
  const dir = temporaryDirectory(t);
  const missing = await readDevices(join(dir, "netwarden.db"), days).catch((error: unknown) => error);
  assert.ok(missing instanceof StoreError && missing.code === "missing");
  assert.match(missing.message, /start the monitor first, or name its data directory with --data/);
  writeFileSync(join(dir, "text.db"), "not a database at all, ".repeat(100));
  const damaged = await readDevices(join(dir, "text.db"), days).catch((error: unknown) => error);
  assert.ok(damaged instanceof StoreError && damaged.code === "corrupt");
});

test("a file of before there were devices has none, one of a later version is refused", async (t) => {
  const file = join(temporaryDirectory(t), "netwarden.db");
  firstVersion(file);
  assert.deepEqual(await readDevices(file, days), { devices: [], activity: [], memory: undefined });
  const db = new DatabaseSync(file);
  db.exec("pragma user_version = 99");
  db.close();
  await assert.rejects(readDevices(file, days), (error) => error instanceof StoreError && error.code === "newer");
});
