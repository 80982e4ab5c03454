import { z } from "zod";
import type { Hop } from "../../model/types.ts";
import { addressIn, mostHops } from "./hops.ts";

/** Up to 0.92 numbers are texts. */
const figure = z.union([z.number(), z.string().regex(/^\s*\d{1,9}(\.\d{1,9})?\s*$/)]).transform(Number);
const amount = figure.pipe(z.number().int().min(0).max(1_000_000));
const ms = figure.pipe(z.number().min(0).max(1e7));

const hub = z.object({
  count: amount,
  host: z.string().max(300),
  ASN: z.string().max(40).optional(),
  "Loss%": figure.pipe(z.number().min(0).max(100)),
  Snt: amount,
  Last: ms,
  Avg: ms,
  Best: ms,
  Wrst: ms,
  StDev: ms,
});
const report = z.object({ report: z.object({ hubs: z.array(hub).max(mostHops) }) });

/** The hops of a `mtr --json` report (0.87 to 0.96), silent ones without an address; `undefined` when it is none. */
export function parseMtrJson(text: string): readonly Hop[] | undefined {
  const parsed = report.safeParse(jsonOf(text));
  return parsed.success ? parsed.data.report.hubs.map(toHop) : undefined;
}

function toHop(seen: z.infer<typeof hub>): Hop {
  const address = addressIn(seen.host);
  const asn = /^AS\d+$/.test(seen.ASN ?? "") ? seen.ASN : undefined;
  const answered = Math.round(seen.Snt * (1 - seen["Loss%"] / 100));
  const known = { ttl: seen.count, sent: seen.Snt, ...(asn === undefined ? {} : { asn }) };
  // "???", where nobody answered, or after an answer that was no address.
  if (address === undefined) return { ...known, answered: 0 };
  if (answered === 0) return { ...known, address, answered };
  const { Last: lastMs, Avg: meanMs, Best: bestMs, Wrst: worstMs, StDev: deviationMs } = seen;
  return { ...known, address, answered, lastMs, meanMs, bestMs, worstMs, deviationMs };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
