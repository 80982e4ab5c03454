import { join } from "node:path";
import { writeAtomically } from "../../lib/atomic-file.ts";
import { type Clock, localDay, localTime, parseTime, type Timestamp, utcTime } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import type { Mac } from "../../lib/mac.ts";
import { oneLine } from "../../lib/one-line.ts";
import type { DeviceView } from "../../model/devices/view.ts";
import { macupdHtml } from "../../reports/macupd-html.ts";
import { macupdFile, macupdFileName, readMacupdLogs } from "../../reports/macupd-logs.ts";
import { alertLine, nameInLog, trackerText, unknownName } from "../../reports/macupd-row.ts";
import type { Sink, Update } from "../sink.ts";
import { createDayLines, dropOldDays } from "./day-files.ts";
import { count, latestRow, type MacupdDay, openDay, type Packet } from "./macupd-day.ts";
import { createPlace, retryMs } from "./place.ts";

export interface MacupdLogOptions {
  /** Where the files go, and where they go instead when nothing can be written there. */
  readonly dir: string;
  readonly fallbackDir: string;
  /** Days that logs are kept. */
  readonly maxLogs: number;
  /** Of all logs together; the oldest go first. */
  readonly maxBytes: number;
  /** The source whose reports these are. */
  readonly source?: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** What was pushed and is not counted yet, in its order. */
type Note =
  | ({ readonly type: "packet" } & Packet)
  | { readonly type: "unknown"; readonly at: Timestamp; readonly mac: Mac };

const dayMs = 86_400_000;
const minuteMs = 60_000;
/** Between two writes of a log, and until what no hour began with is written. */
const pauseMs = 1_000;
const restMs = 5 * minuteMs;
const mostNotes = 50_000;
/** Days that wait for a disk that refuses them. */
const mostDays = 7;
const mostErrorsADay = 5_000;

/**
 * Keeps macupd's tracker, alert and error logs of each local day and `macupd_report.html`, as the older tool did. A tracker log is
 * written when a device is first heard in an hour, at an unknown device, at midnight and at the end.
 */
export function createMacupdLogSink({ clock, source = "macupd", ...options }: MacupdLogOptions): Sink {
  const place = createPlace({ ...options, files: "macupd logs" });
  const lines = createDayLines(place);
  const days = new Map<string, MacupdDay>();
  const errors = { day: "", told: 0 };
  let notes: Note[] = [];
  let wake = () => {};
  let writtenAt = Number.NEGATIVE_INFINITY;
  let reported = "";
  let tidied = "";

  const reject = (at: Timestamp, words: string) => {
    const day = localDay(at);
    if (day !== errors.day) Object.assign(errors, { day, told: 0 });
    errors.told += 1;
    if (errors.told > mostErrorsADay) return;
    const text = errors.told === mostErrorsADay ? "too many errors: no more are written today" : oneLine(words, 400);
    const time = localTime(at).slice(0, 5).replace(":", "");
    lines.add({ file: macupdFileName("error", day), line: `${day.replaceAll("-", "")}:${time}:Err: ${text}` });
  };

  const dayOf = async (at: Timestamp): Promise<MacupdDay> => {
    const day = localDay(at);
    const known = days.get(day);
    if (known !== undefined) return known;
    const { state: opened, problems } = await openDay(day, [...new Set([options.dir, options.fallbackDir])]);
    if (problems.length > 0) options.log.warn("macupd logs: a day's counts can't be read", { day, problems });
    days.set(day, opened);
    const [oldest = day] = [...days.keys()].sort((a, b) => a.localeCompare(b));
    if (days.size > mostDays) days.delete(oldest);
    return opened;
  };

  const absorb = async () => {
    const taken = notes;
    notes = [];
    for (const note of taken) {
      const state = await dayOf(note.at);
      if (note.type === "packet") count(state, note);
      const row = note.type === "unknown" ? latestRow(state, note.mac) : undefined;
      if (row === undefined) continue;
      lines.add({ file: macupdFileName("alert", state.day), line: alertLine(row) });
      state.changed = true;
      state.due = true;
      reported = "";
    }
  };

  const saveDays = async (today: string, atOnce: boolean): Promise<boolean> => {
    const waited = clock.monotonic() - writtenAt;
    for (const state of days.values()) {
      const isDue = atOnce || state.day !== today || waited >= (state.due ? pauseMs : restMs);
      if (!state.changed || !isDue) continue;
      const text = trackerText([...state.rows.values()].sort((a, b) => a.mac.localeCompare(b.mac)));
      const name = macupdFileName("tracker", state.day);
      if (!(await place.write((dir) => writeAtomically(join(dir, name), text)))) return false;
      Object.assign(state, { changed: false, due: false });
      writtenAt = clock.monotonic();
    }
    // What is written of another day is not needed any more.
    for (const state of days.values()) if (state.day !== today && !state.changed) days.delete(state.day);
    return true;
  };

  const report = async (): Promise<boolean> => {
    const now = clock.now();
    const written = await place.write(async (dir) => {
      const html = macupdHtml(await readMacupdLogs(dir), `${localDay(now)} ${localTime(now)}`);
      await writeAtomically(join(dir, "macupd_report.html"), html);
    });
    return written;
  };

  const tidy = async (today: string) => {
    if (tidied === today) return;
    tidied = today;
    const since = utcTime((parseTime(`${today}T00:00:00Z`) ?? 0) - options.maxLogs * dayMs).slice(0, 10);
    const keep = { dayOf: (name: string) => macupdFile(name)?.day, maxBytes: options.maxBytes, since };
    await dropOldDays(place.dir(), keep).catch(() => {});
  };

  /** False when the disk refused something. */
  const work = async (atOnce: boolean): Promise<boolean> => {
    await absorb();
    const today = (await dayOf(clock.now())).day;
    if (!(await saveDays(today, atOnce)) || !(await lines.flush())) return false;
    await tidy(today);
    const hour = `${today} ${localTime(clock.now()).slice(0, 2)}`;
    const isDue = reported !== hour && ![...days.values()].some(({ due }) => due);
    if (!isDue && !atOnce) return true;
    reported = hour;
    if (await report()) return true;
    reported = "";
    return false;
  };

  const rest = async (saved: boolean, signal: AbortSignal) => {
    if (signal.aborted || (notes.length > 0 && saved)) return;
    const woken = new AbortController();
    // A disk that refuses is left alone for a while, whatever comes.
    if (saved) wake = () => woken.abort();
    // The wall clock may be set, and days have 23 to 25 hours: each minute it is looked at anew.
    const toMinute = minuteMs - (clock.now() % minuteMs);
    const isDue = [...days.values()].some(({ due }) => due);
    await (saved ? clock.sleep(isDue ? pauseMs : toMinute, woken.signal) : clock.sleep(retryMs, signal));
    wake = () => {};
  };

  return {
    name: "macupd logs",
    push: (update) => {
      const heard = notesOf(update, source);
      for (const observation of update.observations)
        if (observation.type === "report-rejected" && observation.source === source)
          reject(observation.at, `${observation.from}: ${observation.text}`);
      if (heard.length > 0) notes = [...notes, ...heard].slice(-mostNotes);
      if (heard.length > 0 || lines.waiting() > 0) wake();
    },
    run: async (signal) => {
      signal.addEventListener("abort", () => wake(), { once: true });
      for (;;) {
        const ends = signal.aborted;
        const saved = await work(ends);
        if (ends) return;
        await rest(saved, signal);
      }
    },
  };
}

function notesOf({ view, events, observations }: Update, source: string): readonly Note[] {
  const readings = observations.filter(
    (observation) => observation.type === "reading" && observation.source === source,
  );
  // Who is to be ignored is none of the devices.
  const names = readings.length === 0 ? new Map<Mac, string>() : namesOf(view.network.devices);
  const packets = readings.flatMap((observation): readonly Note[] => {
    if (observation.type !== "reading") return [];
    return observation.reading.clients
      .filter(({ connected, mac }) => connected && names.has(mac))
      .map(({ mac, ip = "", interface: iface = "" }) => {
        const name = names.get(mac) ?? nameInLog(unknownName);
        return { type: "packet", at: observation.at, mac, name, ip: oneLine(ip, 60), iface: oneLine(iface, 60) };
      });
  });
  const unknown = events.flatMap(({ event_type: type, at, fields }): readonly Note[] =>
    type === "unknown_device" ? [{ type: "unknown", at, mac: String(fields["mac"]) }] : [],
  );
  return [...packets, ...unknown];
}

/** What the devices are called in the logs, by all their MACs. */
function namesOf(devices: readonly DeviceView[]): ReadonlyMap<Mac, string> {
  return new Map(
    devices.flatMap(({ macs, name, known }) => macs.map((mac) => [mac, nameInLog(known ? name : unknownName)])),
  );
}
