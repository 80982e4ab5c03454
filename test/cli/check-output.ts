import { z } from "zod";

const known = z.boolean().nullable();
const figure = z.number().nullable();
const quality = { round_trip_time: figure, jitter: figure, packet_loss: figure, mos: figure };
const time = z.iso.datetime({ offset: true });

/** What `netwarden check --json` prints: all keys always there, and no others. */
export const checkOutput = z.strictObject({
  at: time,
  measured_by: z.enum(["check", "monitor"]),
  verdict: z.string().nullable(),
  severity: z.enum(["ok", "degraded", "outage", "no_data"]),
  blame: z.string(),
  status: z.enum(["OK", "LAN_DOWN", "WAN_DOWN", "DNS_APP_FAIL", "APP_LAYER_FAIL"]).nullable(),
  hint: z.string().nullable(),
  text: z.string().min(1),
  place: z.string(),
  since: time.nullable(),
  advice: z.string(),
  confidence: z.number().min(0).max(100),
  second_best: z.string().nullable(),
  evidence: z.array(
    z.strictObject({ layer: z.string(), result: z.enum(["ok", "bad", "no_data"]), detail: z.string() }),
  ),
  internet: known,
  gateway: known,
  tcp: known,
  dns: known,
  http_name: known,
  http_ip: known,
  gateway_ip: z.string().nullable(),
  ...quality,
  targets: z.array(
    z.strictObject({
      slug: z.string(),
      name: z.string(),
      host: z.string(),
      reachable: known,
      tcp: known,
      detail: z.string().nullable(),
      ...quality,
    }),
  ),
  problems: z.array(z.strictObject({ capability: z.string(), mend: z.string() })),
});
