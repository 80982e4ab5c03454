import type { LookupFunction } from "node:net";
import type { Clock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import type { Probe } from "../probe.ts";
import { createHostBook } from "./addresses.ts";
import { createFpingEngine } from "./fping-engine.ts";
import type { Icmp } from "./icmp.ts";
import { createPingEngine } from "./ping-engine.ts";
import { createTcpEngine } from "./tcp-engine.ts";

/** What the engines need; `file` replaces the program's own name. */
export interface IcmpParts {
  readonly clock: Clock;
  readonly log: Log;
  /** For the engine of last resort. */
  readonly tcp: Probe<"tcp">;
  readonly lookup?: LookupFunction;
  readonly file?: string;
}

/** Opens the engine that `detectIcmp` found. */
export function openIcmp(engine: Icmp["engine"], { clock, log, tcp, lookup, file }: IcmpParts): Icmp {
  const book = createHostBook(clock, lookup);
  switch (engine) {
    case "fping":
      return createFpingEngine({ clock, log, book, file: file ?? "fping" });
    case "ping":
      return createPingEngine({ clock, book, file });
    case "tcp":
      return createTcpEngine({ clock, tcp });
  }
}
