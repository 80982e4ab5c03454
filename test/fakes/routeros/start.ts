import { parseArgs } from "node:util";
import type { HomeClient } from "./home.ts";
import { startFakeRouter } from "./router.ts";

/** A MikroTik to look at, with people who come, roam and leave by themselves. Ends with Ctrl-C. */
const { values } = parseArgs({
  options: {
    release: { type: "string", default: "7.21.4" },
    wifi: { type: "string", default: "wifi" },
    leases: { type: "string", default: "0" },
    speed: { type: "string", default: "1" },
  },
});
const wifiMenus = ["wireless", "wifi", "wifiwave2", "capsman", "none"] as const;
const wifi = wifiMenus.find((menu) => menu === values.wifi) ?? "wifi";
const router = await startFakeRouter({
  release: values.release,
  wifi,
  kidControl: true,
  extraLeases: Number(values.leases) || 0,
});
const people: readonly (readonly [HomeClient, readonly string[]])[] = [
  [{ mac: "3c:22:fb:00:00:01", ip: "192.168.88.21", name: "Annas-iPhone", downBps: 90_000 }, ["wlan1", "wlan2"]],
  [
    { mac: "da:a1:19:00:00:02", ip: "192.168.88.22", name: "Pixel-8", downBps: 40_000, signal: -71 },
    ["wlan2", "wlan1"],
  ],
  [
    {
      mac: "00:17:88:00:00:03",
      ip: "192.168.88.23",
      comment: Buffer.from("K\xfcchenlicht", "latin1"),
      lease: "static",
    },
    ["ether2"],
  ],
  [{ mac: "00:11:32:00:00:04", ip: "192.168.88.24", name: "nas", comment: "NAS", lease: "none" }, ["ether3"]],
  [{ mac: "b8:27:eb:00:00:05", ip: "192.168.88.25", name: "raspberrypi", lease: "static" }, []],
];
const say = (text: string) => void process.stdout.write(`${text}\n`);

for (const [client, ports] of people) {
  const [first] = ports;
  if (first === undefined) router.home.reserve(client);
  else router.home.come(client, first);
}
say(`RouterOS ${values.release} at ${router.host}, tls: off, user "${router.user}", password "${router.password}"`);
say("Every 20 s somebody comes, roams or leaves.");

const secondsATick = Number(values.speed) || 1;
const tick = setInterval(() => router.home.advance(secondsATick), 1_000);
const happening = setInterval(somethingHappens, 20_000);
process.once("SIGINT", end);
process.once("SIGTERM", end);

function somethingHappens(): void {
  const movers = people.filter(([, ports]) => ports.length > 1);
  const [client, ports] = movers[Math.floor(Math.random() * movers.length)] ?? [];
  if (client === undefined || ports === undefined) return;
  const at = router.home.states.get(client.mac)?.port;
  const others = ports.filter((port) => port !== at);
  const next = at !== undefined && Math.random() < 0.4 ? undefined : others[Math.floor(Math.random() * others.length)];
  if (next === undefined) router.home.leave(client.mac);
  else router.home.come(client, next);
  say(
    `${client.name ?? client.mac} ${next === undefined ? "leaves" : at === undefined ? `comes to ${next}` : `roams to ${next}`}`,
  );
}

async function end(): Promise<void> {
  clearInterval(tick);
  clearInterval(happening);
  await router.close();
}
