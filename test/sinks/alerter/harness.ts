import { type Clock, systemClock } from "../../../src/lib/clock.ts";
import { createLog } from "../../../src/lib/log.ts";
import type { DomainEvent } from "../../../src/model/view.ts";
import type { Sink } from "../../../src/sinks/sink.ts";
import { exampleView } from "../../fakes/example-view.ts";

/** A clock on which a pause, and a deadline, takes only this part of its time. */
export function hastyClock({ pauses = 1, deadlines = 1 }: { readonly pauses?: number; readonly deadlines?: number }) {
  const slept: number[] = [];
  const clock: Clock = {
    ...systemClock,
    sleep: (ms, signal) => {
      slept.push(ms);
      return systemClock.sleep(ms * pauses, signal);
    },
    after: (ms, work) => systemClock.after(ms * deadlines, work),
  };
  return { clock, slept };
}

/** A log whose lines are kept. */
export function keptLog() {
  const text: string[] = [];
  const log = createLog("debug", { write: (line) => text.push(line) });
  return {
    log,
    text: () => text.join(""),
    /** Level and message of the lines that people get to see. */
    lines: () =>
      text
        .map((line) => JSON.parse(line) as { level: number; msg: string })
        .filter(({ level }) => level > 20)
        .map(({ level, msg }) => `${level} ${msg}`),
  };
}

/** A device joined; `name` is what it calls itself. */
export function joined(name: string): DomainEvent {
  return {
    event_type: "device_joined",
    at: 1_768_478_400_000,
    text: `${name} joined`,
    fields: { mac: "00:00:5e:00:53:01", name, main: true, ip: undefined },
  };
}

/** A running sink. `tell` hands it events, all at once; dispose of it to see that it ends. */
export function started(sink: Sink) {
  const controller = new AbortController();
  const running = sink.run(controller.signal);
  const stop = async () => {
    controller.abort();
    await running;
  };
  return {
    tell: (...events: readonly DomainEvent[]) =>
      sink.push({ view: exampleView(), events, observations: [], devices: new Map() }),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
