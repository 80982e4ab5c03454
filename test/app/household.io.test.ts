import "../cli/own-network.ts";
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { connectAsync } from "mqtt";
import { createHouse, type House, type Monitor } from "../cli/network-program.ts";
import { type FakeAmplifi, startAmplifi } from "../fakes/amplifi/amplifi.ts";
import { type FakeDdwrt, startDdwrt } from "../fakes/ddwrt/server.ts";
import { startHttpServer } from "../fakes/http-server.ts";
import { eventually } from "../ha/eventually.ts";

const macupdPort = 2_056;

let house: House;
let alien: FakeAmplifi;
let shed: FakeDdwrt;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let routers: string;

beforeEach(async () => {
  receiver = await startReceiver();
  house = createHouse();
  alien = await startAmplifi({ password: "one" });
  shed = await startDdwrt({ password: "two" });
  routers = [
    "routers:",
    `  - { kind: amplifi, name: Alien, host: "${alien.host}", password: one, interval: 1 }`,
    `  - { kind: ddwrt, name: Shed, host: "${shed.host}", password: two, interval: 1 }`,
    `macupd: { enabled: true, port: ${macupdPort}, senders: [127.0.0.1] }`,
  ].join("\n");
});
afterEach(async () => {
  await house.close();
  await Promise.all([receiver.close(), alien.close(), shed.close()]);
});

const atRouter = (port: number) => ({ at: alien.network.router.mac, port });
const bothRead = (monitor: Monitor) =>
  eventually("both routers are read", async () =>
    (await monitor.state()).network.routers.every(({ available }) => available === true),
  );
const deviceOf = async (monitor: Monitor, mac: string) =>
  (await monitor.devices()).devices.find(({ macs }) => macs.includes(mac));
const isHere = (monitor: Monitor, mac: string, connected = true) =>
  eventually(`${mac} is ${connected ? "here" : "gone"}`, async () => {
    const device = await deviceOf(monitor, mac);
    return device?.connected === connected && device;
  });

/** A receiver of events, which keeps them. */
async function startReceiver() {
  const bodies: string[] = [];
  const server = await startHttpServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => {
      bodies.push(body);
      response.writeHead(204).end();
    });
  });
  return { url: `${server.url}/hook`, bodies, close: server.close };
}

type Told = Readonly<Record<string, unknown>>;
const parsed = (texts: readonly string[]) => texts.map((text) => JSON.parse(text) as Told);

test("what a device calls itself stays data for webhook, command, event log and broker", async () => {
  const name = '$(touch pwned);`touch pwned`|touch pwned & "x" --help';
  const alerts = `alerts: { webhook: "${receiver.url}", command: [/usr/bin/tee, -a, told.jsonl] }`;
  const monitor = await house.start(`${routers}\n${alerts}`);
  await bothRead(monitor);
  alien.network.join({ mac: "3c:ee:00:00:00:09", hostname: name, ip: "192.168.1.9" }, atRouter(2));
  const isJoined = (event: Told) => event["event_type"] === "device_joined";
  await eventually("the webhook is told", () => parsed(receiver.bodies).some(isJoined));
  await eventually("the command is told", () => /device_joined.*\n/.test(house.read("told.jsonl")));
  assert.equal(await monitor.stop(), 0);
  const told = parsed(house.read("told.jsonl").trimEnd().split("\n"));
  const byType = (a: Told, b: Told) => JSON.stringify(a).localeCompare(JSON.stringify(b));
  assert.deepEqual([...told].sort(byType), parsed(receiver.bodies).sort(byType));
  const joined = told.find(isJoined);
  assert.deepEqual([joined?.["name"], joined?.["mac"], joined?.["router"]], [name, "3c:ee:00:00:00:09", "Alien"]);
  const [log = ""] = readdirSync(join(house.dir, "data/evidence")).filter((file) => file.endsWith("-netlog.txt"));
  assert.ok(house.read(`data/evidence/${log}`).includes(`Ethernet device ${name} (192.168.1.9) joined @ `));
  assert.equal(existsSync(join(house.dir, "pwned")), false);
});

