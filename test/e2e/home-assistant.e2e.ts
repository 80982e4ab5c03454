import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { eventually } from "../ha/eventually.ts";
import { validateBlueprint, validateDiscovery } from "../ha/validate.ts";
import { addPhone, blueprintPath, inputs, listen, useBlueprint } from "./home-assistant-automations.ts";
import { expected, seen } from "./home-assistant-seen.ts";
import { type Bench, createBench, targets } from "./home-assistant-setup.ts";

const blueprintFile = fileURLToPath(new URL(`../../${blueprintPath}`, import.meta.url));
const names = targets.map(({ name }) => name);

/** One home, one broker, one Home Assistant; each test leaves a whole network and a running program. */
suite("Home Assistant", { timeout: 240_000 }, () => {
  let bench: Bench;
  before(async () => {
    bench = await createBench({ [blueprintPath]: readFileSync(blueprintFile, "utf8") });
    await useBlueprint(bench.ha, await addPhone(bench));
    bench.startProgram();
  });
  afterEach((context) => {
    if ("error" in context && context.error !== null) console.error(bench.output().slice(-4000));
  });
  after(() => bench?.close());

  const verdictIs = (verdict: string) => bench.ha.waitFor("sensor.home_hub_verdict", verdict, 30_000);
  const enabledStates = async () => {
    const states = await bench.ha.states();
    const rows = [...(await bench.ha.entities()).values()].filter(({ unique_id }) =>
      unique_id.startsWith("netwarden_"),
    );
    return rows.filter((row) => row.disabled_by === null).map((row) => states.get(row.entity_id)?.state);
  };
  const allUnavailable = (timeoutMs: number) =>
    eventually(
      "every entity is unavailable",
      async () => (await enabledStates()).every((state) => state === "unavailable"),
      timeoutMs,
    );
  const noneUnavailable = () =>
    eventually(
      "no entity is unavailable",
      async () => (await enabledStates()).every((state) => state !== undefined && state !== "unavailable"),
      30_000,
    );
  const hasDevice = async (subject: string) => (await bench.ha.devices()).has(`netwarden_home_${subject}`);
  const deviceComes = (subject: string) => eventually(`${subject} is a device`, () => hasDevice(subject), 20_000);
  const deviceGoes = (subject: string) =>
    eventually(`${subject} is no device`, async () => !(await hasDevice(subject)), 20_000);
  /** A test by a user's press of the button, and back again: all that the program had to publish before is published. */
  const runTest = async () => {
    const before = (await bench.ha.states()).get("event.home_hub_event")?.state;
    await bench.ha.call("button.press", { entity_id: "button.home_hub_run_test" });
    await bench.ha.waitFor(
      "event.home_hub_event",
      ({ state, attributes }) => state !== before && attributes["event_type"] === "test_finished",
      20_000,
    );
  };

  test("every entity of hub and targets has its id, name, state, class, unit and category", async () => {
    const wanted = expected(names);
    await verdictIs("ok");
    let last = {};
    const same = async () => {
      last = await seen(bench.ha, wanted);
      assert.deepEqual(last, wanted);
      return true;
    };
    await eventually("all is measured and shown", same, 20_000).catch(() => assert.deepEqual(last, wanted));
  });

  test("each subject is a device of its own, the targets below the hub", async () => {
    const devices = await bench.ha.devices();
    const hub = devices.get("netwarden_home_hub");
    assert.equal(hub?.name, "Netwarden");
    assert.match(hub?.sw_version ?? "", /^\d+\.\d+\.\d+$/);
    for (const name of names) {
      const device = devices.get(`netwarden_home_target_${name.toLowerCase()}`);
      assert.deepEqual([device?.name, device?.via_device_id], [name, hub?.id]);
    }
  });

  test("every discovery message is taken whole, and nothing is logged or to be repaired", async () => {
    const messages = await bench.retained("homeassistant/device/+/config");
    const own = messages.filter(({ topic }) => topic.includes("netwarden"));
    assert.equal(own.length, 1 + targets.length);
    assert.deepEqual(validateDiscovery(own), []);
    const withUnknownKey = own.map(({ topic, payload }) => ({
      topic,
      payload: payload.replace('"platform"', '"misspelt":1,"platform"'),
    }));
    assert.equal(validateDiscovery(withUnknownKey).length, own.length, "the check itself works");
    assert.deepEqual([await bench.ha.log(), await bench.ha.repairs()], [[], []]);
  });

  test("the button and the switch reach the program", async () => {
    await runTest();
    await bench.ha.call("switch.turn_off", { entity_id: "switch.home_hub_monitoring" });
    await bench.ha.waitFor("switch.home_hub_monitoring", "off");
    await bench.ha.waitFor("binary_sensor.home_hub_internet", "unknown");
    await bench.ha.call("switch.turn_on", { entity_id: "switch.home_hub_monitoring" });
    await bench.ha.waitFor("switch.home_hub_monitoring", "on");
    await verdictIs("ok");
  });

  test("the blueprint is well-formed, with its defaults and with a user's inputs", () => {
    assert.deepEqual(validateBlueprint(blueprintFile, [{}, inputs("phone")]), []);
  });

  test("one target that is down is shown and blamed on nobody at home; the blueprint stays silent", async () => {
    const listener = listen(bench.ha);
    await bench.lab.cut("target_down");
    await bench.ha.waitFor("binary_sensor.home_target_google_reachable", "off");
    await verdictIs("target_down");
    const states = await bench.ha.states();
    assert.equal(states.get("binary_sensor.home_hub_internet")?.state, "on");
    assert.equal(states.get("sensor.home_hub_blame")?.state, "remote");
    await listener.settled("target_down");
    await bench.lab.heal();
    await verdictIs("ok");
    await bench.ha.waitFor("binary_sensor.home_target_google_reachable", "on");
    await listener.settled("ok");
    assert.deepEqual(listener.said(), []);
  });

  test("a broken path to all targets is an outage of the provider; the blueprint tells it and its end", async () => {
    const listener = listen(bench.ha);
    await bench.lab.cut("wan_silent");
    await bench.ha.waitFor("binary_sensor.home_hub_internet", "off");
    await eventually("two messages", () => listener.said().length >= 2);
    const states = await bench.ha.states();
    assert.equal(states.get("sensor.home_hub_severity")?.state, "outage");
    assert.equal(states.get("sensor.home_hub_blame")?.state, "isp");
    assert.equal(states.get("binary_sensor.home_hub_gateway")?.state, "on");
    for (const name of names)
      assert.equal(states.get(`binary_sensor.home_target_${name.toLowerCase()}_reachable`)?.state, "unknown");
    await bench.lab.heal();
    await bench.ha.waitFor("binary_sensor.home_hub_internet", "on", 15_000);
    await verdictIs("ok");
    await listener.settled("ok");
    const [down, also, back, ...more] = listener.said();
    assert.match(down ?? "", /^Internet is down: At fault: the Internet provider.*\. .+/);
    assert.match(also ?? "", /^also: [a-z_]+ isp$/);
    assert.match(back ?? "", /^Internet is back: It was down for \d+ s\.$/);
    assert.deepEqual(more, []);
    await bench.ha.waitFor("sensor.home_hub_outages_today", "1");
  });

  test("a device that its user deleted stays away until the program starts anew", async () => {
    const device = (await bench.ha.devices()).get("netwarden_home_target_quad9");
    assert.ok(device);
    await bench.ha.deleteDevice(device);
    await deviceGoes("target_quad9");
    await bench.publish("homeassistant/status", "online");
    await runTest();
    assert.equal(await hasDevice("target_quad9"), false);
    await bench.stopProgram("SIGTERM");
    await allUnavailable(5_000);
    bench.startProgram();
    await deviceComes("target_quad9");
    await noneUnavailable();
    await verdictIs("ok");
  });

  test("killed, it is unavailable at once; started again, it is back with what it knew, and nothing is told", async () => {
    const listener = listen(bench.ha);
    const outage = (await bench.ha.states()).get("sensor.home_hub_last_outage_started")?.state;
    await bench.stopProgram("SIGKILL");
    await allUnavailable(2_000);
    await listener.settled("unavailable");
    bench.startProgram();
    await noneUnavailable();
    await verdictIs("ok");
    await listener.settled("ok");
    assert.deepEqual(listener.said(), []);
    await bench.ha.waitFor("sensor.home_hub_outages_today", "1");
    await bench.ha.waitFor("sensor.home_hub_last_outage_started", String(outage));
  });

  test("after a restart of Home Assistant all is there again, and nothing is told or logged", async () => {
    const listener = listen(bench.ha);
    await bench.ha.stop();
    await bench.ha.start();
    await noneUnavailable();
    await verdictIs("ok");
    await listener.settled("ok");
    assert.deepEqual(listener.said(), []);
    assert.deepEqual(await bench.ha.log(), []);
  });

  test("after the crash of a broker that forgets everything all is there again, and nothing is told", async () => {
    const listener = listen(bench.ha);
    await bench.broker.stop();
    await allUnavailable(5_000);
    await listener.settled("unavailable");
    await bench.broker.start();
    await noneUnavailable();
    await verdictIs("ok");
    await listener.settled("ok");
    assert.deepEqual(listener.said(), []);
    const held = await bench.retained("homeassistant/device/+/config");
    assert.equal(held.filter(({ topic }) => topic.includes("netwarden")).length, 1 + targets.length);
  });

  test("a target that is no longer configured disappears without a trace", async () => {
    await bench.stopProgram("SIGTERM");
    bench.startProgram(targets.slice(0, 2));
    await deviceGoes("target_quad9");
    await noneUnavailable();
    await verdictIs("ok");
    assert.equal(await hasDevice("target_google"), true);
    const leftovers = await eventually("its topics are gone", async () => {
      const held = [...(await bench.retained("netwarden/#")), ...(await bench.retained("homeassistant/#"))];
      return held.some(({ topic }) => topic.includes("quad9")) ? undefined : [];
    });
    assert.deepEqual(leftovers, []);
    const refused = (await bench.ha.log()).filter(({ name }) => /mqtt\.(?!client)/.test(name));
    assert.deepEqual(refused, []);
  });
});
