import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, beforeEach, suite, test } from "node:test";
import { checkOutput } from "../cli/check-output.ts";
import { createLab, type Lab } from "./network.ts";
import { until } from "./process.ts";
import { type Program, startProgram } from "./program.ts";

const main = resolve(import.meta.dirname, "../../dist/main.js");
const promisedMs = 15_000;

suite("netwarden check in a home", { timeout: 300_000 }, () => {
  let lab: Lab;
  let data: string;
  let count = 0;
  before(async () => {
    lab = await createLab({ prefix: "chk" });
    await lab.tunnel(8099);
  });
  after(async () => {
    await lab?.close();
  });
  beforeEach(() => {
    count += 1;
    data = `data${count}`;
    mkdirSync(join(lab.dir, data));
  });

  const evidence = () => join(lab.dir, data, "evidence");
  const files = () => (existsSync(evidence()) ? readdirSync(evidence()).sort() : []);
  const rows = () => {
    if (!files().includes("netlog.csv")) return [];
    return readFileSync(join(evidence(), "netlog.csv"), "utf8").trimEnd().split("\r\n").slice(1);
  };
  const statusOf = (row: string | undefined) => row?.split(",")[8];
  const config = (text: string) => {
    writeFileSync(join(lab.dir, `${data}.yaml`), text);
    return ["--config", join(lab.dir, `${data}.yaml`)];
  };
  const check = async (args: readonly string[] = [], path = process.env["PATH"]) => {
    const startedAt = performance.now();
    const argv = ["env", `PATH=${path}`, process.execPath, main, "--data", join(lab.dir, data), "check", ...args];
    const child = lab.spawn("mon", argv, {
      cwd: lab.dir,
      env: { ...process.env, NODE_EXTRA_CA_CERTS: lab.caFile },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [out, err] = ["", ""];
    child.stdout?.on("data", (chunk: Buffer) => {
      out += String(chunk);
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      err += String(chunk);
    });
    const [code] = (await once(child, "close")) as [number | null];
    return { code, out, err, ms: performance.now() - startedAt };
  };
  const inAnOutage = async (work: () => Promise<void>) => {
    await lab.cut("gateway_down");
    try {
      await work();
    } finally {
      await lab.heal();
      await until("the gateway's return", 10_000, async () => {
        const { code } = await lab.run("mon", ["fping", "-q", "-r0", "-t200", lab.gatewayAddress, ...lab.targets]);
        return code === 0 ? true : undefined;
      });
    }
  };

  test("all is well: exit code 0, one row, and no traces", async () => {
    const { code, out, err } = await check();
    assert.equal(code, 0, out + err);
    assert.match(out, /^Everything works\n/);
    assert.match(out, /gateway icmp +ok/);
    assert.match(err, /measuring/);
    assert.deepEqual(files(), ["netlog.csv"]);
    assert.equal(rows().length, 1);
    assert.equal(statusOf(rows()[0]), "OK");
  });

  test("as JSON it says the same, and stdout holds nothing else", async () => {
    const { code, out } = await check(["--json"]);
    assert.equal(code, 0, out);
    const found = checkOutput.parse(JSON.parse(out));
    assert.equal(found.verdict, "ok");
    assert.equal(found.measured_by, "check");
    assert.equal(found.internet, true);
    assert.equal(found.gateway_ip, lab.gatewayAddress);
    assert.deepEqual(
      found.targets.map(({ host, reachable }) => [host, reachable]),
      lab.targets.map((host) => [host, true]),
    );
  });

  test("the router is down: exit code 1 in time, with a row, traces and what this machine knows of its network", async () => {
    await inAnOutage(async () => {
      const { code, out, err, ms } = await check();
      assert.equal(code, 1, out + err);
      assert.match(out, /^The router does not answer\n/);
      assert.match(out, /Advice .*power and cables/);
      assert.ok(ms <= promisedMs, `${Math.round(ms)} ms`);
      assert.equal(rows().length, 1);
      assert.equal(statusOf(rows()[0]), "LAN_DOWN");
      const diagnosis = files().filter((name) => /^wan_diag_\d{8}_\d{6}\.log$/.test(name));
      assert.equal(diagnosis.length, 1, files().join());
      assert.match(
        readFileSync(join(evidence(), diagnosis[0] ?? ""), "utf8"),
        /gateway_down[\s\S]*ip route[\s\S]*ip neigh/,
      );
      for (const host of lab.targets) {
        const log = readFileSync(join(evidence(), `mtr_${host.replaceAll(".", "_")}.log`), "utf8");
        assert.match(log, /Mode: intensive/);
      }
    });
  });

  test("nothing beyond the router answers: the path is in the traces", async () => {
    await lab.cut("wan_silent");
    try {
      const { code, out } = await check(["--json"]);
      assert.equal(code, 1, out);
      assert.equal(checkOutput.parse(JSON.parse(out)).status, "WAN_DOWN");
      assert.match(readFileSync(join(evidence(), "mtr_1_1_1_1.log"), "utf8"), new RegExp(lab.gatewayAddress));
    } finally {
      await lab.heal();
    }
  });

  test("with --no-record nothing is written, whatever is found", async () => {
    assert.equal((await check(["--no-record"])).code, 0);
    await inAnOutage(async () => {
      assert.equal((await check(["--no-record"])).code, 1);
    });
    assert.deepEqual(readdirSync(join(lab.dir, data)), []);
  });

  test("outside the scheduled hours it measures all the same", async () => {
    const { code, out, err } = await check(config('schedule: { active: "0 0 29 2 *" }\n'));
    assert.equal(code, 0, out + err);
    assert.equal(rows().length, 1);
  });

  test("without the tools it says what is missing, and measures what it can", async () => {
    const { code, out } = await check([], "/nonexistent");
    assert.equal(code, 0, out);
    assert.match(out, /Missing +fping .*install/);
  });

  test("nothing to measure is no verdict: exit code 3, and what to do", async () => {
    const nothing = 'targets: []\nhttp: { urls: [], ip_url: "", portal_url: "" }\ndns: { public: "", doh: "" }\n';
    const { code, out, err } = await check(config(nothing));
    assert.equal(code, 3, out + err);
    assert.match(err, /nothing could be measured: are there targets/);
  });

  suite("beside a running monitor", () => {
    let monitor: Program;
    const secret = "a password of the page";
    const settings = `interval: 3600\nweb: { password: "${secret}" }\n`;
    const basic = { authorization: `Basic ${Buffer.from(`:${secret}`).toString("base64")}` };
    const api = async (path: string, init: RequestInit = {}) => {
      const url = `http://${lab.management.mon}:8099/api/${path}`;
      const answer = await fetch(url, {
        ...init,
        headers: { ...basic, "content-type": "application/json" },
        signal: AbortSignal.timeout(3_000),
      });
      assert.ok(answer.ok, `${path}: ${answer.status}`);
      return await answer.json();
    };
    const verdict = async () => ((await api("state")) as { verdict: { verdict?: string } }).verdict.verdict;
    const start = async () => {
      monitor = startProgram(lab, data, config(settings));
      await until("the monitor's first row", 20_000, async () => {
        return rows().length === 1 && (await verdict()) === "ok" ? true : undefined;
      });
    };

    test("it tells that one's verdict, and the row is that one's alone", async (t) => {
      await start();
      t.after(() => monitor.stop());
      const before = rows().length;
      const { code, out, err } = await check(["--json"]);
      assert.equal(code, 0, out + err);
      assert.match(err, /asking the monitor/);
      assert.equal(checkOutput.parse(JSON.parse(out)).measured_by, "monitor");
      await until("the cycle's row", 5_000, async () => (rows().length === before + 1 ? true : undefined));
      const token = JSON.parse(readFileSync(join(lab.dir, data, "run.json"), "utf8")).token as string;
      assert.equal(statSync(join(lab.dir, data, "run.json")).mode & 0o777, 0o600);
      assert.ok(!(out + err + monitor.output()).includes(token));
      await inAnOutage(async () => {
        const broken = await check();
        assert.equal(broken.code, 1, broken.out + broken.err);
        assert.match(broken.out, /^The router does not answer\n/);
        assert.equal(rows().length, before + 2);
      });
    });

    test("one that is switched off measures nothing, so it measures itself", async (t) => {
      await start();
      t.after(() => monitor.stop());
      const before = rows().length;
      await api("commands/monitoring", { method: "POST", body: '"OFF"' });
      await until("it rests", 5_000, async () => ((await verdict()) === undefined ? true : undefined));
      const { code, out } = await check(["--json"]);
      assert.equal(code, 0, out);
      assert.equal(checkOutput.parse(JSON.parse(out)).measured_by, "check");
      assert.equal(rows().length, before + 1);
    });

    test("what a killed one left is not taken for a monitor; one that ends takes it with it", async () => {
      await start();
      await monitor.kill();
      assert.ok(existsSync(join(lab.dir, data, "run.json")));
      const { code, out } = await check(["--json"]);
      assert.equal(code, 0, out);
      assert.equal(checkOutput.parse(JSON.parse(out)).measured_by, "check");
      monitor = startProgram(lab, data, config(settings));
      await until("the monitor's verdict", 20_000, async () => ((await verdict()) === "ok" ? true : undefined));
      assert.equal(await monitor.stop(), 0);
      assert.ok(!existsSync(join(lab.dir, data, "run.json")));
    });
  });
});
