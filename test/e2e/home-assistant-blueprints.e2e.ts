import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { eventTypes } from "../../src/entities/event-types.ts";
import { parseCommand } from "../../src/sinks/mqtt/commands.ts";
import { readRepositoryFile, readYaml } from "../app/manifest.ts";
import { exampleClient, exampleNetwork, exampleRouter, lostRouter } from "../fakes/example-network.ts";
import { exampleView } from "../fakes/example-view.ts";
import { eventually } from "../ha/eventually.ts";
import { validateBlueprint } from "../ha/validate.ts";
import { addPhone } from "./home-assistant-automations.ts";
import { createEventBench, type EventBench } from "./home-assistant-events.ts";

const strangers = "blueprints/automation/netwarden/unknown_device.yaml";
const presence = "blueprints/automation/netwarden/presence.yaml";

const anna = exampleClient(1, { name: "Anna's phone", slug: "annas_phone" });
const tv = exampleClient(2, { name: "TV | <b>", slug: "tv", presence: "not_home", connected: false });
const view = exampleView({
  network: exampleNetwork({
    devices: [anna, tv],
    routers: [exampleRouter(), lostRouter({}, { id: "attic", name: "Attic" })],
    devicesOnline: 1,
    unknownDevices: 0,
  }),
});

const notification = z.object({
  title: z.string().default(""),
  message: z.string(),
  data: z
    .object({
      tag: z.string(),
      actions: z.array(z.object({ action: z.string(), title: z.string() })).default([]),
    })
    .optional(),
});

/** What a dashboard's markdown cards hold. */
const dashboard = z.object({
  views: z.array(
    z.object({
      title: z.string(),
      sections: z.array(z.object({ cards: z.array(z.looseObject({ content: z.string().optional() })) })),
    }),
  ),
});

const stranger = (last: number, more: Readonly<Record<string, string | boolean>> = {}) => ({
  event_type: "unknown_device" as const,
  text: "An unknown device is on the network",
  fields: { mac: `3c:11:22:33:44:${String(last).padStart(2, "0")}`, name: `thing-${last}`, random_mac: false, ...more },
});
const presenceOf = (event_type: "arrived_home" | "left_home", { mac, name }: { mac: string; name: string }) => ({
  event_type,
  text: `${name} ${event_type}`,
  fields: { mac, name },
});

