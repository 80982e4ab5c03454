// A thousand targets at 1 Hz: the whole program, `fping -l` alone, and one spawned `ping` a probe, one after the other.
//   node_modules/.bin/node test/bench/icmp.bench.ts [SECONDS] [TARGETS]        (see README.md here)
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createLab, type Lab } from "../lab/network.ts";
import { line, stop } from "../lab/process.ts";
import { type Program, startProgram } from "../lab/program.ts";
import { echoRequestsOf, type Usage, usageOf } from "./usage.ts";

const [seconds = 60, count = 1000] = process.argv.slice(2).map(Number);
const warmUpMs = 20_000;
const hosts = Array.from({ length: count }, (_, n) => `127.1.${n >> 6}.${(n & 63) + 1}`);

interface Cost {
  readonly ownCpu: number;
  readonly childrenCpu: number;
  readonly rss: number;
  readonly anonymous: number;
  readonly probesPerSecond: number;
}

const lab = await createLab({ prefix: "bench" });
try {
  const program = await costOfProgram(lab);
  const alone = await costOfFping(lab);
  const each = await costOfSpawning(lab);
  print([
    ["netwarden", program.cost, `${program.wrong} wrong of ${program.judged}`],
    ["fping -l alone", alone, ""],
    ["one ping a probe", each.cost, `${each.lost} lost`],
  ]);
} finally {
  await lab.close();
}

async function costOfProgram(lab: Lab): Promise<{ cost: Cost; wrong: number; judged: number }> {
  await lab.tunnel(8099);
  const config = join(lab.dir, "netwarden.yaml");
  const targets = hosts.map((host, n) => `  - { name: Target ${n}, host: ${host}, tcp_port: 0 }\n`);
  writeFileSync(config, `heartbeat: 1\ntargets:\n${targets.join("")}`);
  const program = startProgram(lab, "data", ["--config", config]);
  await program.reaches("all targets", 60_000, (view) => view.targets.every(({ reachable }) => reachable === true));
  await sleep(warmUpMs);
  const judged: { wrong: number; all: number } = { wrong: 0, all: 0 };
  const cost = await costOf(program.child.pid, () => judge(program, judged));
  await program.stop();
  return { cost, wrong: judged.wrong, judged: judged.all };
}

/** Loopback loses nothing: every loss that is reported is wrong. */
async function judge(program: Program, judged: { wrong: number; all: number }): Promise<void> {
  const { targets } = await program.state();
  judged.all += targets.length;
  judged.wrong += targets.filter(({ reachable, lossPercent }) => reachable !== true || lossPercent !== 0).length;
}

async function costOfFping(lab: Lab): Promise<Cost> {
  const child = lab.spawn("mon", ["fping", "-l", "-p", "1000", "-i", "0.5"], { stdio: ["pipe", "ignore", "inherit"] });
  child.stdin?.end(`${hosts.join("\n")}\n`);
  await sleep(5_000);
  const cost = await costOf(child.pid);
  await stop(child);
  return cost;
}

async function costOfSpawning(lab: Lab): Promise<{ cost: Cost; lost: number }> {
  const spawner = lab.spawn("mon", [process.execPath, join(import.meta.dirname, "spawn-each.ts"), ...hosts]);
  await sleep(5_000);
  const cost = await costOf(spawner.pid);
  const lost = line(spawner, (text) => /^\d+$/.test(text));
  await stop(spawner);
  return { cost, lost: Number(await lost) };
}

/** CPU over `seconds` in percent of one core; the largest memory seen at twelve moments of it. */
async function costOf(pid = 0, look: () => Promise<void> = async () => undefined): Promise<Cost> {
  const [before, sentBefore, startedAt] = [usageOf(pid), echoRequestsOf(pid), performance.now()];
  const seen: Usage[] = [];
  for (let n = 1; n <= 12; n += 1) {
    await sleep(Math.max(0, startedAt + (n * seconds * 1000) / 12 - performance.now()));
    seen.push(usageOf(pid));
    await look();
  }
  const last = seen.at(-1) ?? before;
  const probesPerSecond = ((echoRequestsOf(pid) - sentBefore) * 1000) / (performance.now() - startedAt);
  const percent = (ms: number) => (100 * ms) / (performance.now() - startedAt);
  return {
    ownCpu: percent(last.ownCpuMs - before.ownCpuMs),
    childrenCpu: percent(last.childrenCpuMs - before.childrenCpuMs),
    rss: Math.max(...seen.map(({ rss }) => rss)),
    anonymous: Math.max(...seen.map(({ anonymous }) => anonymous)),
    probesPerSecond,
  };
}

function print(rows: readonly (readonly [string, Cost, string])[]): void {
  const reference = rows.find(([name]) => name.startsWith("fping"))?.[1];
  const all = ({ ownCpu, childrenCpu }: Cost) => ownCpu + childrenCpu;
  const megabytes = (bytes: number) => (bytes / 1024 / 1024).toFixed(0);
  console.log(
    `\n${count} targets at 1 Hz over ${seconds} s; CPU in % of one core, memory in MB of the process and its children\n`,
  );
  console.log(
    "| | probes/s | own CPU | children | all | of fping alone | RSS | anonymous | loss |\n|---|---|---|---|---|---|---|---|---|",
  );
  for (const [name, cost, loss] of rows) {
    const ratio = reference === undefined ? "" : `${(all(cost) / all(reference)).toFixed(1)}×`;
    const cpu = [cost.ownCpu, cost.childrenCpu, all(cost)].map((value) => value.toFixed(1));
    console.log(
      `| ${[name, cost.probesPerSecond.toFixed(0), ...cpu, ratio, megabytes(cost.rss), megabytes(cost.anonymous), loss].join(" | ")} |`,
    );
  }
}
