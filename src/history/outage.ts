import * as z from "zod";
import { type Verdict, verdicts } from "../model/diagnosis/verdicts.ts";
import type { Outage } from "../model/view.ts";
import type { OutageRow } from "./protocol.ts";

const evidence = z.array(z.object({ layer: z.string(), result: z.enum(["ok", "bad", "no_data"]), detail: z.string() }));
const common = {
  started: z.number().min(0),
  verdict: z.enum(Object.keys(verdicts) as [Verdict, ...Verdict[]]),
  severity: z.enum(["ok", "degraded", "outage", "no_data"]),
  blame: z.enum(["none", "self", "lan", "wifi", "router", "modem", "isp", "transit", "dns", "account", "remote"]),
  place: z.string(),
  confidence: z.number(),
  advice: z.string(),
};
const row = z.object({ ...common, ended: z.number().nullable(), evidence: z.string() });

/** An outage as JSON keeps it within something else. */
export const storedOutage = z.object({
  ...common,
  ended: z.exactOptional(z.number().min(0)),
  evidence: evidence.max(200),
});

/** An outage as the database keeps it. */
export function toOutageRow(outage: Outage): OutageRow {
  const { started, ended = null, verdict, severity, blame, place, confidence, advice } = outage;
  const kept = JSON.stringify(outage.evidence);
  return { started, ended, verdict, severity, blame, place, confidence, advice, evidence: kept };
}

/** An outage out of the database; `undefined` when another version or hand wrote what is none. */
export function parseOutageRow(stored: unknown): Outage | undefined {
  const parsed = row.safeParse(stored);
  if (!parsed.success) return undefined;
  const { ended, evidence: text, ...rest } = parsed.data;
  const details = evidence.safeParse(parseJson(text));
  return { ...rest, ...(ended !== null && { ended }), evidence: details.success ? details.data : [] };
}

/** `undefined` when the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
