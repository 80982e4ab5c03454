import { z } from "zod";

/** Where Home Assistant's Supervisor is reached from within an app. */
export const supervisorAddress = "http://supervisor";

/** The broker that the Supervisor knows, or why there is none. */
export type SupervisorMqtt =
  | { readonly ok: true; readonly url: string; readonly username: string; readonly password: string }
  | { readonly ok: false; readonly problem: string };

const deadlineMs = 5_000;
const largestAnswer = 65_536;

// Form of the Supervisor's endpoint `GET /services/mqtt`; its documentation calls the port a text, its code a number.
const answer = z.object({
  data: z.object({
    host: z.string().regex(/^[A-Za-z0-9.-]{1,253}$/),
    port: z.coerce.number().int().min(1).max(65_535),
    ssl: z.boolean().default(false),
    username: z.string().max(1_000).nullish(),
    password: z.string().max(1_000).nullish(),
  }),
});

/** Asks the Supervisor for the broker of the Mosquitto app. Never throws; to be asked again when the broker refuses the password. */
export async function askSupervisorForMqtt(token: string, baseUrl = supervisorAddress): Promise<SupervisorMqtt> {
  try {
    const response = await get(`${baseUrl}/services/mqtt`, token);
    if (response.status === 400) {
      await response.body?.cancel();
      return {
        ok: false,
        problem: "Home Assistant has no MQTT broker: install the Mosquitto broker app or set mqtt.url",
      };
    }
    if (response.status !== 200) {
      await response.body?.cancel();
      return {
        ok: false,
        problem: `The Supervisor refused to name the MQTT broker (HTTP ${response.status}): set mqtt.url`,
      };
    }
    const text = await readAtMost(response, largestAnswer);
    const parsed = answer.safeParse(JSON.parse(text));
    if (!parsed.success) return { ok: false, problem: notUnderstood };
    const { host, port, ssl, username, password } = parsed.data.data;
    return {
      ok: true,
      url: `${ssl ? "mqtts" : "mqtt"}://${host}:${port}`,
      username: username ?? "",
      password: password ?? "",
    };
  } catch (error) {
    const unreachable =
      "The Supervisor did not name the MQTT broker: it was not reached within 5 s. Set mqtt.url to do without it";
    return {
      ok: false,
      problem: error instanceof SyntaxError || error instanceof RangeError ? notUnderstood : unreachable,
    };
  }
}

const notUnderstood = "The Supervisor's answer about the MQTT broker was not understood: set mqtt.url";

function get(url: string, token: string): Promise<Response> {
  return fetch(url, {
    headers: { authorization: `Bearer ${token}` },
    redirect: "error",
    signal: AbortSignal.timeout(deadlineMs),
  });
}

async function readAtMost(response: Response, limit: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    // Leaving the loop cancels the body.
    if (text.length > limit) throw new RangeError("too long");
  }
  return text + decoder.decode();
}
