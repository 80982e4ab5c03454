import * as z from "zod";
import type { Memory } from "../model/memory.ts";
import { storedMac } from "./devices.ts";
import { storedOutage } from "./outage.ts";

const count = z.number().min(0);

const today = z.object({
  day: z.string(),
  cycles: count,
  okCycles: count,
  upMs: count,
  downMs: count,
  noDataMs: count,
  outages: count,
});

const decisions = z.object({
  known: z.record(storedMac, z.object({ name: z.exactOptional(z.string()) })),
  ignored: z.record(storedMac, z.string()),
  joins: z.array(z.object({ macs: z.array(storedMac).min(1), name: z.exactOptional(z.string()) })),
});

const learnt = z.object({
  rttMs: z.exactOptional(count),
  jitterMs: z.exactOptional(count),
  minutes: count,
  hours: z.record(z.string().regex(/^\d{1,3}$/), z.object({ rttMs: count, minutes: count })),
});

const hop = z.object({
  ttl: count,
  address: z.exactOptional(z.string()),
  asn: z.exactOptional(z.string()),
  sent: count,
  answered: count,
  lastMs: z.exactOptional(count),
  meanMs: z.exactOptional(count),
  bestMs: z.exactOptional(count),
  worstMs: z.exactOptional(count),
  deviationMs: z.exactOptional(count),
});

const path = z.object({
  target: z.object({ slug: z.string(), host: z.string() }),
  at: count,
  hops: z.array(hop).max(64),
});

const memory = z.object({
  version: z.literal(1),
  at: count,
  monitoring: z.boolean(),
  today,
  lastOutage: z.exactOptional(storedOutage),
  answered: z.record(z.string(), count),
  learnt: z.exactOptional(learnt),
  paths: z.exactOptional(z.record(z.string(), path)),
  decisions: z.exactOptional(decisions),
  leftOut: z.exactOptional(z.record(z.string().regex(/^[0-9a-f]{8}$/), z.string())),
  externalIp: z.exactOptional(z.string()),
  firmwareTold: z.exactOptional(z.record(z.string(), z.string())),
});

/** What an earlier run left in the database, checked; `undefined` when it is none or of another version. */
export function parseMemory(stored: unknown): Memory | undefined {
  const parsed = memory.safeParse(stored);
  return parsed.success ? parsed.data : undefined;
}
