import type { IClientOptions, MqttClient } from "mqtt";
import mqtt from "mqtt";
import { writeToStream } from "mqtt-packet";
import type { Clock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";

/** How to reach the broker. Certificates and keys are PEM texts. */
export interface MqttOptions {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly insecure: boolean;
  readonly protocol: 4 | 5;
  readonly clientId: string;
  readonly will: { readonly topic: string; readonly payload: string };
}

/** A message from the broker. */
export interface Message {
  readonly topic: string;
  readonly payload: string;
}

/** What the session above wants to know. */
export interface ConnectionEvents {
  connected(): void;
  lost(): void;
  message(message: Message): void;
}

/** A connection that comes back by itself, for ever. */
export interface Connection {
  isConnected(): boolean;
  /** Resolves when the broker has it; false when it was not delivered within the deadline, or there is no connection. */
  publish(message: Message, retain: boolean): Promise<boolean>;
  subscribe(topics: readonly string[]): Promise<boolean>;
  unsubscribe(topics: readonly string[]): void;
  close(): Promise<void>;
}

const firstPauseMs = 1_000;
const longestPauseMs = 10_000;
/** A wrong password does not mend itself, and brokers lock out whoever knocks too often. */
const longestLoginPauseMs = 60_000;
const deadlineMs = 10_000;
const longestMessage = 1_048_576;
const manyReconnects = 6;

/**
 * Opens the connection. mqtt.js as it must be treated (each trap has a test): errors get a listener first, a refused
 * login is tried again with a growing pause, nothing is queued while offline, and no promise is waited for without an end.
 */
export function openConnection(
  options: MqttOptions,
  events: ConnectionEvents,
  { log, clock }: { readonly log: Log; readonly clock: Clock },
): Connection {
  // Its table of ready-made two-byte numbers takes 8 MB, and saves nothing that could be measured.
  writeToStream.cacheNumbers = false;
  const client = mqtt.connect(options.url, clientOptions(options));
  const told = createTeller(log);
  let connects: number[] = [];
  let silentCloses = 0;
  client.on("error", (error) => {
    if (shouldFallBack(client, codeOf(error))) fallBack(client, log);
    else told.problem(error, options.url);
    const longest = explain(error).code === "login" ? longestLoginPauseMs : longestPauseMs;
    client.options.reconnectPeriod = Math.min(longest, (client.options.reconnectPeriod ?? firstPauseMs) * 2);
  });
  client.on("connect", () => {
    silentCloses = 0;
    client.options.reconnectPeriod = firstPauseMs;
    told.back(client.options.protocolVersion === 5 ? "5" : "3.1.1");
    connects = [...connects.filter((at) => clock.monotonic() - at < 20_000), clock.monotonic()];
    if (connects.length === manyReconnects)
      log.warn("the broker drops us again and again: is a second Netwarden with the same site running?");
    events.connected();
  });
  client.on("close", () => {
    silentCloses += 1;
    if (silentCloses === 3 && client.options.protocolVersion === 5 && connects.length === 0) fallBack(client, log);
    events.lost();
  });
  client.on("message", (topic, payload) => {
    if (payload.length <= longestMessage) events.message({ topic, payload: payload.toString("utf8") });
  });
  return {
    isConnected: () => client.connected,
    publish: ({ topic, payload }, retain) =>
      within(clock, async () => {
        if (!client.connected) return false;
        await client.publishAsync(topic, payload, { qos: 1, retain });
        return true;
      }),
    subscribe: (topics) =>
      within(clock, async () => {
        // QoS 0: of a thousand retained messages of QoS 1, Mosquitto's queue drops what is over its limit.
        if (topics.length > 0) await client.subscribeAsync([...topics], { qos: 0 });
        return true;
      }),
    unsubscribe: (topics) => {
      if (client.connected) client.unsubscribe([...topics]);
    },
    close: async () => {
      await within(
        clock,
        async () => {
          await client.endAsync(!client.connected);
          return true;
        },
        2_000,
      );
      client.end(true);
    },
  };
}

function clientOptions(options: MqttOptions): IClientOptions {
  return {
    protocolVersion: options.protocol,
    clientId: options.clientId,
    clean: true,
    queueQoSZero: false,
    reconnectPeriod: firstPauseMs,
    reconnectOnConnackError: true,
    connectTimeout: deadlineMs,
    keepalive: 30,
    resubscribe: false,
    will: { topic: options.will.topic, payload: Buffer.from(options.will.payload), qos: 1, retain: true },
    ...(options.username === "" ? {} : { username: options.username }),
    ...(options.password === "" ? {} : { password: options.password }),
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    ...(options.cert === undefined ? {} : { cert: options.cert }),
    ...(options.key === undefined ? {} : { key: options.key }),
    ...(options.insecure ? { rejectUnauthorized: false } : {}),
  };
}

/** Code 1 (MQTT 3: "unacceptable protocol version") or 0x84 (MQTT 5): the broker does not speak version 5. */
function shouldFallBack(client: MqttClient, code: unknown): boolean {
  return client.options.protocolVersion === 5 && (code === 1 || code === 0x84);
}

function fallBack(client: MqttClient, log: Log): void {
  client.options.protocolVersion = 4;
  log.info("the broker does not speak MQTT 5: going on with 3.1.1");
}

function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}

/** Tells each kind of trouble once, and the return once. */
function createTeller(log: Log) {
  let last = "";
  return {
    problem: (error: unknown, url: string) => {
      const { code, message } = explain(error);
      if (code === last) return;
      last = code;
      log.error(message, { broker: url, code });
    },
    back: (protocol: string) => {
      log.info("connected to the broker", { protocol });
      last = "";
    },
  };
}

function explain(error: unknown): { code: string; message: string } {
  const code = String(codeOf(error) ?? (error instanceof Error ? error.name : "unknown"));
  switch (code) {
    case "4":
    case "5":
    case "134":
    case "135":
      return { code: "login", message: "the broker refuses the login: check mqtt.username and mqtt.password" };
    case "ECONNREFUSED":
      return { code, message: "no broker listens there: check mqtt.url, or start the broker; trying again" };
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return { code, message: "the broker's name can't be looked up: check mqtt.url; trying again" };
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
      return { code, message: "the broker's certificate is not trusted: set mqtt.ca, or mqtt.insecure" };
    default:
      return { code, message: "the broker can't be reached; trying again" };
  }
}

/** A publish of QoS 1 that goes offline on its way never settles: nothing waits without an end. */
async function within(clock: Clock, work: () => Promise<boolean>, limitMs = deadlineMs): Promise<boolean> {
  let cancel = () => {};
  const late = new Promise<boolean>((resolve) => {
    cancel = clock.after(limitMs, () => resolve(false));
  });
  try {
    return await Promise.race([work(), late]);
  } catch {
    return false;
  } finally {
    cancel();
  }
}
