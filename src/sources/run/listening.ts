import type { SourceReading } from "../../model/devices/sighting.ts";
import type { Heard } from "../source.ts";
import { createAvailability } from "./availability.ts";
import { after, noFailures, waitMs } from "./backoff.ts";
import { assertBounded } from "./bounds.ts";
import type { HeardSource, RunParts } from "./parts.ts";
import { Hung, settledSoon } from "./settled.ts";

const retryMs = 5_000;
const graceMs = 1_500;

/** Listens until `signal` aborts, and again when that ended before. */
export async function runListening(source: HeardSource, parts: RunParts, signal: AbortSignal): Promise<void> {
  const { clock, emit, log, random = Math.random } = parts;
  const { id } = source;
  const availability = createAvailability(source, parts);
  let failures = noFailures;

  /** What is heard is a sign that listening works; what an ended turn still says is not heard. */
  const hearing = (turn: AbortSignal): Heard => {
    const hear = (tell: () => void) => {
      if (turn.aborted || signal.aborted) return;
      failures = noFailures;
      tell();
    };
    return {
      reading: (reading) => hear(() => tellReading(reading)),
      rejected: (from, text) =>
        hear(() => {
          availability.works();
          emit({ type: "report-rejected", at: clock.now(), source: id, from, text });
        }),
    };
  };

  const tellReading = (reading: SourceReading) => {
    try {
      assertBounded(reading, source.name);
    } catch (error) {
      availability.failed(error);
      return;
    }
    availability.works();
    emit({ type: "reading", at: clock.now(), source: id, reading });
  };

  const listen = async () => {
    const turn = new AbortController();
    try {
      const listening = source.open().listen(hearing(turn.signal), signal);
      await settledSoon(listening, { clock, timeoutMs: graceMs, signal });
      if (!signal.aborted) throw new Error("it stopped listening by itself");
    } catch (error) {
      if (error instanceof Hung) log.error("a bug in a source: it does not stop listening", { source: id });
      if (signal.aborted) return;
      const code = availability.failed(error);
      failures = after(failures, code);
      turn.abort();
      await clock.sleep(waitMs(failures, { code, intervalMs: retryMs, random: random() }), signal);
    }
  };

  while (!signal.aborted) await listen();
}
