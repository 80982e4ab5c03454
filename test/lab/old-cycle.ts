// One cycle as the older tool makes it, in the namespace where it is started; prints an OldCycle as JSON.
//   node old-cycle.ts GATEWAY TARGET...
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import type { OldCycle } from "./old-rules.ts";

const [gateway = "", ...targets] = process.argv.slice(2);
/** Its time limits: 4 s for a ping, 5 s for all else. */
const [pingSeconds, restMs] = ["4", 5_000] as const;

const pings = async (host: string) => {
  const child = spawn("ping", ["-n", "-c", "1", "-W", pingSeconds, host], { stdio: "ignore" });
  const [code] = (await once(child, "exit")) as [number | null];
  return code === 0;
};
const page = (url: string) =>
  fetch(url, { signal: AbortSignal.timeout(restMs) }).then(
    ({ status }) => status >= 200 && status < 400,
    () => false,
  );
const connects = (host: string) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ host, port: 443, timeout: restMs });
    const settle = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.on("connect", () => settle(true)).on("timeout", () => settle(false));
    socket.on("error", () => settle(false));
  });

const [first, answers, httpByName, httpByAddress, tcp443] = await Promise.all([
  pings(gateway),
  Promise.all(targets.map(pings)),
  page("https://example.com/"),
  page("https://1.1.1.1/"),
  connects(targets[0] ?? ""),
]);
const cycle: OldCycle = { gateway: first, targets: answers, httpByName, httpByAddress, tcp443 };
console.log(JSON.stringify(cycle));
// A look-up that still waits for a dead name server would hold the process.
process.exit(0);
