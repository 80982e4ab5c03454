import { randomInt } from "node:crypto";
import { makeCertificates } from "../http-server-certificates.ts";
import { startAmplifi } from "./amplifi.ts";
import { type Attachment, createNetwork, type SimulatedNetwork } from "./network.ts";

/**
 * A simulated AmpliFi to try the product with: `npm run fake:amplifi` (`-- --tls` for https). It lives until Ctrl-C: phones come,
 * roam and leave, now and then a mesh point is lost for a minute.
 */
const password = "amplifi";
const secondsAStep = 2;
const points = ["f0:9f:c2:00:00:02", "f0:9f:c2:00:00:03", "f0:9f:c2:00:00:04"] as const;

const network = createNetwork({ mac: "f0:9f:c2:00:00:01", name: "Home" });
network.addPoint({ mac: points[0], name: "Kitchen (AFi-P-HD-000002)" });
network.addPoint({ mac: points[1], name: "Attic (AFi-P-HD-000003)", band: "2.4 GHz" });
network.addPoint({ mac: points[2], name: "Garden (AFi-P-HD-000004)", uplink: points[0] });

const walkers = [
  { mac: "3c:06:30:00:00:10", hostname: "Annas-iPhone", description: "Anna", ip: "192.168.1.110" },
  { mac: "da:a1:19:00:00:11", hostname: "Pixel-8", ip: "192.168.1.111" },
  { mac: "f0:18:98:00:00:12", hostname: "MacBook", description: "Laptop", ip: "192.168.1.112", manufacturer: "Apple" },
].map((client) => ({ ...client, downBytesPerS: 40_000, upBytesPerS: 5_000 }));

network.join(
  { mac: "00:11:32:00:00:20", hostname: "nas", description: "Storage", ip: "192.168.1.20" },
  { at: network.router.mac, port: 1 },
);
network.join(
  { mac: "48:a6:b8:00:00:21", hostname: "Sonos", ip: "192.168.1.21", downBytesPerS: 20_000 },
  { at: points[0], band: "2.4 GHz" },
);
network.join(
  { mac: "ec:b5:fa:00:00:22", hostname: "guest-tablet", ip: "192.168.1.22", upBytesPerS: 900 },
  { at: network.router.mac, band: "5 GHz", network: "Guest network" },
);
for (const client of walkers) network.join(client, somewhere());

const tls = process.argv.includes("--tls") ? (await makeCertificates()).selfSigned : undefined;
const router = await startAmplifi({ password, network, ...(tls === undefined ? {} : { tls }) });
process.stdout.write(`A simulated AmpliFi answers at ${router.server.url} (password: ${password}). In the configuration:

routers:
  - { kind: amplifi, name: Alien, host: "${router.host}", password: ${password}${tls ? ", tls: insecure" : ""} }

Ctrl-C ends it.
`);

const life = setInterval(() => step(network), secondsAStep * 1000);
process.once("SIGINT", () => {
  clearInterval(life);
  void router.close();
});

function step(home: SimulatedNetwork): void {
  home.advance(secondsAStep);
  for (const client of walkers) {
    const isThere = home.associations.some((one) => one.client.mac === client.mac);
    if (!isThere) {
      if (chance(0.02)) home.join(client, somewhere());
    } else if (chance(0.01)) home.leave(client.mac);
    else if (chance(0.03)) home.roam(client.mac, somewhere(), chance(0.5) ? 20 : undefined);
  }
  const attic = home.nodes.get(points[1]);
  if (attic?.online === false ? chance(0.03) : chance(0.002)) {
    if (attic?.online === true) home.losePoint(points[1]);
    else home.regainPoint(points[1]);
  }
}

function somewhere(): Attachment {
  const places = [...network.nodes.values()].filter(({ online }) => online);
  const at = places[randomInt(places.length)]?.mac ?? network.router.mac;
  return { at, band: chance(0.5) ? "5 GHz" : "2.4 GHz", quality: randomInt(40, 100) };
}

function chance(likelihood: number): boolean {
  return randomInt(10_000) < likelihood * 10_000;
}
