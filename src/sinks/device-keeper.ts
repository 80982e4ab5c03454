import type { Store } from "../history/store.ts";
import { type Clock, localDay } from "../lib/clock.ts";
import { macDigits } from "../lib/mac.ts";
import type { DeviceState } from "../model/devices/state.ts";
import type { DomainEvent } from "../model/view.ts";

type Devices = ReadonlyMap<string, DeviceState>;

/** Gives changed devices to the store: all together now and then, at once those that something happened to. */
export interface DeviceKeeper {
  take(devices: Devices, events: readonly DomainEvent[]): void;
  /** Saves all that changed. */
  flush(): void;
}

/** A poll changes the counters of almost every device: only so often are they written. */
const saveEveryMs = 60_000;

/** `stored`: ids that the database has; those that are no longer among the devices are removed. */
export function createDeviceKeeper(parts: {
  readonly store: Pick<Store, "saveDevices" | "removeDevices" | "saveActivity">;
  readonly clock: Clock;
  readonly stored: Iterable<string>;
}): DeviceKeeper {
  const { store, clock } = parts;
  const saved = new Map<string, DeviceState | undefined>([...parts.stored].map((id) => [id, undefined]));
  let devices: Devices = new Map();
  let savedAt = Number.NEGATIVE_INFINITY;
  let dirty = false;
  let day = localDay(clock.now());

  const saveActivity = (changed: readonly DeviceState[]) => {
    const rows = changed
      .filter(({ id, activity }) => saved.get(id)?.activity.cells !== activity.cells)
      .map(({ id, activity }) => ({ id, day: activity.day, cells: activity.cells }))
      .filter(({ cells }) => cells.some((mask) => mask !== 0));
    if (rows.length > 0) store.saveActivity(rows);
  };
  const save = (changed: readonly DeviceState[]) => {
    if (changed.length === 0) return;
    saveActivity(changed);
    store.saveDevices(changed.map((state) => ({ id: state.id, state })));
    for (const state of changed) saved.set(state.id, state);
  };
  const removeGone = () => {
    const gone = [...saved.keys()].filter((id) => !devices.has(id));
    if (gone.length === 0) return;
    store.removeDevices(gone);
    for (const id of gone) saved.delete(id);
  };
  const flush = () => {
    removeGone();
    save([...devices.values()].filter((state) => saved.get(state.id) !== state));
    savedAt = clock.monotonic();
    dirty = false;
  };
  const saveTold = (events: readonly DomainEvent[]) => {
    const told = new Set(events.flatMap(deviceOf));
    if (told.size === 0) return;
    removeGone();
    save(
      [...devices.values()].filter(
        (state) => !saved.has(state.id) || (told.has(state.id) && saved.get(state.id) !== state),
      ),
    );
  };

  return {
    take: (next, events) => {
      const today = localDay(clock.now());
      // With the new day its cells begin anew: what came since the last save would be lost.
      if (today !== day) saveActivity([...devices.values()]);
      day = today;
      dirty ||= next !== devices;
      devices = next;
      if (dirty && clock.monotonic() - savedAt >= saveEveryMs) flush();
      else if (events.length > 0) saveTold(events);
    },
    flush,
  };
}

/** The id of the device that an event tells of. */
function deviceOf({ event_type: type, fields }: DomainEvent): readonly string[] {
  const { mac } = fields;
  const concerns =
    type.startsWith("device_") || type === "arrived_home" || type === "left_home" || type === "unknown_device";
  return concerns && typeof mac === "string" ? [macDigits(mac)] : [];
}
