import type { DevicesBody } from "../../devices.ts";

/** Fetches the devices when they changed, never two at a time. */
export interface Feed {
  /** The program says that this is the newest revision. */
  revision(rev: number): void;
  stop(): void;
}

const everyMs = 2_000;
const retryMs = 5_000;

/** `load` gets them; `take` is told what came, `fail` that nothing did. */
export function createFeed(parts: {
  readonly load: () => Promise<DevicesBody>;
  readonly take: (body: DevicesBody) => void;
  readonly fail: () => void;
}): Feed {
  let wanted: number | undefined;
  let held: number | undefined;
  let busy = false;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const pause = (ms: number) => {
    busy = true;
    timer = setTimeout(() => {
      busy = false;
      void run();
    }, ms);
  };
  const run = async () => {
    // Nobody looks: the page asks when it is looked at again.
    if (stopped || busy || wanted === undefined || wanted === held || document.hidden) return;
    busy = true;
    try {
      const body = await parts.load();
      if (stopped) return;
      // Newer ones than were asked for may have come; the next state says so too.
      held = body.devices_rev;
      wanted = Math.max(wanted, held);
      parts.take(body);
      pause(everyMs);
    } catch {
      if (stopped) return;
      parts.fail();
      pause(retryMs);
    }
  };
  const look = () => void run();
  document.addEventListener("visibilitychange", look);
  return {
    revision: (rev) => {
      wanted = rev;
      void run();
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    },
  };
}
