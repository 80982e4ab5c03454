import { connectAsync } from "mqtt";
import { eventPayload, render } from "../../src/entities/render.ts";
import { createSubjects } from "../../src/entities/subjects.ts";
import { topicNames } from "../../src/entities/topics.ts";
import type { DomainEvent, View } from "../../src/model/view.ts";
import { type HomeAssistant, startHomeAssistant } from "../ha/home-assistant.ts";
import { startMosquitto } from "../ha/mosquitto.ts";

/** A message on one of the program's command topics. */
export interface Commanded {
  readonly name: string;
  readonly payload: string;
  readonly retain: boolean;
}

/** A broker and a Home Assistant that see of the program what a view shows, and its events. */
export interface EventBench {
  readonly ha: HomeAssistant;
  readonly publish: (topic: string, payload: string, options?: { readonly retain: boolean }) => Promise<void>;
  /** What the program shows: discovery, states and that it is there. */
  show(view: View): Promise<void>;
  /** The program's last will or its return. */
  status(status: "online" | "offline"): Promise<void>;
  /** Events as the program sends them, without a pause between two. */
  tell(...events: readonly Omit<DomainEvent, "at">[]): Promise<void>;
  /** What was commanded so far. */
  commanded(): readonly Commanded[];
  /** Presses a button of a message on the phone. */
  press(action: string): Promise<void>;
  close(): Promise<void>;
}

const names = topicNames({ site: "home", base: "netwarden", prefix: "homeassistant", version: "0.1.0" });

/** Starts both. `config`: files for Home Assistant's configuration folder. */
export async function createEventBench(config: Readonly<Record<string, string>>): Promise<EventBench> {
  const broker = await startMosquitto();
  const ha = await startHomeAssistant(broker, config).catch(async (error: unknown) => {
    await broker.close();
    throw error;
  });
  const client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, { protocolVersion: 5, reconnectPeriod: 100 });
  const commanded: Commanded[] = [];
  client.on("message", (topic, payload, { retain }) => {
    commanded.push({ name: topic.slice(names.command("").length), payload: payload.toString(), retain });
  });
  await client.subscribeAsync(names.commands, { qos: 1 });
  const publish: EventBench["publish"] = async (topic, payload, { retain } = { retain: false }) => {
    await client.publishAsync(topic, payload, { qos: 1, retain });
  };
  const status: EventBench["status"] = (text) => publish(names.status, text, { retain: true });
  const subjects = createSubjects("tracker");
  let at = Date.UTC(2026, 0, 15, 12);
  return {
    ha,
    publish,
    status,
    async show(view) {
      for (const [topic, { payload }] of render(subjects(view).subjects, names))
        await publish(topic, payload(), { retain: true });
      await status("online");
    },
    async tell(...events) {
      at += 1000;
      await Promise.all(events.map((event) => publish(names.event, eventPayload({ ...event, at }))));
    },
    commanded: () => commanded,
    async press(action) {
      const fields = { event_type: "mobile_app_notification_action", event_data: { action } };
      await ha.request("fire_event", fields);
    },
    async close() {
      client.end(true);
      await ha.close();
      await broker.close();
    },
  };
}
