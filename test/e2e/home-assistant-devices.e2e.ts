import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, suite, test } from "node:test";
import type { DevicesView, DeviceView } from "../../src/model/devices/view.ts";
import {
  exampleClient,
  exampleMesh,
  exampleNetwork,
  exampleRouter,
  lostRouter,
  unknownClient,
} from "../fakes/example-network.ts";
import { eventually } from "../ha/eventually.ts";
import { type HomeAssistant, startHomeAssistant } from "../ha/home-assistant.ts";
import { type Mosquitto, startMosquitto } from "../ha/mosquitto.ts";
import { validateDiscovery } from "../ha/validate.ts";
import { type Running, runSink, sampleView, watch } from "../sinks/mqtt/sample.ts";
import { client, mesh, router } from "./home-assistant-devices-expected.ts";
import { lastUpdates, linesOf, recordedRows } from "./home-assistant-devices-seen.ts";

const configuration = readFileSync(new URL("../ha/config/configuration.yaml", import.meta.url), "utf8");
const phone = "client_001122000001";
const tracker = "device_tracker.home_phone_1_presence";
const connected = "binary_sensor.home_phone_1_connected";

/** One broker and one Home Assistant; the real sink, fed with views made here. Each test leaves the network as it found it. */
suite("devices in Home Assistant", { timeout: 300_000 }, () => {
  let broker: Mosquitto;
  let ha: HomeAssistant;
  let sink: Running;
  let step = 0;
  before(async () => {
    broker = await startMosquitto();
    ha = await startHomeAssistant(broker, { "configuration.yaml": `${configuration}\nperson:\n` });
    sink = runSink(broker.port, { clientTier: "full", publishIntervalMs: 500 });
    show({});
    await ha.waitFor(tracker, "home", 30_000);
  });
  after(async () => {
    await sink?.stop();
    await ha?.close();
    await broker?.close();
  });

  /** The usual network, with parts replaced. */
  const show = (network: Partial<DevicesView>) => {
    step += 1;
    const usual = {
      routers: [exampleRouter()],
      meshPoints: [exampleMesh()],
      devices: [exampleClient(1), exampleClient(2)],
      devicesOnline: 2,
      unknownDevices: 0,
      externalIp: "198.51.100.7",
    };
    sink.show(sampleView({ at: step, network: exampleNetwork({ ...usual, ...network }) }));
  };
  const showClient = (more: Partial<DeviceView>) => show({ devices: [exampleClient(1, more), exampleClient(2)] });
  const hasDevice = async (subject: string) => (await ha.devices()).has(`netwarden_home_${subject}`);
  const shows = async (subject: string, of: { readonly slug: string }, wanted: readonly string[]) => {
    let last: readonly string[] = [];
    const same = async () => {
      last = (await linesOf(ha, subject, of)).toSorted();
      assert.deepEqual(last, wanted.toSorted());
      return true;
    };
    await eventually(`${subject} is shown`, same, 20_000).catch(() => assert.deepEqual(last, wanted.toSorted()));
  };

  test("every entity of a router, a mesh point and a client has its id, name, class, unit, category and state", async () => {
    await shows("router_hex", { slug: "router_hex" }, router);
    await shows("mesh_0a0b0c0d0e0f", { slug: "mesh_0a0b0c0d0e0f" }, mesh);
    await shows(phone, { slug: "phone_1" }, client);
    await ha.waitFor("sensor.home_hub_external_ip", "198.51.100.7");
    await ha.waitFor("sensor.home_hub_devices_online", "2");
    await ha.waitFor("sensor.home_hub_unknown_devices", "0");
    const firmware = (await ha.states()).get("update.home_router_hex_firmware")?.attributes;
    assert.deepEqual([firmware?.["installed_version"], firmware?.["latest_version"]], ["7.16.1", "7.17"]);
  });

  test("each is a device of its own: routers and clients below the hub, mesh points below their router", async () => {
    const devices = await ha.devices();
    const [hub, hex, point, anna] = ["hub", "router_hex", "mesh_0a0b0c0d0e0f", phone].map((subject) =>
      devices.get(`netwarden_home_${subject}`),
    );
    assert.deepEqual(
      [hex?.name, hex?.manufacturer, hex?.model, hex?.sw_version],
      ["Hex", "MikroTik", "RB750Gr3", "7.16.1"],
    );
    assert.deepEqual([anna?.manufacturer, anna?.model], ["Example Phones", "Network client"]);
    assert.deepEqual([hex?.via_device_id, anna?.via_device_id, point?.via_device_id], [hub?.id, hub?.id, hex?.id]);
    assert.equal([...devices.keys()].filter((id) => id.startsWith("netwarden_")).length, 7, "and the two targets");
  });

  test("Home Assistant refuses nothing and warns of nothing", async () => {
    const seen = await watch(broker.port, ["homeassistant/device/+/config"]);
    await eventually("all are here", () => seen.held.size === 7);
    await seen.close();
    assert.deepEqual(validateDiscovery([...seen.held].map(([topic, payload]) => ({ topic, payload }))), []);
    assert.deepEqual([await ha.log(), await ha.repairs()], [[], []]);
  });

  test("a tracker shows what others need, and its person is at home for the zone too", async () => {
    const { attributes } = await ha.waitFor(tracker, "home");
    assert.deepEqual(
      ["source_type", "ip", "mac", "host_name", "sources", "traffic_source", "in_zones"].map(
        (name) => attributes[name],
      ),
      ["router", "192.0.2.77", "00:11:22:00:00:01", "phone-1", ["Alien", "Hex"], "Alien", ["zone.home"]],
    );
    await ha.request("person/create", { name: "Anna", user_id: null, device_trackers: [tracker] });
    await ha.waitFor("person.anna", "home");
    await ha.waitFor("zone.home", "1");
    showClient({ connected: false, presence: "not_home", sources: [] });
    await ha.waitFor(tracker, "not_home");
    await ha.waitFor(connected, "off");
    await ha.waitFor("person.anna", "not_home");
    await ha.waitFor("zone.home", "0");
    showClient({});
    await ha.waitFor("zone.home", "1");
  });

  test("while a router can't be read its entities are unavailable and its clients unknown, and none is away", async () => {
    const devices = [unknownClient(1), unknownClient(2)];
    show({ routers: [lostRouter()], meshPoints: [exampleMesh({ available: false })], devices });
    await ha.waitFor("binary_sensor.home_router_hex_reachable", "off");
    await ha.waitFor("sensor.home_router_hex_cpu", "unavailable");
    await ha.waitFor("update.home_router_hex_firmware", "unavailable");
    await ha.waitFor("binary_sensor.home_mesh_0a0b0c0d0e0f_online", "unavailable");
    await ha.waitFor("binary_sensor.home_router_hex_problem", ({ state, attributes }) => {
      return state === "unknown" && attributes["reason"] === "timeout";
    });
    await ha.waitFor(tracker, "unknown");
    await ha.waitFor(connected, "unknown");
    show({ routers: [lostRouter({ code: "auth", message: "Hex refuses the password" })], devices });
    await ha.waitFor("binary_sensor.home_router_hex_problem", ({ state, attributes }) => {
      return state === "on" && attributes["reason"] === "auth";
    });
    show({});
    await ha.waitFor("sensor.home_router_hex_cpu", "7");
    await ha.waitFor("binary_sensor.home_mesh_0a0b0c0d0e0f_online", "on");
    await ha.waitFor(tracker, "home");
  });

  test("a new name is shown, and no entity id changes", async () => {
    showClient({ name: "Anna's phone" });
    await ha.waitFor(connected, ({ attributes }) => attributes["friendly_name"] === "Anna's phone Connected");
    assert.equal((await ha.devices()).get(`netwarden_home_${phone}`)?.name, "Anna's phone");
    showClient({});
    await ha.waitFor(tracker, ({ attributes }) => attributes["friendly_name"] === "Phone 1");
  });

  test("a client that is forgotten disappears, and is there again when it is seen", async () => {
    show({ devices: [exampleClient(2)] });
    await eventually("no device", async () => !(await hasDevice(phone)));
    assert.equal((await ha.states()).has(tracker), false);
    show({});
    await ha.waitFor(tracker, "home", 20_000);
  });

  test("a client that its user deleted stays away until it is seen anew", async () => {
    const device = (await ha.devices()).get("netwarden_home_client_001122000002");
    assert.ok(device);
    await ha.deleteDevice(device);
    await eventually("no device", async () => !(await hasDevice("client_001122000002")));
    await eventually("noticed", () => sink.lines.some((line) => line.includes("deleted in Home Assistant")));
    /** The other one, and a mark by which to know that this was shown. */
    const shown = async (connected: boolean, ip: string) => {
      show({ devices: [exampleClient(1, { ip }), exampleClient(2, { connected, ip })] });
      await ha.waitFor("sensor.home_phone_1_ip", ip);
      assert.equal(await hasDevice("client_001122000002"), false);
    };
    await shown(true, "192.0.2.78");
    await shown(false, "192.0.2.79");
    await shown(false, "192.0.2.80");
    show({});
    await eventually("it is back", () => hasDevice("client_001122000002"), 20_000);
  });

  test("a restart while the router is away costs no entity", async () => {
    const before = [...(await ha.entities()).keys()].toSorted((a, b) => a.localeCompare(b));
    await sink.stop();
    await ha.waitFor(tracker, "unavailable");
    sink = runSink(broker.port, { clientTier: "full", publishIntervalMs: 500 });
    const { facts: _, ...lost } = lostRouter();
    show({ routers: [{ ...lost, facts: {}, interfaces: [] }], meshPoints: [] });
    await ha.waitFor(tracker, "home", 20_000);
    await ha.waitFor("binary_sensor.home_router_hex_reachable", "off");
    await ha.waitFor("sensor.home_router_hex_cpu", "unavailable");
    await ha.waitFor("binary_sensor.home_mesh_0a0b0c0d0e0f_online", "unavailable");
    show({});
    await ha.waitFor("sensor.home_router_hex_cpu", "7");
    await ha.waitFor("binary_sensor.home_mesh_0a0b0c0d0e0f_online", "on");
    assert.deepEqual(
      [...(await ha.entities()).keys()].toSorted((a, b) => a.localeCompare(b)),
      before,
    );
  });

  test("a thousand clients are shown, and a poll in which nothing changed is not recorded", async () => {
    await sink.stop();
    sink = runSink(broker.port, { clientTier: "tracker", publishIntervalMs: 500 });
    const devices = Array.from({ length: 1_000 }, (_, n) => exampleClient(n));
    show({ devices });
    const ids = devices.flatMap(({ slug }) => [
      `device_tracker.home_${slug}_presence`,
      `binary_sensor.home_${slug}_connected`,
    ]);
    const all = async () => {
      const states = await ha.states();
      // On a new subscription the attributes may come after the state.
      return ids.every((id) => {
        const { state = "", attributes = {} } = states.get(id) ?? {};
        return state === "on" || (state === "home" && String(attributes["in_zones"]) === "zone.home");
      });
    };
    await eventually("all are at home", all, 90_000);
    assert.equal((await ha.states()).has("sensor.home_phone_1_ip"), false, "the extras of the tier before are gone");
    await ha.waitFor("sensor.home_hub_unknown_devices", "0");

    const before = await lastUpdates(ha);
    const since = new Date();
    for (let poll = 1; poll <= 5; poll += 1) {
      const polled = devices.map((device) => ({
        ...device,
        nameAt: device.nameAt + poll * 10_000,
        sources: ["Alien"],
      }));
      show({ devices: polled, unknownDevices: poll });
      await ha.waitFor("sensor.home_hub_unknown_devices", String(poll));
    }
    const now = await lastUpdates(ha);
    assert.deepEqual(
      ids.filter((id) => now.get(id) !== before.get(id)),
      [],
    );
    show({ devices: devices.with(7, exampleClient(7, { connected: false })) });
    await ha.waitFor("binary_sensor.home_phone_7_connected", "off");
    await eventually("the one change is recorded", async () => (await recordedRows(ha, since, ids)) > 0);
    assert.equal(await recordedRows(ha, since, ids), 1);
    const refused = (await ha.log()).filter(({ name }) => /mqtt\.(?!client)/.test(name));
    assert.deepEqual(
      refused.filter(({ message }) => !message.some((text) => text.includes("No device components to cleanup"))),
      [],
    );
  });
});
