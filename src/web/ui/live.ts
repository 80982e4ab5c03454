import type { StateBody } from "../state.ts";

/** How the page stands with the program. */
export type LinkStatus = "connecting" | "live" | "lost";

/** Who wants to know what the program says. */
export interface LiveListener {
  state(state: StateBody): void;
  event(event: LiveEvent): void;
  status(status: LinkStatus): void;
}

/** Something that happened, as the program tells it. */
export interface LiveEvent {
  readonly event_type: string;
  readonly text: string;
}

/** The server says something at least every 15 s: after this long, the connection is dead although nobody closed it. */
const silenceAllowedMs = 40_000;
const firstRetryMs = 1_000;
const longestRetryMs = 10_000;

/** Listens, and keeps trying: a browser gives up for good when a proxy answers with an error. Returns what ends it. */
export function connect(listener: LiveListener): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retryMs = firstRetryMs;

  const wait = (ms: number, work: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(work, ms);
  };
  const heard = () => wait(silenceAllowedMs, lost);
  const lost = () => {
    source?.close();
    listener.status("lost");
    wait(retryMs, open);
    retryMs = Math.min(retryMs * 2, longestRetryMs);
  };
  const open = () => {
    source = new EventSource(new URL("api/events", document.baseURI));
    source.addEventListener("state", (message) => {
      heard();
      retryMs = firstRetryMs;
      listener.state(JSON.parse(message.data) as StateBody);
      listener.status("live");
    });
    source.addEventListener("event", (message) => {
      heard();
      listener.event(JSON.parse(message.data) as LiveEvent);
    });
    source.addEventListener("alive", heard);
    source.addEventListener("error", lost);
    heard();
  };
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
