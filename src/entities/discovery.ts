import type { Entity } from "./description.ts";
import type { Subject } from "./subject.ts";
import type { TopicNames } from "./topics.ts";

/** Home Assistant's device-based discovery message for a subject (MQTT integration, `<prefix>/device/<id>/config`). */
export function discoveryPayload(subject: Subject, names: TopicNames): string {
  const device = names.deviceId(subject.id);
  return JSON.stringify({
    device: {
      identifiers: [device],
      name: subject.name,
      manufacturer: "Netwarden",
      model: subject.model,
      ...(subject.id === "hub" ? { sw_version: names.version } : { via_device: names.deviceId("hub") }),
    },
    origin: { name: "Netwarden", sw_version: names.version },
    availability: [{ topic: names.status }],
    components: Object.fromEntries(subject.rows.map((row) => [row.key, component(row, subject, names)])),
  });
}

function component(row: Entity<never>, subject: Subject, names: TopicNames): object {
  return {
    platform: row.platform,
    unique_id: `${names.deviceId(subject.id)}_${row.key}`,
    default_entity_id: `${row.platform}.${names.site}_${subject.id}_${row.key}`,
    name: row.name,
    ...(row.icon === undefined ? {} : { icon: row.icon }),
    ...(row.category === undefined ? {} : { entity_category: row.category }),
    ...(row.enabled === false ? { enabled_by_default: false } : {}),
    ...ofPlatform(row, subject, names),
  };
}

function ofPlatform(row: Entity<never>, subject: Subject, names: TopicNames): object {
  const state = { state_topic: names.state(subject.id), value_template: `{{ value_json.${row.key} }}` };
  switch (row.platform) {
    case "sensor":
      return {
        ...state,
        ...(row.deviceClass === undefined ? {} : { device_class: row.deviceClass }),
        ...(row.unit === undefined ? {} : { unit_of_measurement: row.unit }),
        ...(row.stateClass === undefined ? {} : { state_class: row.stateClass }),
        ...(row.options === undefined ? {} : { options: row.options }),
        ...(row.precision === undefined ? {} : { suggested_display_precision: row.precision }),
        ...(row.withAttributes === true ? { json_attributes_topic: names.attributes(subject.id) } : {}),
      };
    case "binary_sensor":
      return {
        ...state,
        ...(row.deviceClass === undefined ? {} : { device_class: row.deviceClass }),
        ...(row.withAttributes === true ? { json_attributes_topic: names.attributes(subject.id) } : {}),
      };
    case "switch":
      return { ...state, command_topic: names.command(row.command) };
    case "button":
      return { command_topic: names.command(row.command), payload_press: row.payload };
    case "event":
      return { state_topic: names.event, event_types: row.eventTypes };
  }
}
