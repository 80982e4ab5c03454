import {
  type ActivityRow,
  type Batch,
  type DeviceRow,
  type EventRow,
  type OutageRow,
  sampleWidth,
} from "./protocol.ts";

/** Rows of one packed array, and arrays of one batch. */
export const chunkRows = 1_000;
const chunksOfBatch = 10;
const mostEvents = 1_000;
const mostOutages = 1_000;
const mostDevices = 20_000;

/** One measurement to keep. `rttMs` absent: not answered. */
export interface Sample {
  readonly at: number;
  readonly check: string;
  readonly ok: boolean;
  readonly rttMs?: number;
}

/** What waits to be committed, bounded: when it is full the oldest samples go. */
export interface Queue {
  /** Samples that wait, and those that were lost to the bound since the start. */
  readonly rows: number;
  readonly dropped: number;
  readonly empty: boolean;
  addSample(sample: Sample): void;
  addOutage(row: OutageRow): void;
  addEvent(row: EventRow): void;
  /** Only the newest is kept. Serialized when it is taken, so it must not change. */
  setMemory(memory: unknown): void;
  /** Of each device only the newest state is kept; serialized when it is taken. `undefined`: the device is forgotten. */
  setDevice(id: string, state: unknown): void;
  /** Of each device and day only the newest is kept. */
  setActivity(row: ActivityRow): void;
  /** The oldest that waits, as a batch that is out of the queue from then on; `undefined` when nothing waits. */
  take(): Batch | undefined;
  /** The batch that was taken last is committed: the worker knows its checks. */
  settle(batch: Batch): void;
  /** A new worker: it knows no check. */
  forgetChecks(): void;
  /** All that were ever named. */
  checks(): Batch["checks"];
}

interface Chunk {
  readonly numbers: Float64Array<ArrayBuffer>;
  rows: number;
}

/** An empty queue for at most `mostRows` samples. */
export function createQueue(mostRows: number): Queue {
  const checks = new Map<string, number>();
  let unknown = new Map<string, number>();
  const chunks: Chunk[] = [];
  let events: EventRow[] = [];
  let outages = new Map<number, OutageRow>();
  let memory: { readonly value: unknown } | undefined;
  let devices = new Map<string, unknown>();
  let activity = new Map<string, ActivityRow>();
  let rows = 0;
  let dropped = 0;
  /** One that was emptied, to be filled again: a few samples a second must not cost 32 kB each time. */
  let spare: Chunk["numbers"] | undefined;

  const numberOf = (check: string) => {
    const known = checks.get(check);
    if (known !== undefined) return known;
    checks.set(check, checks.size);
    unknown.set(check, checks.size - 1);
    return checks.size - 1;
  };
  const isEmpty = () =>
    rows === 0 && events.length === 0 && outages.size + devices.size + activity.size === 0 && memory === undefined;

  return {
    get rows() {
      return rows;
    },
    get dropped() {
      return dropped;
    },
    get empty() {
      return isEmpty();
    },
    addSample: ({ at, check, ok, rttMs }) => {
      let last = chunks.at(-1);
      if (last === undefined || last.rows === chunkRows) {
        if (rows + chunkRows > mostRows && chunks.length > 0) {
          const lost = chunks.shift()?.rows ?? 0;
          rows -= lost;
          dropped += lost;
        }
        last = { numbers: spare ?? new Float64Array(chunkRows * sampleWidth), rows: 0 };
        spare = undefined;
        chunks.push(last);
      }
      last.numbers.set([Math.round(at), numberOf(check), ok ? 1 : 0, rttMs ?? Number.NaN], last.rows * sampleWidth);
      last.rows += 1;
      rows += 1;
    },
    addOutage: (row) => {
      outages.set(row.started, row);
      bound(outages, mostOutages);
    },
    addEvent: (row) => {
      events.push(row);
      if (events.length > mostEvents) events.shift();
    },
    setMemory: (value) => {
      memory = { value };
    },
    setDevice: (id, state) => {
      devices.delete(id);
      devices.set(id, state);
      bound(devices, mostDevices);
    },
    setActivity: (row) => {
      activity.set(`${row.id} ${row.day}`, row);
      bound(activity, mostDevices);
    },
    take: () => {
      if (isEmpty()) return undefined;
      const taken = chunks.splice(0, chunksOfBatch);
      rows -= taken.reduce((sum, chunk) => sum + chunk.rows, 0);
      // What the model remembers must not be ahead of the samples that it comes from: it goes with the last of them.
      const isLast = rows === 0;
      const kept = isLast ? memory : undefined;
      const batch: Batch = {
        checks: named(unknown),
        samples: taken.map(({ numbers, rows: used }) => numbers.slice(0, used * sampleWidth)),
        outages: [...outages.values()],
        events,
        devices: isLast ? [...devices].map(toRow) : [],
        activity: isLast ? [...activity.values()] : [],
        ...(kept !== undefined && { memory: JSON.stringify(kept.value) }),
      };
      spare = taken[0]?.numbers;
      outages = new Map();
      events = [];
      if (!isLast) return batch;
      memory = undefined;
      devices = new Map();
      activity = new Map();
      return batch;
    },
    settle: (batch) => {
      for (const [, name] of batch.checks) unknown.delete(name);
    },
    forgetChecks: () => {
      unknown = new Map(checks);
    },
    checks: () => named(checks),
  };
}

function toRow([id, state]: readonly [string, unknown]): DeviceRow {
  return { id, state: state === undefined ? null : JSON.stringify(state) };
}

/** What has waited longest goes when there is too much. */
function bound<K>(map: Map<K, unknown>, most: number): void {
  const oldest = map.keys().next();
  if (map.size > most && oldest.done !== true) map.delete(oldest.value);
}

function named(checks: ReadonlyMap<string, number>): Batch["checks"] {
  return [...checks].map(([name, number]) => [number, name] as const);
}
