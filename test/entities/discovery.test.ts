import assert from "node:assert/strict";
import { test } from "node:test";
import { render } from "../../src/entities/render.ts";
import { createSubjects } from "../../src/entities/subjects.ts";
import { topicNames } from "../../src/entities/topics.ts";
import type { View } from "../../src/model/view.ts";
import { sampleView, target } from "../sinks/mqtt/sample.ts";

const names = topicNames({ site: "home", base: "netwarden", prefix: "homeassistant", version: "0.1.0" });

function published(view = sampleView()) {
  const topics = render(createSubjects("tracker")(view).subjects, names);
  return (topic: string) => JSON.parse(topics.get(topic)?.payload() ?? "null");
}

interface Component {
  readonly platform: string;
  readonly unique_id: string;
  readonly default_entity_id: string;
  readonly name: string;
  readonly enabled_by_default?: boolean;
}

const componentsOf = (subject: string, view = sampleView()) =>
  Object.entries<Component>(published(view)(names.discovery(subject)).components);

test("the hub has the entities that automations rely on", () => {
  const keys = componentsOf("hub").map(([key, { platform }]) => `${platform} ${key}`);
  assert.deepEqual(keys, [
    "binary_sensor internet",
    "binary_sensor gateway",
    "binary_sensor tcp",
    "binary_sensor http_name",
    "binary_sensor http_ip",
    "binary_sensor dns",
    "sensor verdict",
    "sensor severity",
    "sensor blame",
    "sensor confidence",
    "sensor status",
    "sensor hint",
    "sensor gateway_ip",
    "sensor external_ip",
    "sensor round_trip_time",
    "sensor jitter",
    "sensor packet_loss",
    "sensor mos",
    "sensor success_rate_today",
    "sensor availability_today",
    "sensor outages_today",
    "sensor last_outage_started",
    "sensor last_outage_duration",
    "binary_sensor flapping",
    "sensor devices_online",
    "sensor unknown_devices",
    "event event",
    "button run_test",
    "button trace",
    "button analyze",
    "button discover_hops",
    "switch monitoring",
    "binary_sensor dns_router",
    "sensor dns_router_time",
  ]);
});

test("a target has six entities, of which jitter and MOS are disabled at first", () => {
  const components = componentsOf("target_google");
  assert.deepEqual(
    components.map(([key]) => key),
    ["reachable", "tcp", "round_trip_time", "jitter", "packet_loss", "mos"],
  );
  const disabled = components.filter(([, component]) => component.enabled_by_default === false);
  assert.deepEqual(
    disabled.map(([key]) => key),
    ["jitter", "mos"],
  );
});

test("ids name site, subject and key, and never repeat", () => {
  const all = ["hub", "target_google", "target_cloudflare"].flatMap((subject) =>
    componentsOf(subject).map(([, one]) => one),
  );
  assert.equal(new Set(all.map(({ unique_id }) => unique_id)).size, all.length);
  const [, internet] = componentsOf("hub")[0] ?? [];
  assert.equal(internet?.unique_id, "netwarden_home_hub_internet");
  assert.equal(internet?.default_entity_id, "binary_sensor.home_hub_internet");
});

test("every entity with a state finds its key in the state, also when it is unknown", () => {
  const { internet: _, ...unknown } = sampleView({ targets: [] });
  for (const view of [sampleView(), unknown]) {
    const stateKeys = Object.keys(published(view)(names.state("hub")));
    const shown = componentsOf("hub", view).filter(([, { platform }]) => platform !== "event" && platform !== "button");
    assert.deepEqual(
      stateKeys,
      shown.map(([key]) => key),
    );
  }
  assert.equal(published(unknown)(names.state("hub")).internet, null);
});

test("attributes carry what the verdict rests on", () => {
  const attributes = published()(names.attributes("hub"));
  assert.deepEqual(Object.keys(attributes), ["place", "since", "evidence", "second_best", "advice", "no_data_share"]);
  assert.deepEqual(attributes.evidence, [{ layer: "gateway", result: "ok", detail: "1 of 1 answer" }]);
});

test("a target that did not change keeps its subject, so nothing of it is rendered again", () => {
  const shown = createSubjects("tracker");
  const subjects = (view: View) => shown(view).subjects;
  const google = target("google");
  const first = subjects(sampleView({ targets: [google, target("a")] }));
  const second = subjects(sampleView({ targets: [google, target("a", { reachable: false })] }));
  assert.equal(first[1], second[1]);
  assert.notEqual(first[2], second[2]);
});
