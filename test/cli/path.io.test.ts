import "./own-network.ts";
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { parse } from "yaml";
import { fakeProgram } from "../probes/icmp/fake-program.ts";
import { createHouse, type House, quiet } from "./network-program.ts";

let house: House;
let server: Server;
let port = 0;

before(async () => {
  server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});
after(() => server.close());
beforeEach(() => {
  house = createHouse();
});
afterEach(async () => await house.close());

const hub = (count: number, host: string, loss = 0) =>
  `{"count":${count},"host":"${host}","Loss%":${loss},"Snt":2,"Last":1,"Avg":1,"Best":1,"Wrst":1,"StDev":0}`;
/** A path over two routers of the provider. */
const pathScript = `for target; do :; done
echo "{\\"report\\":{\\"hubs\\":[$(printf '%s,%s,%s,' '${hub(1, "192.168.1.1")}' '${hub(2, "198.51.100.1")}' '${hub(3, "198.51.100.5")}')${hub(4, "TARGET").replaceAll('"', '\\"').replace("TARGET", "$target")}]}}"`;

/** An environment in whose PATH mtr does as the script says. */
function withMtr(script: string) {
  const program = fakeProgram(script);
  const bin = join(house.dir, "bin");
  mkdirSync(bin, { recursive: true });
  symlinkSync(program.file, join(bin, "mtr"));
  const env = { PATH: `${bin}:${process.env["PATH"] ?? ""}` };
  return { env, [Symbol.dispose]: () => program[Symbol.dispose]() };
}

test("trace prints the path to a host that answers, as a table and as JSON", async () => {
  const table = await house.run(["trace", "127.0.0.1", "--count", "1"]);
  assert.equal(table.code, 0, table.err);
  assert.match(table.out, /^Start: .*\nHOST: .* Loss% +Snt .*\n {2}1\.\|-- 127\.0\.0\.1 +0\.0% +1 /);
  const json = await house.run(["trace", "::1", "--count", "1", "--json"]);
  assert.equal(json.code, 0);
  const { hops, ...rest } = JSON.parse(json.out);
  assert.deepEqual([rest.host, rest.address, rest.reached, rest.tool], ["::1", "::1", true, "mtr"]);
  assert.deepEqual([hops.length, hops[0].hop, hops[0].address, hops[0].loss, hops[0].sent], [1, 1, "::1", 0, 1]);
});

test("trace tells what is wrong, each with its own exit code", async () => {
  const noRoute = await house.run(["trace", "192.0.2.1", "--count", "1"]);
  assert.deepEqual([noRoute.code, noRoute.out], [1, ""]);
  assert.match(noRoute.err, /there is no route to 192\.0\.2\.1/);
  for (const args of [
    ["trace"],
    ["trace", "a;b"],
    ["trace", "1.1.1.1", "--count", "0"],
    ["trace", "--", "-F/etc/passwd"],
  ])
    assert.equal((await house.run(args)).code, 2, args.join(" "));
  const missing = await house.run(["trace", "127.0.0.1"], { PATH: "/nonexistent" });
  assert.equal(missing.code, 3);
  assert.match(missing.err, /mtr is not installed; traceroute is not installed; tracepath is not installed/);
  using garbage = withMtr("echo garbage");
  const odd = await house.run(["trace", "127.0.0.1"], garbage.env);
  assert.equal(odd.code, 3);
  assert.match(odd.err, /mtr answered with something that is no report/);
});

