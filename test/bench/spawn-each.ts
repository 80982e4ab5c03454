// The naive monitor that the bench compares with: one `ping` process for each probe, each target once a second.
//   node spawn-each.ts HOST…
import { spawn } from "node:child_process";

const hosts = process.argv.slice(2);
const lost = { count: 0 };
process.on("SIGTERM", () => {
  console.log(lost.count);
  process.exit(0);
});
hosts.forEach((host, index) => {
  const probe = () => {
    const child = spawn("ping", ["-n", "-q", "-c", "1", "-W", "1", host], { stdio: "ignore" });
    child.on("exit", (code) => {
      if (code !== 0) lost.count += 1;
    });
  };
  setTimeout(() => setInterval(probe, 1000), (index * 1000) / hosts.length);
});
