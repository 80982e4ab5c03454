import type { Clock, Timestamp } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Mac } from "../lib/mac.ts";
import type { DomainEvent, Outage } from "../model/view.ts";
import { connect } from "./connection.ts";
import { createDesk } from "./desk.ts";
import { parseEventRow, toEventRow } from "./event.ts";
import { parseJson, parseOutageRow, toOutageRow } from "./outage.ts";
import type { ActivityRow, ActivitySpan, Answers, HistoryPoint, Limits, Query } from "./protocol.ts";
import { createQueue, type Sample } from "./queue.ts";
import { createWriter } from "./writer.ts";

/** The history: what is given to it is queued and committed together, about once a second. It never blocks or throws. */
export interface Store {
  appendSamples(samples: readonly Sample[]): void;
  /** The same outage again (by `started`) replaces what was recorded of it. */
  recordOutage(outage: Outage): void;
  recordEvent(event: DomainEvent): void;
  /** Plain JSON, committed with the samples that came before it. It must not change afterwards. */
  saveMemory(memory: unknown): void;
  /** What was saved last; `undefined` when nothing was. This and the questions below reject with `StoreError`. */
  loadMemory(): Promise<unknown>;
  /** What is known of devices: plain JSON that must not change afterwards. The same `id` again replaces it. */
  saveDevices(rows: readonly DeviceToSave[]): void;
  /** They are forgotten; what was recorded of their activity stays. */
  removeDevices(ids: readonly string[]): void;
  /** What was saved last of each, unchecked. */
  loadDevices(): Promise<readonly unknown[]>;
  /** A slot that was told once stays, whatever comes later of that day. */
  saveActivity(rows: readonly ActivityRow[]): void;
  /** By device and day. */
  activity(span: ActivitySpan): Promise<readonly ActivityRow[]>;
  /** What happened to the device with these MACs, the newest last. */
  deviceEvents(asked: { readonly macs: readonly Mac[]; readonly limit: number }): Promise<readonly DomainEvent[]>;
  /** Those that touch the time, in the order of their start. */
  outages(span: Span): Promise<readonly Outage[]>;
  /** At most 2,000 points in the order of time: raw for up to six hours, else figures of five minutes or of hours. */
  samples(span: Span & { readonly check: string }): Promise<readonly HistoryPoint[]>;
  status(): StoreStatus;
  /** Commits what waits and closes the file; gives up after three seconds. Again: the same promise. */
  close(): Promise<void>;
}

/** A device's state, by its id. */
export interface DeviceToSave {
  readonly id: string;
  readonly state: unknown;
}

/** From `from` to before `to`. */
export interface Span {
  readonly from: Timestamp;
  readonly to: Timestamp;
}

/** `waiting`: samples not committed yet. `lost`: samples that went because the disk was too slow or full. */
export interface StoreStatus {
  readonly waiting: number;
  readonly lost: number;
  readonly failing: boolean;
}

export interface StoreOptions {
  readonly file: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly retentionDays: number;
  /** Other bounds than the usual ones, for tests. */
  readonly limits?: Partial<Limits>;
}

const dayMs = 86_400_000;
/** About 3 MB: a hundred seconds of 1,000 checks, or hours of a few. */
const waitingRows = 100_000;
const closeDeadlineMs = 3_000;

/** Opens the history, or rejects with `StoreError`: the message says what to do. Without it the monitor goes on. */
export async function openStore({ file, clock, log, retentionDays, limits }: StoreOptions): Promise<Store> {
  const queue = createQueue(waitingRows);
  const desk = createDesk(clock, file);
  const writer = createWriter({ queue, clock, log });
  const retentionMs = retentionDays * dayMs;
  const connection = await connect({
    file,
    clock,
    log,
    limits: {
      rawMs: Math.min(7 * dayMs, retentionMs),
      rawRows: 5_000_000,
      protectMs: 600_000,
      fiveMinuteMs: Math.min(90 * dayMs, retentionMs),
      retentionMs,
      sliceRows: 2_000,
      ...limits,
    },
    onReady: ({ post, replace }) => {
      desk.open(post);
      writer.open({ post, replaceFile: replace });
    },
    onLost: () => {
      desk.lose();
      writer.lose();
    },
    onReply: (reply) => {
      switch (reply.type) {
        case "answer":
        case "unanswered":
          return desk.hear(reply);
        case "committed":
        case "failed":
        case "maintained":
        case "closed":
          return writer.hear(reply);
        case "ready":
        case "refused":
          return;
      }
    },
  });
  const ask = <K extends Query["kind"]>(query: Extract<Query, { kind: K }>) => desk.ask(query) as Promise<Answers[K]>;
  let closing: Promise<void> | undefined;
  return {
    appendSamples: (samples) => {
      for (const sample of samples) queue.addSample(sample);
      writer.wake();
    },
    recordOutage: (outage) => {
      queue.addOutage(toOutageRow(outage));
      writer.wake();
    },
    recordEvent: (event) => {
      queue.addEvent(toEventRow(event));
      writer.wake();
    },
    saveDevices: (rows) => {
      for (const { id, state } of rows) queue.setDevice(id, state);
      writer.wake();
    },
    removeDevices: (ids) => {
      for (const id of ids) queue.setDevice(id, undefined);
      writer.wake();
    },
    saveActivity: (rows) => {
      for (const row of rows) queue.setActivity(row);
      writer.wake();
    },
    loadDevices: async () => (await ask({ kind: "devices" })).flatMap((text) => parseJson(text) ?? []),
    activity: (span) => ask({ kind: "activity", ...span }),
    deviceEvents: async (asked) => (await ask({ kind: "events", ...asked })).flatMap((row) => parseEventRow(row) ?? []),
    saveMemory: (memory) => {
      queue.setMemory(memory);
      writer.wake();
    },
    loadMemory: async () => {
      const text = await ask({ kind: "memory" });
      return text === undefined ? undefined : parseJson(text);
    },
    outages: async ({ from, to }) =>
      (await ask({ kind: "outages", from, to })).flatMap((row) => parseOutageRow(row) ?? []),
    samples: ({ check, from, to }) => ask({ kind: "samples", check, from, to }),
    status: () => ({ waiting: queue.rows + writer.inFlight, lost: queue.dropped, failing: writer.failing }),
    close: () => {
      closing ??= writer.close(closeDeadlineMs).then(() => {
        desk.lose();
        connection.end();
      });
      return closing;
    },
  };
}
