import type { Entity } from "./description.ts";
import type { Subject } from "./subject.ts";
import type { TopicNames } from "./topics.ts";

/** Home Assistant's device-based discovery message for a subject (MQTT integration, `<prefix>/device/<id>/config`). */
export function discoveryPayload(subject: Subject, names: TopicNames): string {
  const { name, model, manufacturer, software, serial, via = "hub" } = subject.device;
  return JSON.stringify({
    device: {
      identifiers: [names.deviceId(subject.id)],
      name,
      ...(manufacturer === undefined ? {} : { manufacturer }),
      model,
      ...(software === undefined ? {} : { sw_version: software }),
      ...(serial === undefined ? {} : { serial_number: serial }),
      ...(subject.id === "hub" ? { sw_version: names.version } : { via_device: names.deviceId(via) }),
    },
    origin: { name: "Netwarden", sw_version: names.version },
    ...availability(subject, names),
    components: Object.fromEntries(subject.rows.map((row) => [row.key, component(row, subject, names)])),
  });
}

function availability(subject: Subject, names: TopicNames): object {
  if (subject.available === undefined) return { availability: [{ topic: names.status }] };
  const own = names.availability(subject.id);
  return { availability: [{ topic: names.status }, { topic: own }], availability_mode: "all" };
}

function component(row: Entity<never>, subject: Subject, names: TopicNames): object {
  return {
    platform: row.platform,
    unique_id: `${names.deviceId(subject.id)}_${row.key}`,
    default_entity_id: `${row.platform}.${names.site}_${subject.slug}_${row.key}`,
    name: row.name,
    ...(row.icon === undefined ? {} : { icon: row.icon }),
    ...(row.category === undefined ? {} : { entity_category: row.category }),
    ...(row.enabled === false ? { enabled_by_default: false } : {}),
    // The same key as the device's, which it replaces.
    ...(row.always === true && subject.available !== undefined ? { availability: [{ topic: names.status }] } : {}),
    ...ofPlatform(row, subject, names),
  };
}

function ofPlatform(row: Entity<never>, subject: Subject, names: TopicNames): object {
  // A retained state of an earlier version may lack the key: unknown, and no warning in Home Assistant's log.
  const value = `value_json.${row.key} | default(none)`;
  const state = { state_topic: names.state(subject.id), value_template: `{{ ${value} }}` };
  const attributes = { json_attributes_topic: names.attributes(subject.id) };
  switch (row.platform) {
    case "sensor":
      return {
        ...state,
        ...(row.deviceClass === undefined ? {} : { device_class: row.deviceClass }),
        ...(row.unit === undefined ? {} : { unit_of_measurement: row.unit }),
        ...(row.stateClass === undefined ? {} : { state_class: row.stateClass }),
        ...(row.options === undefined ? {} : { options: row.options }),
        ...(row.precision === undefined ? {} : { suggested_display_precision: row.precision }),
        ...(row.withAttributes === true ? attributes : {}),
      };
    case "binary_sensor":
      return {
        ...state,
        ...(row.deviceClass === undefined ? {} : { device_class: row.deviceClass }),
        ...(row.withAttributes === true ? attributes : {}),
      };
    case "device_tracker":
      return { ...state, source_type: "router", ...attributes };
    case "update":
      // An empty object changes nothing; the word "None" would be taken for a version.
      return {
        ...state,
        value_template: `{{ (${value} or {}) | tojson }}`,
        device_class: "firmware",
      };
    case "switch":
      return { ...state, command_topic: names.command(row.command) };
    case "button":
      return { command_topic: names.command(row.command), payload_press: row.payload };
    case "event":
      return { state_topic: names.event, event_types: row.eventTypes };
  }
}
