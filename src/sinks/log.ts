import type { Log } from "../lib/log.ts";
import type { Sink } from "./sink.ts";

/** One line for each change of the verdict and for each event. */
export function createLogSink(log: Log): Sink {
  let told: string | undefined;
  return {
    name: "log",
    push: ({ view, events }) => {
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