test("discover-hops suggests the provider's routers and writes them where it is told to", async () => {
  using mtr = withMtr(pathScript);
  const file = house.file("own.yaml", `# mine\n${quiet.replace("127.0.0.1, tcp_port", "203.0.113.1, tcp_port")}\n`);
  const shown = await house.run(["--data", "data", "--config", file, "discover-hops", "--json"], mtr.env);
  assert.equal(shown.code, 0, shown.err);
  const suggestions = [
    { hop: 2, ip: "198.51.100.1", seen: 3 },
    { hop: 3, ip: "198.51.100.5", seen: 3 },
  ];
  assert.deepEqual(JSON.parse(shown.out), {
    seen: { 2: { "198.51.100.1": 3 }, 3: { "198.51.100.5": 3 } },
    suggestions,
  });
  assert.equal(parse(house.read("own.yaml")).isp_targets, undefined);
  const written = await house.run(["--data", "data", "--config", file, "discover-hops", "--write"], mtr.env);
  assert.equal(written.code, 0, written.err);
  assert.match(written.out, /2 {2}198\.51\.100\.1 +3 {2}suggested/);
  assert.deepEqual(parse(house.read("own.yaml")).isp_targets, ["198.51.100.1", "198.51.100.5"]);
  assert.match(house.read("own.yaml"), /^# mine\n/);
});

test("discover-hops writes nothing in the app, nor without a file to write to", async () => {
  const none = await house.run(["--data", "data", "discover-hops", "--write"]);
  assert.deepEqual([none.code, /--write needs --config/.test(none.err)], [2, true]);
  const file = house.file("own.yaml", quiet);
  const app = await house.run(["--data", "data", "--config", file, "discover-hops", "--write"], {
    SUPERVISOR_TOKEN: "x",
  });
  assert.deepEqual([app.code, /Home Assistant app/.test(app.err)], [2, true]);
});

test("discover-hops without a way out says why", async () => {
  const file = house.file("own.yaml", quiet.replace("127.0.0.1, tcp_port", "203.0.113.1, tcp_port"));
  const { code, err } = await house.run(["--data", "data", "--config", file, "discover-hops"]);
  assert.equal(code, 3);
  assert.match(err, /no path could be traced: there is no route to 203\.0\.113\.1/);
});

const results = () => {
  const dir = join(house.dir, "data", "evidence");
  const [name = "", ...more] = readdirSync(dir).filter((each) => each.startsWith("tcp_probe_"));
  assert.equal(more.length, 0);
  assert.match(name, /^tcp_probe_\d{8}_\d{6}\.json$/);
  return JSON.parse(readFileSync(join(dir, name), "utf8"));
};

test("probe-tcp asks the given hosts and keeps what they said", async () => {
  const args = ["--data", "data", "probe-tcp", "--hosts", "127.0.0.1, 127.0.0.2", "--port", String(port)];
  const { code, out } = await house.run(args);
  assert.equal(code, 1);
  assert.match(
    out,
    new RegExp(`127\\.0\\.0\\.1 +port ${port}: open .*\\n127\\.0\\.0\\.2 +port ${port}: no .*ECONNREFUSED`),
  );
  assert.deepEqual(results(), {
    port,
    tls: false,
    results: { "127.0.0.1": { tcp: true, tls: null }, "127.0.0.2": { tcp: false, tls: null } },
  });
});

test("probe-tcp tells a port that accepts but does not speak TLS", async () => {
  const { code, out } = await house.run([
    "--data",
    "data",
    "probe-tcp",
    "--hosts",
    "127.0.0.1",
    "--port",
    String(port),
    "--tls",
    "--json",
  ]);
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(out), { port, tls: true, results: { "127.0.0.1": { tcp: true, tls: false } } });
  assert.deepEqual(results(), JSON.parse(out));
});

test("probe-tcp takes the hosts of the configuration, and what discover-hops left", async () => {
  const file = house.file("own.yaml", `${quiet}\nisp_targets: [127.0.0.3]\n`);
  const args = ["--data", "data", "--config", file, "probe-tcp", "--port", String(port), "--json"];
  const own = await house.run(args);
  assert.deepEqual(Object.keys(JSON.parse(own.out).results), ["127.0.0.3", "127.0.0.1"]);
  house.file("data/evidence/isp_candidates.json", '{"seen":{},"suggestions":[{"hop":2,"ip":"127.0.0.4","seen":3}]}');
  const left = await house.run([...args, "--from-candidates"]);
  assert.deepEqual(Object.keys(JSON.parse(left.out).results), ["127.0.0.4"]);
});

test("probe-tcp refuses what is no host", async () => {
  for (const hosts of ["-x", "a b", ","])
    assert.equal((await house.run(["probe-tcp", "--hosts", hosts])).code, 2, hosts);
});
