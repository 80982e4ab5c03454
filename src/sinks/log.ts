import type { Log } from "../lib/log.ts";
import type { Mac } from "../lib/mac.ts";
import type { DevicesView, DeviceView } from "../model/devices/view.ts";
import type { CheckId, Observation } from "../model/types.ts";
import type { Sink } from "./sink.ts";

/**
 * One line for each change of the verdict, for each event, and for each check that can't be measured; with `notes` also for
 * what sources note of clients and is not proven yet.
 */
export function createLogSink(log: Log, { notes }: { readonly notes: boolean }): Sink {
  const noted = new Set<Mac>();
  const unmeasured = new Map<CheckId, string>();
  let told: string | undefined;

  /** Once when it begins, whatever the reason; measured again, it may be told again. */
  const tellUnmeasured = (observation: Observation) => {
    if (observation.type !== "probe") return;
    const { check, outcome } = observation;
    if (outcome.ok || outcome.reason !== "internal") {
      if (unmeasured.size > 0) unmeasured.delete(check);
    } else if (unmeasured.get(check) !== outcome.detail) {
      unmeasured.set(check, outcome.detail);
      log.warn("a check can't be measured: it counts as unknown", { check, detail: outcome.detail });
    }
  };

  /** Once for each client, until there is nothing to note for a while: the figures in a note change with each poll. */
  const tellNotes = (observation: Observation, { devices, unseen }: DevicesView) => {
    if (observation.type !== "reading") return;
    for (const { mac, hostname, notes: said = [] } of observation.reading.clients) {
      const text = said.join("; ");
      const isOurs = ({ macs }: DeviceView) => macs.includes(mac);
      if (text === "") noted.delete(mac);
      // Who is to be ignored is none of the devices.
      else if (!noted.has(mac) && (devices.some(isOurs) || unseen.some(isOurs))) {
        noted.add(mac);
        log.info("experimental", { mac, hostname, note: text });
      }
    }
  };

  return {
    name: "log",
    push: ({ view, events, observations }) => {
      for (const observation of observations) {
        tellUnmeasured(observation);
        if (notes) tellNotes(observation, view.network);
      }
      const { verdict, confidence, place, blame } = view.verdict;
      if (verdict !== undefined && verdict !== told) {
        log.info("verdict", { verdict, confidence, ...(place === "" ? {} : { place, blame }) });
        told = verdict;
      }
      for (const { event_type, text } of events) log.info("event", { event_type, text });
    },
    run: async () => {},
  };
}