test("who is to be ignored appears nowhere: no topic, no page, no event, no log, no file", async () => {
  const hidden = [
    { mac: "3c:fe:00:00:00:01", name: "secret-santa", ip: "192.168.77.1" },
    { mac: "3c:fe:00:00:00:02", name: "hushed-by-mac", ip: "192.168.77.2" },
    { mac: "3c:fe:00:00:00:03", name: "quiet-cam", ip: "192.168.77.3" },
    { mac: "3c:fe:00:00:00:04", name: "quiet-cam-with-a-lease", ip: "192.168.77.4" },
  ] as const;
  const [santa, byMac, camera, leased] = hidden;
  const witness = { mac: "3c:ee:00:00:00:05", name: "witness", ip: "192.168.1.5" };
  const leaver = { mac: "3c:ee:00:00:00:06", hostname: "leaver", ip: "192.168.1.6" };
  const settings = [
    routers,
    `alerts: { webhook: "${receiver.url}" }`,
    `ignore: ["Secret *", "${byMac.mac}", "quiet-*"]`,
    "entities: { clients: full }",
    "experimental: true",
  ].join("\n");
  const monitor = await house.start(settings);
  const port = /Broker +mqtt:\/\/127\.0\.0\.1:(\d+)/.exec(monitor.output())?.[1];
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`);
  const heard: string[] = [];
  client.on("message", (topic, payload) => heard.push(`${topic} ${payload}`));
  await client.subscribeAsync("#");
  try {
    await bothRead(monitor);
    alien.network.join(
      { mac: santa.mac, hostname: santa.name, description: "Secret Santa", ip: santa.ip },
      atRouter(2),
    );
    shed.house.join(byMac.mac, byMac);
    shed.house.join(leased.mac, leased);
    shed.house.leave(leased.mac);
    shed.house.join(witness.mac, witness);
    alien.network.join(leaver, atRouter(3));
    // Reports tell no names: of those who are there by now only the one that is left out by its address must not be seen.
    await shed.sendReports(macupdPort);
    shed.house.join(camera.mac, camera);
    for (const { mac } of [witness, leaver]) await isHere(monitor, mac);
    for (const { mac } of hidden) shed.house.leave(mac);
    alien.network.leave(santa.mac);
    alien.network.leave(leaver.mac);
    shed.house.prune();
    await isHere(monitor, leaver.mac, false);
    await eventually("the broker has it", () => heard.some((message) => message.includes("3cee00000005")));
    await eventually("the receiver has it", () => receiver.bodies.some((body) => body.includes("device_left")));
    const pages = JSON.stringify([await monitor.state(), await monitor.devices()]);
    assert.equal(await monitor.stop(), 0);
    const files = filesBelow(join(house.dir, "data")).map((file) => `${file}\n${readFileSync(file, "latin1")}`);
    const evidence = [...heard, ...receiver.bodies, pages, monitor.output(), ...files];
    for (const { mac, name, ip } of hidden)
      for (const word of [mac, mac.toUpperCase(), mac.replaceAll(":", ""), name, ip])
        for (const text of evidence) assert.ok(!text.includes(word), `${word} is in: ${around(text, word)}`);
    for (const what of ["_tracker.", "netwarden.db"])
      assert.ok(
        files.some((text) => text.split("\n", 1)[0]?.includes(what) && text.includes(witness.mac)),
        what,
      );
  } finally {
    await client.endAsync(true);
  }
});

function filesBelow(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
  return names.filter((name) => statSync(name).isFile());
}

function around(text: string, word: string): string {
  const at = text.indexOf(word);
  return `${text.slice(0, 80)} … ${text.slice(Math.max(0, at - 80), at + 80)}`;
}

test("killed, it knows at the next start who was there and what was decided, and tells nobody as new", async () => {
  const people = ["10", "11", "12", "13"].map((n) => ({
    mac: `3c:ee:00:00:00:${n}`,
    hostname: `device-${n}`,
    ip: `192.168.1.${n}`,
  }));
  const [anna, bert, carl, dora] = people.map(({ mac }) => mac);
  for (const [n, person] of people.entries()) alien.network.join(person, atRouter(n + 1));
  const first = await house.start(routers);
  for (const { mac } of people) await isHere(first, mac);
  await first.command("acknowledge", { mac: anna, name: "Anna" });
  await first.command("join", { macs: [bert, carl], name: "Both" });
  await first.command("ignore", { mac: dora });
  const names = async (monitor: Monitor) => (await monitor.devices()).devices.map(({ name }) => name).sort();
  await eventually("all is decided", async () => (await names(first)).join() === "Anna,Both");
  const stored = async () => {
    const { out } = await house.run(["--config", "netwarden.yaml", "--data", "data", "devices", "--json"]);
    const devices = JSON.parse(out) as readonly { readonly name: string }[];
    const kept = devices
      .map(({ name }) => name)
      .sort()
      .join();
    return kept === "Anna,Both";
  };
  await eventually("all is kept", stored, 20_000);
  await first.kill();

  const second = await house.start(routers);
  assert.deepEqual(await names(second), ["Anna", "Both"]);
  assert.equal((await deviceOf(second, anna ?? ""))?.known, true);
  assert.deepEqual((await deviceOf(second, carl ?? ""))?.macs, [bert, carl]);
  assert.deepEqual(
    (await second.state()).network.ignored.map(({ mac }) => mac),
    [dora],
  );
  await bothRead(second);
  for (const mac of [anna, bert]) await isHere(second, mac ?? "");
  assert.equal(await second.stop(), 0);
  const told = second.log().flatMap((line) => (line.msg === "event" ? [String(line["event_type"])] : []));
  assert.deepEqual(
    told.filter((type) => /device|home/.test(type)),
    [],
  );
});
