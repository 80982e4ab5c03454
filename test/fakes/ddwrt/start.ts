import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { makeCertificates } from "../http-server-certificates.ts";
import { startDdwrt } from "./server.ts";

/**
 * A simulated DD-WRT router to try the product with: `npm run fake:ddwrt` (`-- --macupd 127.0.0.1:2056` to send reports too, `--tls` for
 * https). It lives until Ctrl-C: phones come and leave, cables stay, now and then the line to the provider is lost for a while.
 */
const { values } = parseArgs({ options: { macupd: { type: "string" }, tls: { type: "boolean", default: false } } });
const secondsAStep = 2;
const stepsAReport = 5;
const password = "ddwrt";
const phones = ["3c:06:30:00:01:10", "da:a1:19:00:01:11", "f0:18:98:00:01:12"];

const tls = values.tls ? (await makeCertificates()).selfSigned : undefined;
const router = await startDdwrt({ password, ...(tls === undefined ? {} : { tls }) });
const { house } = router;
house.join("00:11:32:00:01:20", { name: "nas", ip: "192.168.1.20", place: "wired" });
house.join("b8:27:eb:00:01:21", { name: "raspberrypi", ip: "192.168.1.21", place: "wired" });
for (const [n, mac] of phones.entries()) house.join(mac, { name: ["Annas-iPhone", "Pixel-8", "MacBook"][n] ?? "" });

process.stdout.write(`A simulated DD-WRT router answers at ${router.server.url} (root, ${password}). In the configuration:

routers:
  - { kind: ddwrt, name: Attic, host: "${router.host}", username: root, password: ${password}${tls ? ", tls: insecure" : ""} }
macupd: { enabled: ${values.macupd !== undefined}, senders: [127.0.0.1] }

Ctrl-C ends it.
`);

let steps = 0;
const life = setInterval(() => void step(), secondsAStep * 1_000);
process.once("SIGINT", () => {
  clearInterval(life);
  void router.close();
});

async function step(): Promise<void> {
  steps += 1;
  house.pass(secondsAStep);
  for (const mac of phones) {
    const isThere = house.clients.get(mac)?.place !== "away";
    if (isThere && chance(0.01)) house.leave(mac);
    if (!isThere && chance(0.02)) house.join(mac, { signalDbm: -randomInt(40, 80) });
  }
  if (steps % 60 === 0) house.prune();
  if (house.router.wanUp ? chance(0.002) : chance(0.05)) house.wan(!house.router.wanUp);
  const [host = "", port = ""] = values.macupd?.split(":") ?? [];
  if (host !== "" && steps % stepsAReport === 0) await router.sendReports(Number(port), host);
}

function chance(likelihood: number): boolean {
  return randomInt(10_000) < likelihood * 10_000;
}
