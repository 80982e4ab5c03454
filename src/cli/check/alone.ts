import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { join } from "node:path";
import type { LoadedConfig } from "../../config/load.ts";
import { settingsOf } from "../../config/settings.ts";
import { readDevices } from "../../history/read-devices.ts";
import { sourcesOf } from "../../inputs.ts";
import { type Clock, localDay } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import { remember } from "../../model/memory.ts";
import { createModel, type Model } from "../../model/model.ts";
import type { View } from "../../model/view.ts";
import { createMonitor } from "../../monitor.ts";
import { detectIcmp } from "../../probes/icmp/detect.ts";
import { openIcmp } from "../../probes/icmp/open.ts";
import { createLinkReader } from "../../probes/link.ts";
import { openTracer } from "../../probes/path/open.ts";
import type { Trace } from "../../probes/path/trace.ts";
import { openProbes } from "../../probes/registry.ts";
import { runPaths } from "../../probes/run/path.ts";
import { runProbes } from "../../probes/run.ts";
import { runSources } from "../../sources/run.ts";
import { runTick } from "../../tick.ts";
import type { Surroundings } from "../surroundings.ts";
import type { Progress } from "./progress.ts";
import { openRecord } from "./record.ts";
import type { Checked } from "./seen.ts";
import { createWatch, hidesAll } from "./watch.ts";

/** What a check by this program alone needs. */
export interface AloneParts {
  readonly loaded: LoadedConfig;
  readonly dataDir: string;
  readonly record: boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly progress: Progress;
  readonly world: Pick<Surroundings, "signal" | "die">;
}

const longestMs = 15_000;
const longestTracesMs = 12_000;
/** A person waits for it: a few packets, and not as slowly as the routers would like; fewer where none gets far. */
const traces = { usual: { most: 3, intervalMs: 1_500 }, hopeless: { most: 2, intervalMs: 1_000 } };
const always = "* * * * *";

/** Runs the monitor's own parts until the verdict stands, at most 15 s; records it, with traces when not all is well. */
export async function checkAlone(parts: AloneParts): Promise<Checked> {
  const { loaded, clock, log, world, progress } = parts;
  const readLink = createLinkReader({ gateway: loaded.config.gateway });
  const startedAt = clock.now();
  progress.step("looking at this machine", 0, 1);
  const [detected, link, model] = await Promise.all([
    detectIcmp({ clock, signal: world.signal }),
    readLink(),
    modelOf(parts),
  ]);
  const monitor = createMonitor({ model, clock, log, fatal: world.die, vendorOf: () => undefined });
  const { emit, plan } = monitor;
  const watch = createWatch({ clock, progress });
  const record = parts.record ? openRecord(parts) : undefined;
  monitor.add(watch.push);
  if (record !== undefined) monitor.add(record.push);
  emit({ type: "link", at: clock.now(), facts: link });

  const [inputs, tracer] = [new AbortController(), new AbortController()];
  const end = () => {
    inputs.abort();
    tracer.abort();
  };
  world.signal.addEventListener("abort", end, { once: true });
  if (world.signal.aborted) end();
  // What is to be measured is known when the link is.
  await watch.started({ timeoutMs: longestMs, signal: inputs.signal });
  const isHidden = () => hidesAll(monitor.view());
  const probes = openProbes({ clock, lookup: lookupUnless(isHidden) });
  const icmp = openIcmp(detected.engine, { clock, log, tcp: probes.tcp });
  const run = { plan, emit, clock, log, probes, icmp, link: readLink };
  const polled = sourcesOf(loaded, { clock, log }, () => monitor.view().gatewayIp).filter(({ way }) => way === "poll");
  const trace = hurried(openTracer({ clock }), isHidden);
  const tracing = parts.record ? runPaths({ ...run, trace, memory: { roundId: 0 } }, tracer.signal) : undefined;
  const measuring = Promise.all([
    runTick({ clock, emit, schedule: always }, inputs.signal),
    runProbes(run, inputs.signal),
    runSources({ clock, log, emit, sources: polled }, inputs.signal),
  ]);
  await watch.settled({ timeoutMs: longestMs, signal: inputs.signal });
  const seen = withoutHidden(monitor.view());
  const round = seen.plan.trace.round.id;
  // From here on only the traces go on: a name that is still being looked up would hold up the end of the program.
  inputs.abort();
  if (record !== undefined && (seen.verdict.severity === "degraded" || seen.verdict.severity === "outage")) {
    // An outage has asked for its traces itself.
    if (round === 0 && loaded.config.trace.intensive)
      emit({ type: "command", at: clock.now(), command: { name: "trace" } });
    await watch.traced({ timeoutMs: longestTracesMs, signal: tracer.signal });
    await record.diagnosed();
  }
  end();
  world.signal.removeEventListener("abort", end);
  await Promise.all([measuring, tracing]);
  monitor.stop();
  await record?.close({ view: seen, startedAt });
  return { by: "check", seen, problems: detected.problems };
}

/** What lies behind a router that is out of reach is unknown, however the last answer from there may have been meant. */
function withoutHidden(view: View): View {
  if (!hidesAll(view)) return view;
  const { tcp: _tcp, dns: _dns, httpName: _httpName, httpIp: _httpIp, ...rest } = view;
  return rest;
}

/** A model that measures whatever was switched off, and knows what earlier runs learnt, but of no outage: one that is met now is new. */
async function modelOf({ loaded, dataDir, clock, record }: AloneParts): Promise<Model> {
  const now = clock.now();
  const day = localDay(now);
  const settings = settingsOf(loaded.config);
  const intensive = settings.trace.intensive && record;
  const model = createModel({ ...settings, trace: { ...settings.trace, baselineMs: 0, intensive } }, now);
  const stored = await readDevices(join(dataDir, "netwarden.db"), { fromDay: day, toDay: day }).catch(() => undefined);
  if (stored?.memory === undefined) return model;
  const { lastOutage: _past, ...memory } = stored.memory;
  return remember(model, { memory: { ...memory, monitoring: true }, devices: [], day });
}

/** The system's call can't be stopped and would hold up the end of the program for seconds: without a router it is in vain. */
function lookupUnless(isHidden: () => boolean): LookupFunction {
  return (host, options, done) => {
    if (!isHidden()) return lookup(host, options, done);
    done(Object.assign(new Error(`${host} was not looked up`), { code: "EAI_AGAIN" }), []);
  };
}

function hurried(trace: Trace, isHopeless: () => boolean): Trace {
  return (job, signal) => {
    const { most, intervalMs } = isHopeless() ? traces.hopeless : traces.usual;
    return trace({ ...job, count: Math.min(job.count, most), intervalMs }, signal);
  };
}
