import { z } from "zod";
import { eventually } from "./eventually.ts";
import { type HomeAssistantSocket, openSocket } from "./socket.ts";

const state = z.object({
  entity_id: z.string(),
  state: z.string(),
  attributes: z.record(z.string(), z.unknown()),
  last_changed: z.string(),
});
const entity = z.object({
  entity_id: z.string(),
  unique_id: z.string(),
  platform: z.string(),
  device_id: z.string().nullable(),
  entity_category: z.string().nullable(),
  disabled_by: z.string().nullable(),
  original_name: z.string().nullable(),
});
const device = z.object({
  id: z.string(),
  name: z.string().nullable(),
  manufacturer: z.string().nullable(),
  model: z.string().nullable(),
  sw_version: z.string().nullable(),
  via_device_id: z.string().nullable(),
  identifiers: z.array(z.tuple([z.string(), z.string()])),
});
const logEntry = z.object({ name: z.string(), level: z.string(), message: z.array(z.string()) });
const issue = z.object({ domain: z.string(), issue_id: z.string() });
const entry = z.object({ entry_id: z.string(), state: z.string() });

/** An entity's state and attributes. */
export type State = z.infer<typeof state>;
/** A row of the entity registry. */
export type Entity = z.infer<typeof entity>;
/** A row of the device registry. */
export type Device = z.infer<typeof device>;
/** A line of the system log: warnings and worse. */
export type LogEntry = z.infer<typeof logEntry>;
/** What Home Assistant asks its user to repair. */
export type Issue = z.infer<typeof issue>;

/** What tests ask of a Home Assistant. */
export interface HomeAssistantClient {
  request(type: string, fields?: Readonly<Record<string, unknown>>): Promise<unknown>;
  running(): Promise<boolean>;
  /** True when the MQTT integration is set up, false while it is on the way, undefined when there is none. */
  mqttLoaded(): Promise<boolean | undefined>;
  states(): Promise<ReadonlyMap<string, State>>;
  /** Waits until the entity has the state, or a state that `wanted` accepts. */
  waitFor(entityId: string, wanted: string | ((seen: State) => boolean), timeoutMs?: number): Promise<State>;
  /** The registry's entities that came by MQTT, by unique id; also those without a state because they are disabled. */
  entities(): Promise<ReadonlyMap<string, Entity>>;
  /** The devices that came by MQTT, by their first identifier. */
  devices(): Promise<ReadonlyMap<string, Device>>;
  /** As a user who presses "delete" on the device's page. */
  deleteDevice(found: Device): Promise<void>;
  call(action: string, data?: Readonly<Record<string, unknown>>): Promise<void>;
  log(): Promise<readonly LogEntry[]>;
  repairs(): Promise<readonly Issue[]>;
  disconnect(): void;
}

/** A client that connects when it is needed, so that it lives through a restart. */
export function createClient(url: string, token: () => string): HomeAssistantClient {
  let socket: Promise<HomeAssistantSocket> | undefined;
  const disconnect = () => {
    socket?.then((open) => open.close()).catch(() => undefined);
    socket = undefined;
  };
  const request = async (type: string, fields: Readonly<Record<string, unknown>> = {}) => {
    const current = socket ?? openSocket(url, token());
    socket = current;
    try {
      return await (await current).request(type, fields);
    } finally {
      const open = await current.then(
        (connected) => connected.isOpen(),
        () => false,
      );
      if (!open && socket === current) socket = undefined;
    }
  };
  const states = async () => keyed(z.array(state).parse(await request("get_states")), (row) => row.entity_id);
  return {
    request,
    disconnect,
    states,
    running: async () => z.object({ state: z.string() }).parse(await request("get_config")).state === "RUNNING",
    mqttLoaded: async () => {
      const [mqtt] = z.array(entry).parse(await request("config_entries/get", { domain: "mqtt" }));
      return mqtt && mqtt.state === "loaded";
    },
    waitFor: async (entityId, wanted, timeoutMs = 10_000) => {
      let seen: State | undefined;
      const look = async () => {
        seen = (await states()).get(entityId);
        const fits = seen && (typeof wanted === "string" ? seen.state === wanted : wanted(seen));
        return fits === true ? seen : undefined;
      };
      return await eventually(`${entityId} as wanted: ${wanted}`, look, timeoutMs).catch((error: unknown) => {
        throw new Error(`${String(error)}; it is ${JSON.stringify(seen)}`);
      });
    },
    entities: async () => {
      const rows = z.array(entity).parse(await request("config/entity_registry/list"));
      return keyed(
        rows.filter((row) => row.platform === "mqtt"),
        (row) => row.unique_id,
      );
    },
    devices: async () => {
      const rows = z.array(device).parse(await request("config/device_registry/list"));
      const ofMqtt = rows.filter((row) => row.identifiers[0]?.[0] === "mqtt");
      return keyed(ofMqtt, (row) => row.identifiers[0]?.[1] ?? row.id);
    },
    deleteDevice: async ({ id }) => {
      await request("config/device_registry/remove", { device_id: id });
    },
    call: async (action, data = {}) => {
      const [domain, service] = action.split(".");
      await request("call_service", { domain, service, service_data: data });
    },
    // Its own analytics find no Internet, now and then in time to say so.
    log: async () => {
      const entries = z.array(logEntry).parse(await request("system_log/list"));
      return entries.filter(({ message }) => !message.some((text) => text.endsWith("for analytics")));
    },
    repairs: async () => z.object({ issues: z.array(issue) }).parse(await request("repairs/list_issues")).issues,
  };
}

function keyed<T>(rows: readonly T[], key: (row: T) => string): ReadonlyMap<string, T> {
  return new Map(rows.map((row) => [key(row), row]));
}
