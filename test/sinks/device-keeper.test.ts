import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeviceState } from "../../src/model/devices/state.ts";
import type { DomainEvent } from "../../src/model/view.ts";
import { createDeviceKeeper } from "../../src/sinks/device-keeper.ts";
import { FakeClock } from "../fakes/fake-clock.ts";
import { deviceState } from "../history/device-example.ts";

function bench(stored: readonly string[] = []) {
  const clock = new FakeClock();
  const told: [string, readonly string[]][] = [];
  const store = {
    saveDevices: (rows: readonly { readonly id: string; readonly state: unknown }[]) =>
      told.push(["save", rows.map(({ id }) => id)]),
    removeDevices: (ids: readonly string[]) => told.push(["remove", ids]),
    saveActivity: (rows: readonly { readonly id: string; readonly day: string; readonly cells: readonly number[] }[]) =>
      told.push(["activity", rows.map(({ id, day }) => `${id} ${day}`)]),
  };
  const keeper = createDeviceKeeper({ store, clock, stored });
  const take = (devices: ReadonlyMap<string, DeviceState>, events: readonly DomainEvent[] = []) =>
    keeper.take(devices, events);
  return { clock, keeper, take, told: () => told.splice(0) };
}

const mapOf = (...states: readonly DeviceState[]) => new Map(states.map((state) => [state.id, state]));
const [a, b, c] = [deviceState(1), deviceState(2), deviceState(3)];
const seen = (state: DeviceState): DeviceState => ({ ...state, lastSeen: state.lastSeen + 1 });
const event = (type: DomainEvent["event_type"], { mac }: DeviceState): DomainEvent => ({
  event_type: type,
  at: 1,
  text: "",
  fields: { mac },
});
const day = "2026-01-15";

test("what changed is saved once a minute, what did not is not, and its activity only when that changed", async () => {
  const { clock, take, told } = bench();
  take(mapOf(a, b));
  assert.deepEqual(told(), [
    ["activity", [`${a.id} ${day}`, `${b.id} ${day}`]],
    ["save", [a.id, b.id]],
  ]);
  const later = seen(a);
  for (let second = 0; second < 59; second += 1) {
    take(mapOf(later, b));
    await clock.advance(1_000);
  }
  assert.deepEqual(told(), []);
  await clock.advance(1_000);
  take(mapOf(later, b));
  assert.deepEqual(told(), [["save", [a.id]]]);
  await clock.advance(60_000);
  take(mapOf(later, { ...b, activity: { ...b.activity, cells: [...b.activity.cells] } }));
  assert.deepEqual(told(), [
    ["activity", [`${b.id} ${day}`]],
    ["save", [b.id]],
  ]);
});

test("a change is saved a minute later although nothing changed since", async () => {
  const { clock, take, told } = bench();
  take(mapOf(a));
  told();
  const same = mapOf(seen(a));
  take(same);
  await clock.advance(60_000);
  take(same);
  assert.deepEqual(told(), [["save", [a.id]]]);
});

test("an event saves at once the device that it tells of and those that are new, but no other", () => {
  for (const type of [
    "device_joined",
    "device_left",
    "device_moved",
    "arrived_home",
    "left_home",
    "unknown_device",
  ] as const) {
    const { take, told } = bench();
    take(mapOf(a, b));
    told();
    take(mapOf(seen(a), seen(b), c), [event(type, a)]);
    const saves = told().filter(([what]) => what === "save");
    assert.deepEqual(saves, [["save", [a.id, c.id]]], type);
  }
});

test("an event that concerns no device saves none", () => {
  const { take, told } = bench();
  take(mapOf(a));
  told();
  take(mapOf(seen(a), b), [{ event_type: "outage_started", at: 1, text: "", fields: {} }]);
  assert.deepEqual(told(), []);
});

test("who vanished is removed, also when the database alone knew it", async () => {
  const { clock, take, told } = bench([a.id, c.id]);
  take(mapOf(a, b));
  assert.deepEqual(told()[0], ["remove", [c.id]]);
  await clock.advance(60_000);
  take(mapOf(b));
  assert.deepEqual(told(), [["remove", [a.id]]]);
});

test("at midnight the last cells of the day are saved before they are gone", async () => {
  const { clock, take, told } = bench();
  take(mapOf(a, b));
  told();
  const late = { ...a, activity: { day, cells: [...a.activity.cells] } };
  take(mapOf(late, b));
  await clock.advance(86_400_000);
  take(mapOf({ ...a, activity: { day: "2026-01-16", cells: Array<number>(24).fill(0) } }, b));
  assert.deepEqual(told(), [
    ["activity", [`${a.id} ${day}`]],
    ["save", [a.id]],
  ]);
});

test("at the end all that changed is saved", () => {
  const { keeper, take, told } = bench();
  take(mapOf(a, b));
  told();
  take(mapOf(seen(a)));
  keeper.flush();
  assert.deepEqual(told(), [
    ["remove", [b.id]],
    ["save", [a.id]],
  ]);
});
