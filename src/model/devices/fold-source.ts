import type { Timestamp } from "../../lib/clock.ts";
import type { Mac } from "../../lib/mac.ts";
import { uniqueSlugs } from "../../lib/slug.ts";
import { type Draft, tell } from "./draft.ts";
import { type MeshState, newSource, type SourceState, sourceKey } from "./network.ts";
import type { MeshPoint, RouterInterface, SourceErrorCode, SourceReading, SourceSettings } from "./sighting.ts";
import type { InterfaceView } from "./view.ts";

/** A boot time that moved by less is the same one, read less exactly. */
const bootToleranceMs = 60_000;
const meshReadingsMissed = 2;
const shortestGraceMs = 10_000;
/** Wrong passwords do not go away by themselves. */
const atOnce: readonly SourceErrorCode[] = ["auth", "tls"];

/** What a reading says of its source. Gives the source with all but its clients renewed. */
export function foldSource(
  draft: Draft,
  settings: SourceSettings,
  { reading, at }: { reading: SourceReading; at: Timestamp },
): SourceState {
  const before = draft.sources.get(sourceKey(settings.id, reading.part)) ?? newSource(settings, reading.part);
  if (before.available === false) tellBack(draft, before, at);
  const { failure: _failure, ...rest } = before;
  const facts = reading.router ?? before.facts;
  const bootAt = bootTime(before.bootAt, facts.uptimeS, at);
  const mesh = foldMesh(draft, before, { points: facts.meshPoints ?? [], at });
  const source: SourceState = {
    ...rest,
    coverage: reading.coverage,
    available: true,
    accessPoints: new Map((reading.accessPoints ?? []).map((point) => [point.id, point])),
    facts,
    interfaces: interfaces(before, facts.interfaces ?? [], at),
    mesh,
    ...(bootAt === undefined ? {} : { bootAt }),
    readingAt: at,
  };
  draft.sources.set(source.key, source);
  tellFirmware(draft, source, at);
  return source;
}

/** A failed poll is no evidence of anything: only after some time, or at once where no time will help, it is unavailable. */
export function foldFailure(
  draft: Draft,
  settings: SourceSettings,
  failed: { readonly code: SourceErrorCode; readonly message: string; readonly at: Timestamp },
): void {
  const before = draft.sources.get(settings.id) ?? newSource(settings);
  const { code, message, at } = failed;
  const failure = { code, message, since: before.failure?.since ?? at };
  draft.sources.set(settings.id, { ...before, failure });
  const graceMs = before.everRead ? Math.max(shortestGraceMs, 3 * settings.intervalMs) : 0;
  if (atOnce.includes(code) || at - before.readingAt > graceMs) lose(draft, settings.id, at);
}

/** Sources that were not heard for too long, without a word of failure. */
export function loseSilent(draft: Draft, at: Timestamp): boolean {
  let lost = false;
  for (const source of draft.sources.values()) {
    const { intervalMs } = source.settings;
    const patienceMs =
      source.coverage === "full" ? Math.max(120_000, 6 * intervalMs) : Math.max(120_000, 12 * intervalMs);
    if (source.available !== true || at - source.readingAt <= patienceMs) continue;
    lose(draft, source.key, at);
    lost = true;
  }
  return lost;
}

function lose(draft: Draft, key: string, at: Timestamp): void {
  const source = draft.sources.get(key);
  if (source === undefined || source.available === false) return;
  const failure = source.failure ?? { code: "timeout" as const, message: `${source.name} is silent`, since: at };
  draft.sources.set(key, { ...source, available: false, failure });
  if (!source.settings.isRouter) return;
  const { name } = source;
  tell(draft, "router_lost", {
    at: failure.since,
    text: `${name} can't be read: ${failure.message}`,
    fields: { name, reason: failure.code },
  });
}

function tellBack(draft: Draft, { name, settings }: SourceState, at: Timestamp): void {
  if (settings.isRouter)
    tell(draft, "router_back", { at, text: `${name} can be read again`, fields: { name, reason: "" } });
}

function bootTime(old: Timestamp | undefined, uptimeS: number | undefined, at: Timestamp): Timestamp | undefined {
  if (uptimeS === undefined) return old;
  const boot = at - uptimeS * 1000;
  return old !== undefined && Math.abs(boot - old) < bootToleranceMs ? old : Math.round(boot);
}

/** Rates over the time between two readings; a counter that fell began anew. */
function interfaces(before: SourceState, now: readonly RouterInterface[], at: Timestamp): readonly InterfaceView[] {
  const slugs = uniqueSlugs(now.map(({ name }) => name));
  const old = new Map(before.interfaces.map((each) => [each.name, each]));
  const elapsedS = before.readingAt === 0 ? 0 : (at - before.readingAt) / 1000;
  return now.map((each, index) => {
    const rate = (key: "rxBytes" | "txBytes") => {
      const from = old.get(each.name)?.[key];
      const to = each[key];
      return from === undefined || to === undefined || to < from || elapsedS <= 0
        ? undefined
        : ((to - from) * 8) / elapsedS;
    };
    const rxBps = each.rxBps ?? rate("rxBytes");
    const txBps = each.txBps ?? rate("txBytes");
    return {
      ...each,
      slug: slugs[index] ?? "",
      ...(rxBps === undefined ? {} : { rxBps }),
      ...(txBps === undefined ? {} : { txBps }),
    };
  });
}

/** A point that is not listed any more counts as lost after two readings; for one reading it may lack some of its figures. */
function foldMesh(
  draft: Draft,
  before: SourceState,
  now: { points: readonly MeshPoint[]; at: Timestamp },
): ReadonlyMap<Mac, MeshState> {
  const { at } = now;
  const listed = new Map(now.points.map((point) => [point.mac, point]));
  const mesh = new Map<Mac, MeshState>();
  for (const mac of new Set([...before.mesh.keys(), ...listed.keys()])) {
    const old = before.mesh.get(mac);
    const point = listed.get(mac) ?? (old === undefined ? undefined : { ...old, online: false });
    if (point === undefined) continue;
    const missed = point.online ? 0 : (old?.missed ?? meshReadingsMissed) + 1;
    const online = point.online || (missed < meshReadingsMissed && old?.online === true);
    const bootAt = bootTime(old?.bootAt, point.uptimeS, at);
    const told = online ? "online" : (old?.told ?? "nothing") === "online" ? "lost" : (old?.told ?? "nothing");
    mesh.set(mac, { ...point, online, missed, told, ...(bootAt === undefined ? {} : { bootAt }) });
    const fields = { name: point.name, reason: "", router: before.name };
    if (old?.told === "online" && told === "lost")
      tell(draft, "mesh_lost", { at, text: `${point.name} is lost`, fields: { ...fields, reason: "offline" } });
    if (old?.told === "lost" && told === "online")
      tell(draft, "mesh_back", { at, text: `${point.name} is back`, fields });
  }
  return mesh;
}

function tellFirmware(draft: Draft, { settings, name, facts }: SourceState, at: Timestamp): void {
  const { installed, latest } = facts.update ?? {};
  if (latest === undefined || latest === "" || latest === installed) return;
  if (draft.rest.firmwareTold[settings.id] === latest) return;
  draft.rest = { ...draft.rest, firmwareTold: { ...draft.rest.firmwareTold, [settings.id]: latest } };
  tell(draft, "firmware_available", {
    at,
    text: `${name} can be updated from ${installed} to ${latest}`,
    fields: { name, installed, latest },
  });
}
