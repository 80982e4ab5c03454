// Three simulated routers that see the same clients, in a process of their own: prints the configuration that reads them.
//   node thousand-routers.ts CLIENTS
import { startAmplifi } from "../fakes/amplifi/amplifi.ts";
import { createNetwork } from "../fakes/amplifi/network.ts";
import { startDdwrt } from "../fakes/ddwrt/server.ts";
import { startFakeRouter } from "../fakes/routeros/router.ts";
import { macOf } from "./thousand-clients.ts";

const count = Number(process.argv[2] ?? 1_000);
const password = "secret";
const stepS = 5;

const network = createNetwork({ mac: "f0:9f:c2:00:00:01", name: "Alien" });
const alien = await startAmplifi({ password, network });
const hex = await startFakeRouter({ password });
const shed = await startDdwrt({ password });
for (let n = 0; n < count; n += 1) {
  const client = { mac: macOf(n), ip: `10.0.${n >> 8}.${n & 0xff}` };
  const rates = { downBytesPerS: 100 * (n % 50), upBytesPerS: 10 * (n % 50) };
  network.join({ ...client, ...rates, hostname: `host-${n}` }, { at: network.router.mac, band: "5 GHz", quality: 90 });
  hex.home.come({ ...client, name: `host-${n}`, downBps: 100, upBps: 10 }, "ether2");
  shed.house.join(client.mac, { ip: client.ip, name: `host-${n}`, place: "wired" });
}
setInterval(() => {
  network.advance(stepS);
  hex.home.advance(stepS);
  shed.house.pass(stepS);
}, stepS * 1_000);
console.log(
  JSON.stringify({
    routers: [
      { kind: "amplifi", name: "Alien", host: alien.host, password },
      { kind: "routeros", name: "Hex", host: hex.host, username: hex.user, password, tls: "off" },
      { kind: "ddwrt", name: "Shed", host: shed.host, password },
    ],
  }),
);
