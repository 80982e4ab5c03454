import * as z from "zod";
import type { Problem } from "../../lib/install.ts";
import { type Verdict, verdicts } from "../../model/diagnosis/verdicts.ts";
import type { View } from "../../model/view.ts";

/** What a check reports of the view. */
export type Seen = Pick<
  View,
  | "at"
  | "verdict"
  | "episode"
  | "internet"
  | "gateway"
  | "tcp"
  | "dns"
  | "httpName"
  | "httpIp"
  | "gatewayIp"
  | "quality"
> & { readonly targets: readonly SeenTarget[] };

export type SeenTarget = Pick<
  View["targets"][number],
  "slug" | "name" | "host" | "reachable" | "tcp" | "detail" | "rttMs" | "jitterMs" | "lossPercent" | "mos"
>;

/** A check that was done, by this program alone or by the monitor that runs. */
export interface Checked {
  readonly by: "check" | "monitor";
  readonly seen: Seen;
  /** What this machine lacks to measure better. */
  readonly problems: readonly Problem[];
}

const text = z.string().max(2_000);
const figure = z.exactOptional(z.number());
const flag = z.exactOptional(z.boolean());
const quality = { rttMs: figure, jitterMs: figure, lossPercent: figure, mos: figure };
const verdictName = z.enum(Object.keys(verdicts) as [Verdict, ...Verdict[]]);

const verdict = z.object({
  verdict: z.exactOptional(verdictName),
  severity: z.enum(["ok", "degraded", "outage", "no_data"]),
  blame: z.enum(["none", "self", "lan", "wifi", "router", "modem", "isp", "transit", "dns", "account", "remote"]),
  status: z.exactOptional(z.enum(["OK", "LAN_DOWN", "WAN_DOWN", "DNS_APP_FAIL", "APP_LAYER_FAIL"])),
  hint: z.exactOptional(z.enum(["", "ICMP-only", "Mixed", "DNS", "Transport"])),
  confidence: z.number(),
  place: text,
  since: figure,
  evidence: z.array(z.object({ layer: text, result: z.enum(["ok", "bad", "no_data"]), detail: text })).max(200),
  secondBest: z.exactOptional(verdictName),
  advice: text,
});

const state = z.object({
  at: z.number(),
  verdict,
  episode: z.object({
    state: z.enum(["settled", "suspect", "confirmed", "recovering"]),
    suspectSince: figure,
  }),
  internet: flag,
  gateway: flag,
  tcp: flag,
  dns: flag,
  httpName: flag,
  httpIp: flag,
  gatewayIp: z.exactOptional(text),
  quality: z.object(quality),
  targets: z
    .array(
      z.object({
        slug: text,
        name: text,
        host: text,
        reachable: flag,
        tcp: flag,
        detail: z.exactOptional(text),
        ...quality,
      }),
    )
    .max(5_000),
  plan: z.object({ active: z.boolean() }),
});

/** What a running monitor says of itself. */
export interface MonitorState extends Seen {
  readonly plan: { readonly active: boolean };
}

/** The monitor's state out of its JSON; `undefined`: it is none that this version understands. */
export function parseState(given: unknown): MonitorState | undefined {
  const parsed = state.safeParse(given);
  return parsed.success ? parsed.data : undefined;
}
