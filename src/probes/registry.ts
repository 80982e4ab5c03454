import type { LookupFunction } from "node:net";
import type { Clock } from "../lib/clock.ts";
import { createDnsProbe } from "./dns.ts";
import { createHttpProbe } from "./http.ts";
import type { Probes } from "./probe.ts";
import { createTcpProbe } from "./tcp.ts";

/** Every kind of probe that measures one check at a time. A new kind is a file and a line here. `lookup` replaces the system's. */
export function openProbes(parts: { readonly clock: Clock; readonly lookup?: LookupFunction }): Probes {
  return { tcp: createTcpProbe(parts), http: createHttpProbe(parts), dns: createDnsProbe(parts) };
}