/** A broker, a Home Assistant and what the program would send them; each test leaves nothing that waits to be told. */
suite("the blueprints in Home Assistant", { timeout: 240_000 }, () => {
  let bench: EventBench;
  let from = 0;

  before(async () => {
    const files = [strangers, presence].map((path) => [path, readRepositoryFile(path)]);
    bench = await createEventBench(Object.fromEntries(files));
    const phone = await addPhone(bench);
    await bench.show(view);
    await bench.ha.waitFor("event.home_hub_event", "unknown");
    await bench.ha.waitFor("device_tracker.home_annas_phone_presence", "home");
    const say = (title: string, message: string) => [
      { action: "notify.mobile_app_phone", data: { title, message: `{{ ${message} }}` } },
    ];
    const uses = [
      ["strangers", strangers, { phones: [phone], unknown_actions: say("also", "name ~ ' ' ~ vendor ~ ' ' ~ maybe") }],
      [
        "unmade",
        strangers,
        { random: false, command_topic: "other/attic/command", unknown_actions: say("made", "mac") },
      ],
      ["anna", presence, { who: ["device_tracker.home_annas_phone_presence"], phones: [phone] }],
      [
        "arrivals",
        presence,
        { tell_away: false, home_actions: say("home", "name"), away_actions: say("away", "name") },
      ],
    ] as const;
    const automations = uses.map(([id, path, input]) => {
      return { id, alias: id, use_blueprint: { path: path.replace("blueprints/automation/", ""), input } };
    });
    bench.ha.writeConfig("automations.yaml", JSON.stringify(automations));
    await bench.ha.call("automation.reload");
    for (const [id] of uses) await bench.ha.waitFor(`automation.${id}`, "on");
  });
  after(() => bench?.close());

  const toldSince = () =>
    bench.ha
      .notifications()
      .slice(from)
      .map((each) => notification.parse(each));
  /** Waits for as many messages as expected, and takes them: what comes after is the next test's. */
  const told = async (count: number) => {
    const all = await eventually(`${count} messages`, () => toldSince().length >= count && toldSince()).catch(() =>
      toldSince(),
    );
    from += all.length;
    return all;
  };
  const titles = async (count: number) => (await told(count)).map(({ title, message }) => `${title}: ${message}`);
  /** Of what came before, nothing was told: an event after it is all there is. */
  const onlyMarkers = async () => {
    await bench.tell(stranger(99, { random_mac: true }), presenceOf("arrived_home", { mac: "marker", name: "Marker" }));
    assert.deepEqual((await titles(3)).sort(), [
      "Unknown device on the network: thing-99 (3c:11:22:33:44:99). Its address is a random one.",
      "also: thing-99",
      "home: Marker",
    ]);
  };
  const buttonsOf = async (last: number) => {
    await bench.tell(stranger(last, { random_mac: true }));
    const [message] = await told(2);
    const [known, ignore] = message?.data?.actions ?? [];
    assert.deepEqual([known?.title, ignore?.title], ["Known", "Ignore"]);
    return { known: known?.action ?? "", ignore: ignore?.action ?? "" };
  };
  const commands = () =>
    bench.commanded().map(({ name, payload, retain }) => ({ retain, command: parseCommand(name, payload) }));

  test("both are well-formed, with their defaults and with a user's inputs", () => {
    const file = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
    const actions = [{ action: "light.turn_on", target: { entity_id: "light.x" } }];
    const phones = { phones: ["phone"] };
    assert.deepEqual(validateBlueprint(file(strangers), [{}, { ...phones, unknown_actions: actions }]), []);
    assert.deepEqual(validateBlueprint(file(presence), [{}, { ...phones, home_actions: actions, who: ["a.b"] }]), []);
  });

  test("the very first event of a fresh installation is told, with all that is known", async () => {
    const more = { ip: "192.0.2.9", vendor: "Example", access_point: "Attic", router: "Alien", maybe: "Laptop" };
    await bench.tell(stranger(1, more));
    const all = await titles(3);
    assert.deepEqual(all.sort(), [
      "Unknown device on the network: thing-1 (3c:11:22:33:44:01), 192.0.2.9, made by Example, at Attic. It may be Laptop.",
      "also: thing-1 Example Laptop",
      "made: 3c:11:22:33:44:01",
    ]);
  });

  test("two strangers within a moment, among other events, are both told", async () => {
    const joined = { event_type: "device_joined" as const, text: "x", fields: { mac: "3c:11:22:33:44:02" } };
    await bench.tell(joined, stranger(2), joined, stranger(3), joined);
    const made = (await titles(6)).filter((line) => line.startsWith("made")).sort();
    assert.deepEqual(made, ["made: 3c:11:22:33:44:02", "made: 3c:11:22:33:44:03"]);
  });

  test("a name from the network is text and nothing else", async () => {
    await bench.tell(stranger(4, { name: "{{ states | count }} [1, 2]", random_mac: true }));
    assert.deepEqual(await titles(2), [
      "Unknown device on the network: {{ states | count }} [1, 2] (3c:11:22:33:44:04). Its address is a random one.",
      "also: {{ states | count }} [1, 2]",
    ]);
  });

  test('the answer "Known" and the answer "Ignore" are commands about that device, and the message goes', async () => {
    const { known } = await buttonsOf(5);
    const { ignore } = await buttonsOf(12);
    await bench.press(known);
    await bench.press(ignore);
    await eventually("both commands", () => bench.commanded().length >= 2);
    assert.deepEqual(commands(), [
      { retain: false, command: { name: "acknowledge", mac: "3c:11:22:33:44:05" } },
      { retain: false, command: { name: "ignore", mac: "3c:11:22:33:44:12" } },
    ]);
    const cleared = (await told(2)).map(({ message, data }) => [message, data?.tag]);
    assert.deepEqual(cleared, [
      ["clear_notification", "netwarden_netwarden_home_command_3c1122334405"],
      ["clear_notification", "netwarden_netwarden_home_command_3c1122334412"],
    ]);
  });

  test("other buttons, broken ones and those of an old message do nothing", async () => {
    const { known } = await buttonsOf(6);
    const before = bench.commanded().length;
    const old = known.replace(/\d+$/, (seconds) => String(Number(seconds) - 24 * 3600 - 60));
    const others = [
      "",
      "OPEN_GARAGE",
      `${known} `,
      known.replace("acknowledge", "join"),
      known.replace("3c", "xx"),
      old,
    ];
    for (const action of others) await bench.press(action);
    await bench.ha.request("fire_event", { event_type: "mobile_app_notification_action" });
    await bench.press(known);
    await eventually("the command", () => bench.commanded().length > before);
    await told(1);
    assert.deepEqual(commands().slice(before), [
      { retain: false, command: { name: "acknowledge", mac: "3c:11:22:33:44:06" } },
    ]);
    await onlyMarkers();
  });

  test("who comes home and who leaves is told of those that were asked for", async () => {
    await bench.tell(presenceOf("left_home", anna));
    assert.match((await titles(1)).join(), /^Anna's phone has left: Anna's phone left home at \d\d:\d\d\.$/);
    await bench.tell(presenceOf("left_home", tv));
    await bench.tell(presenceOf("arrived_home", tv));
    assert.deepEqual(await titles(1), [`home: ${tv.name}`]);
    await bench.tell(presenceOf("arrived_home", anna));
    const [told, also] = (await titles(2)).sort();
    assert.match(told ?? "", /^Anna's phone is home: Anna's phone came home at \d\d:\d\d\.$/);
    assert.equal(also, "home: Anna's phone");
  });

  test("every other event leaves both silent", async () => {
    const own = new Set<string>(["unknown_device", "arrived_home", "left_home"]);
    const others = eventTypes.filter((type) => !own.has(type));
    assert.ok(others.length > 10);
    await bench.tell(...others.map((event_type) => ({ event_type, text: "x", fields: { mac: anna.mac, name: "x" } })));
    await onlyMarkers();
  });

  test("a new icon, the program's end and return, and a restart of Home Assistant tell nothing", async () => {
    const { known } = await buttonsOf(7);
    const shown = await bench.ha.waitFor("event.home_hub_event", ({ state }) => state !== "unavailable");
    const icon = { entity_id: "event.home_hub_event", icon: "mdi:bell-ring" };
    await bench.ha.request("config/entity_registry/update", icon);
    await bench.ha.waitFor(icon.entity_id, ({ attributes }) => attributes["icon"] === icon.icon);
    await bench.status("offline");
    await bench.ha.waitFor("event.home_hub_event", "unavailable");
    await bench.show(view);
    await bench.ha.waitFor("event.home_hub_event", shown.state);
    await onlyMarkers();
    const last = await bench.ha.waitFor("event.home_hub_event", ({ state }) => state !== "unavailable");
    await bench.ha.stop();
    await bench.ha.start();
    await bench.ha.waitFor("event.home_hub_event", last.state, 30_000);
    await bench.ha.waitFor("automation.strangers", "on");
    await onlyMarkers();
    const before = bench.commanded().length;
    await bench.press(known);
    await eventually("the answer to the older message", () => bench.commanded().length > before);
    assert.deepEqual(commands().at(-1)?.command, { name: "acknowledge", mac: "3c:11:22:33:44:07" });
    await told(1);
    assert.deepEqual(await bench.ha.log(), []);
  });

  test("the dashboard's tables show the routers and the devices", async () => {
    const { views } = dashboard.parse(readYaml("ha-addon/lovelace/netwarden.yaml"));
    const cards = views.flatMap(({ sections }) => sections.flatMap(({ cards }) => cards));
    const content = cards.flatMap((card) => card.content ?? []);
    const tables = {
      id: "tables",
      alias: "tables",
      triggers: [{ trigger: "event", event_type: "tables" }],
      actions: content.map((message) => ({ action: "notify.mobile_app_phone", data: { message } })),
    };
    bench.ha.writeConfig("automations.yaml", JSON.stringify([tables]));
    await bench.ha.call("automation.reload");
    await bench.ha.waitFor("automation.tables", "on");
    await bench.ha.request("fire_event", { event_type: "tables" });
    const [verdict = "", routers = "", devices = ""] = (await told(content.length)).map(({ message }) => message);
    assert.match(verdict, /\*\*ok\*\*/);
    assert.match(routers, /^\| <ha-icon icon="mdi:check-circle"><\/ha-icon> \| Hex \| 3 \| up \|$/m);
    assert.match(routers, /^\| <ha-icon icon="mdi:alert-circle"><\/ha-icon> \| Attic \| – \| – \|$/m);
    const rows = devices
      .split("\n")
      .slice(2)
      .map((row) => row.replace(/ \w+ \d\d:\d\d \|$/, ""));
    assert.deepEqual(rows, [
      '| <ha-icon icon="mdi:lan-connect"></ha-icon> | Anna&#39;s phone | 192.0.2.77 |',
      '| <ha-icon icon="mdi:lan-disconnect"></ha-icon> | TV / &lt;b&gt; | 192.0.2.77 |',
    ]);
  });
});
