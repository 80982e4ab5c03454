import type { Clock } from "../../lib/clock.ts";
import { createHttpClient, HttpError } from "../../lib/http.ts";
import type { Log } from "../../lib/log.ts";
import { createResolve, lookupFrom } from "../../lib/resolve.ts";
import type { Sink } from "../sink.ts";
import { createAlerter, type Delivery } from "./alerter.ts";

interface WebhookParts {
  /** A secret: who knows it can send events in our name. */
  readonly url: string;
  readonly clock: Clock;
  readonly log: Log;
}

const deadlineMs = 10_000;
/** Before the second, third and fourth attempt. */
const pausesMs = [1_000, 5_000, 15_000];
/** What a receiver answers is of no interest. */
const mostBytes = 65_536;

/** What came of one attempt: taken, or why not and whether another may do better. */
type Attempt = "taken" | { readonly reason: string; readonly again: boolean };

/** POSTs each event as JSON to a web address. */
export function createWebhookSink({ url, clock, log }: WebhookParts): Sink {
  const client = createHttpClient({
    tls: { mode: "verify" },
    keepAlive: false,
    maxRedirects: 0,
    cookies: "ignore",
    lookup: lookupFrom(createResolve()),
  });
  let failing = false;

  const post = async (body: string, signal: AbortSignal): Promise<Attempt> => {
    const headers = { "Content-Type": "application/json" };
    const request = { url, method: "POST", headers, body, maxBytes: mostBytes, longer: "cut" } as const;
    try {
      const { status } = await client.request(request, { clock, timeoutMs: deadlineMs, signal });
      if (status >= 200 && status < 300) return "taken";
      return { reason: `status ${status}`, again: status >= 500 || status === 429 };
    } catch (error) {
      // Its message names the address; the code does not.
      if (error instanceof HttpError) return { reason: `${error.code} (${error.detail})`, again: true };
      throw error;
    }
  };

  const tell = (reason: string | undefined) => {
    if (reason === undefined && failing) log.info("the webhook takes events again");
    if (reason !== undefined && !failing) log.warn("the webhook did not take an event: see alerts.webhook", { reason });
    failing = reason !== undefined;
  };

  const deliver = async (event: string, { stopping, hard }: Delivery) => {
    for (let attempt = 0; ; attempt += 1) {
      const result = await post(event, hard);
      if (result === "taken") return tell(undefined);
      const pauseMs = pausesMs[attempt];
      if (!result.again || pauseMs === undefined || hard.aborted) return tell(result.reason);
      await clock.sleep(pauseMs, stopping);
    }
  };

  const alerter = createAlerter({ name: "webhook", atOnce: 1, clock, log, deliver });
  return {
    ...alerter,
    run: async (signal) => {
      await alerter.run(signal);
      client.close();
    },
  };
}
