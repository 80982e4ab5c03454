import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { after, afterEach, before, suite, test } from "node:test";
import { parse } from "yaml";
import type { Observation } from "../../src/model/types.ts";
import type { FaultName } from "./faults.ts";
import { createLab, type Lab } from "./network.ts";
import { stop, until } from "./process.ts";
import { startProgram } from "./program.ts";
import { addresses6 } from "./topology.ts";

type Path = Extract<Observation, { type: "path" | "path-failed" }>;

const script = join(import.meta.dirname, "paths-inside.ts");
const main = resolve(import.meta.dirname, "../../dist/main.js");
const [target = ""] = ["1.1.1.1"];

suite("paths through a real network", { timeout: 240_000 }, () => {
  let lab: Lab;
  before(async () => {
    lab = await createLab({ prefix: "path" });
  });
  afterEach(() => lab.heal());
  after(() => lab.close());

  /** One round, as the plan asks for it. */
  const round = async (hosts: readonly string[], count: number): Promise<readonly Path[]> => {
    const targets = hosts.map((host) => ({ slug: host, host }));
    const plan = { baselineMs: 0, baselineTargets: [], round: { id: 1, mode: "manual", targets, count } };
    const child = lab.spawn("mon", [process.execPath, script, JSON.stringify(plan)]);
    const found: Path[] = [];
    if (child.stdout !== null)
      createInterface(child.stdout).on("line", (line) => {
        const seen: Observation = JSON.parse(line);
        if (seen.type === "path" || seen.type === "path-failed") found.push(seen);
      });
    await until("all paths", 60_000, async () => (found.length === hosts.length ? true : undefined));
    child.stdin?.end();
    await stop(child);
    return hosts.flatMap((host) => found.filter((path) => path.target.host === host));
  };
  const answering = (path: Path | undefined) => {
    assert.ok(path?.type === "path", JSON.stringify(path));
    return path.hops.map(({ address = "-", answered }) => (answered > 0 ? address : "-"));
  };

  test("every router on the way is a hop, by both families, and none loses packets to another trace", async () => {
    const paths = await round([target, "8.8.8.8", addresses6.targets[0]], 4);
    const hops = [lab.gatewayAddress, ...lab.hops];
    const hops6 = [addresses6.gateway, ...addresses6.hops];
    assert.deepEqual(paths.map(answering), [
      [...hops, target],
      [...hops, "8.8.8.8"],
      [...hops6, addresses6.targets[0]],
    ]);
    for (const path of paths) {
      assert.ok(path.type === "path" && path.reached && path.tool === "mtr");
      for (const { sent, answered } of path.hops) assert.deepEqual([sent, answered], [4, 4]);
    }
  });

  for (const [fault, expected] of [
    ["wan_known", ["192.168.77.1"]],
    ["core_silent", ["192.168.77.1", "198.51.100.1", "198.51.100.6", "-"]],
    ["beyond_known", ["192.168.77.1", "198.51.100.1", "198.51.100.6"]],
    ["hops_silent", ["192.168.77.1", "-", "-", target]],
  ] as const satisfies readonly (readonly [FaultName, readonly string[]])[])
    test(`${fault}: the path ends where the answers end`, async () => {
      await lab.cut(fault);
      const [path] = await round([target], 2);
      assert.deepEqual(answering(path), expected);
      assert.equal(path?.type === "path" && path.reached, fault === "hops_silent");
    });

  test("without a carrier or a route no hop is made up", async () => {
    await lab.cut("own_cable");
    const [cable] = await round([target], 2);
    assert.ok(cable !== undefined && (cable.type === "path-failed" || answering(cable).every((hop) => hop === "-")));
    await lab.heal();
    await lab.cut("no_route");
    const [route] = await round([target], 2);
    assert.deepEqual(route?.type === "path-failed" && route.reason, `there is no route to ${target}`);
  });

  test("the provider's hops are found and written", async () => {
    const file = join(lab.dir, "own.yaml");
    writeFileSync(file, "site: home\n");
    const args = [
      process.execPath,
      main,
      "--config",
      file,
      "--data",
      join(lab.dir, "hops"),
      "discover-hops",
      "--write",
    ];
    const { code, stderr } = await lab.run("mon", args);
    assert.equal(code, 0, stderr);
    assert.deepEqual(parse(readFileSync(file, "utf8")).isp_targets, lab.hops);
  });

  test("an outage leaves intensive traces of all targets and wan_diag", async () => {
    const file = join(lab.dir, "outage.yaml");
    writeFileSync(
      file,
      "web: { host: 0.0.0.0, password: lab-password }\ntrace: { baseline: false, intensive_count: 5 }\n",
    );
    const program = startProgram(lab, "outage", ["--config", file]);
    const evidence = join(lab.dir, "outage", "evidence");
    const names = () => (existsSync(evidence) ? readdirSync(evidence) : []);
    await until("a first cycle that is well", 60_000, async () =>
      names().includes("netlog.csv") && readFileSync(join(evidence, "netlog.csv"), "utf8").includes(",OK,")
        ? true
        : undefined,
    );
    await lab.cut("core_silent");
    const logs = lab.targets.map((host) => `mtr_${host.replaceAll(".", "_")}.log`);
    await until("all logs", 60_000, async () => (logs.every((name) => names().includes(name)) ? true : undefined));
    for (const name of logs) {
      const text = readFileSync(join(evidence, name), "utf8");
      assert.match(text, /\n={60}\nRun at: \d{8}_\d{6}\nMode: intensive, 5 packets a hop, by mtr, to [\d.]+\n={60}\n/);
      assert.match(text, / {2}1\.\|-- 192\.168\.77\.1 +0\.0% +5 /);
    }
    const [diag = "", ...more] = names().filter((name) => name.startsWith("wan_diag_"));
    assert.equal(more.length, 0);
    const text = readFileSync(join(evidence, diag), "utf8");
    assert.match(
      text,
      /==== ip addr ====\n[\s\S]*192\.168\.77\.10[\s\S]*==== ip route ====\ndefault via 192\.168\.77\.1/,
    );
    assert.equal(await program.stop(), 0);
  });
});
