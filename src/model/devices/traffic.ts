import type { Timestamp } from "../../lib/clock.ts";
import type { ClientSighting } from "./sighting.ts";
import type { TrafficState } from "./state.ts";

const minuteMs = 60_000;
/** Counters of one device: a few access points, each with a few bands. */
const countersKept = 12;
/** More than any home has: what seems to be more is a counter that jumped. */
const fastestBps = 100e9;

/** Even where a router is read each second. */
const mostInMinute = 61;

/** What of a sighting counts bytes, and when. */
export interface Counted {
  /** The key of the source, and whether it is the one whose figures are taken. */
  readonly source: string;
  readonly chosen: boolean;
  readonly sighting: ClientSighting;
  readonly at: Timestamp;
  /** The local day of `at`. */
  readonly day: string;
  /** The device was watched before: an unknown counter began to count after that. */
  readonly watched: boolean;
}

interface Bytes {
  readonly received: number;
  readonly sent: number;
}

/** True when it says how much the client sent or received. */
export function countsBytes({ receivedBytes, sentBytes, recent }: ClientSighting): boolean {
  return (receivedBytes !== undefined && sentBytes !== undefined) || recent !== undefined;
}

/** Adds what a sighting counted. A counter that fell began anew; one that is not the chosen source's is only remembered. */
export function addTraffic(before: TrafficState | undefined, counted: Counted): TrafficState | undefined {
  const { sighting, source, at, chosen, day } = counted;
  if (!countsBytes(sighting)) return before;
  const old = onDay(before ?? emptyTraffic(source, day), day);
  const key = `${source} ${sighting.mac} ${sighting.counter ?? ""}`;
  const last = old.counters[key];
  const added = sinceLast(counted, last, before === undefined);
  const counters = remember(old.counters, key, counted);
  if (!chosen) return { ...old, counters };
  const sinceMs = last === undefined ? undefined : at - last.at;
  const { downBps, upBps } = rates(sighting, added, sinceMs) ?? old;
  return {
    source,
    day,
    received: old.received + added.received,
    sent: old.sent + added.sent,
    receivedToday: old.receivedToday + added.received,
    sentToday: old.sentToday + added.sent,
    receivedMonth: old.receivedMonth + added.received,
    sentMonth: old.sentMonth + added.sent,
    counters,
    ...(downBps === undefined ? {} : { downBps }),
    ...(upBps === undefined ? {} : { upBps }),
    minute: withinMinute(old.minute, { at, ...added }),
  };
}

/** A device that is gone has no rate. */
export function atRest(traffic: TrafficState): TrafficState {
  if (traffic.downBps === undefined && traffic.upBps === undefined) return traffic;
  const { downBps: _down, upBps: _up, ...rest } = traffic;
  return { ...rest, minute: [] };
}

/** Totals as on this day: a new day, and a new month, begin at zero. */
export function onDay(traffic: TrafficState, day: string): TrafficState {
  if (traffic.day === day) return traffic;
  const month = traffic.day.slice(0, 7) === day.slice(0, 7);
  return {
    ...traffic,
    day,
    receivedToday: 0,
    sentToday: 0,
    receivedMonth: month ? traffic.receivedMonth : 0,
    sentMonth: month ? traffic.sentMonth : 0,
  };
}

/** The bytes of two devices that became one. */
export function mergedTraffic(a: TrafficState | undefined, b: TrafficState | undefined): TrafficState | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const [newer, older] = a.day >= b.day ? [a, onDay(b, a.day)] : [b, onDay(a, b.day)];
  return {
    ...newer,
    received: newer.received + older.received,
    sent: newer.sent + older.sent,
    receivedToday: newer.receivedToday + older.receivedToday,
    sentToday: newer.sentToday + older.sentToday,
    receivedMonth: newer.receivedMonth + older.receivedMonth,
    sentMonth: newer.sentMonth + older.sentMonth,
    counters: { ...older.counters, ...newer.counters },
  };
}

/** Bytes of the last minute: what the router says itself, or what was added up. */
export function lastMinute({ recent }: ClientSighting, { minute }: TrafficState): Bytes {
  if (recent !== undefined && recent.seconds === 60) return { received: recent.receivedBytes, sent: recent.sentBytes };
  let received = 0;
  let sent = 0;
  for (const entry of minute) {
    received += entry.received;
    sent += entry.sent;
  }
  return { received, sent };
}

function emptyTraffic(source: string, day: string): TrafficState {
  const zero = { received: 0, sent: 0, receivedToday: 0, sentToday: 0, receivedMonth: 0, sentMonth: 0 };
  return { source, day, ...zero, counters: {}, minute: [] };
}

type Last = TrafficState["counters"][string] | undefined;

function sinceLast({ sighting, at, watched }: Counted, last: Last, first: boolean): Bytes {
  const { receivedBytes, sentBytes, recent } = sighting;
  if (receivedBytes === undefined || sentBytes === undefined) {
    const share =
      last === undefined || recent === undefined ? 0 : Math.min(1, (at - last.at) / (recent.seconds * 1000));
    return { received: share * (recent?.receivedBytes ?? 0), sent: share * (recent?.sentBytes ?? 0) };
  }
  if (last === undefined && (first || !watched)) return { received: 0, sent: 0 };
  const sinceMs = last === undefined ? minuteMs : Math.max(1_000, at - last.at);
  const grown = {
    received: last !== undefined && receivedBytes >= last.received ? receivedBytes - last.received : receivedBytes,
    sent: last !== undefined && sentBytes >= last.sent ? sentBytes - last.sent : sentBytes,
  };
  const most = (fastestBps / 8) * (sinceMs / 1000);
  return grown.received > most || grown.sent > most ? { received: 0, sent: 0 } : grown;
}

function remember(counters: TrafficState["counters"], key: string, { sighting, at }: Counted) {
  const { receivedBytes: received = counters[key]?.received ?? 0, sentBytes: sent = counters[key]?.sent ?? 0 } =
    sighting;
  const next = { ...counters, [key]: { received, sent, at } };
  if (counters[key] !== undefined) return next;
  const all = Object.entries(next);
  if (all.length <= countersKept) return next;
  return Object.fromEntries(all.sort(([, a], [, b]) => b.at - a.at).slice(0, countersKept));
}

function withinMinute(minute: TrafficState["minute"], added: TrafficState["minute"][number]): TrafficState["minute"] {
  const kept = minute.filter(({ at }) => added.at - at < minuteMs);
  kept.push(added);
  return kept.length > mostInMinute ? kept.slice(-mostInMinute) : kept;
}

function rates({ recent }: ClientSighting, added: Bytes, sinceMs: number | undefined) {
  if (recent !== undefined) {
    return {
      downBps: (recent.receivedBytes * 8) / recent.seconds,
      upBps: (recent.sentBytes * 8) / recent.seconds,
    };
  }
  if (sinceMs === undefined || sinceMs <= 0) return undefined;
  return { downBps: (added.received * 8_000) / sinceMs, upBps: (added.sent * 8_000) / sinceMs };
}
