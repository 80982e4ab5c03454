import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import type { LookupFunction } from "node:net";
import { test } from "node:test";
import { systemClock } from "../../../src/lib/clock.ts";
import { detectPathTools } from "../../../src/probes/path/detect.ts";
import { openTracer, type TracerParts } from "../../../src/probes/path/open.ts";
import type { TraceJob } from "../../../src/probes/path/trace.ts";
import { eventually } from "../../ha/eventually.ts";
import { fakeProgram } from "../icmp/fake-program.ts";

const missing = "/nonexistent/program";
const nothing = { mtr: missing, traceroute: missing, tracepath: missing };
const hub = '{"count":1,"host":"192.0.2.9","Loss%":0.0,"Snt":1,"Last":1,"Avg":1,"Best":1,"Wrst":1,"StDev":0}';
const lookup: LookupFunction = (name, _options, done) =>
  name === "host.example" ? done(null, [{ address: "192.0.2.9", family: 4 }]) : done(new Error("no such name"), []);

async function trace(files: TracerParts["files"], job: Partial<TraceJob> = {}, signal = new AbortController().signal) {
  const tracer = openTracer({ clock: systemClock, files: { ...nothing, ...files }, lookup, own: async () => [] });
  return await tracer({ host: "192.0.2.9", count: 1, intervalMs: 1_000, ...job }, signal);
}

test("mtr's report is the path, and reaching the target is told", async () => {
  using mtr = fakeProgram(`echo "$@" > "$NOTES"; echo '{"report":{"hubs":[${hub}]}}'`);
  const found = await trace({ mtr: mtr.file }, { host: "host.example", count: 7 });
  assert.ok(found.ok && found.reached);
  assert.deepEqual([found.address, found.tool, found.hops.length], ["192.0.2.9", "mtr", 1]);
  assert.match(found.text, /^Start: .*\nHOST: .*\n {2}1\.\|-- 192\.0\.2\.9 +0\.0% /);
  assert.equal(readFileSync(mtr.notes, "utf8"), "--json -n -4 -c 7 -i 1 -G 2 192.0.2.9\n");
});

test("a host that could be an option, or hides something, never reaches a tool", async () => {
  using mtr = fakeProgram('echo "$@" > "$NOTES"');
  for (const host of ["-F/etc/passwd", "--help", "", "a b", "a;b", "$(id)", "a\nb", "x".repeat(300)]) {
    const found = await trace({ mtr: mtr.file }, { host });
    assert.match(found.ok ? "" : found.reason, /neither an address nor a name/, host);
  }
  assert.equal(existsSync(mtr.notes), false);
});

test("a name without an address is told as such", async () => {
  const found = await trace({}, { host: "nowhere.example" });
  assert.match(found.ok ? "" : found.reason, /nowhere\.example has no address/);
});

for (const [what, script, reason, broken] of [
  ["no route", "echo 'mtr: udp socket connect failed: Network is unreachable' >&2; exit 1", /there is no route/, false],
  ["no hop", `echo '{"report":{"hubs":[]}}'`, /no hop answered/, false],
  [
    "garbage",
    "head -c 300000 /dev/urandom; echo",
    /no report.*traceroute is not installed.*tracepath is not installed/,
    true,
  ],
  ["half a report", `echo '{"report":{"hubs":[${hub},'`, /no report/, true],
  ["no permission", "echo 'mtr: Failure to start mtr-packet: Invalid argument' >&2; exit 1", /no permission/, true],
  ["a death without a word", "kill -9 $$", /broke off/, true],
] as const)
  test(`mtr with ${what} is a failure with its reason`, async () => {
    using mtr = fakeProgram(script);
    const found = await trace({ mtr: mtr.file });
    assert.ok(!found.ok);
    assert.match(found.reason, reason);
    assert.equal(found.broken, broken);
  });

test("nothing installed says what is missing", async () => {
  const found = await trace({});
  assert.equal(
    found.ok ? "" : found.reason,
    "mtr is not installed; traceroute is not installed; tracepath is not installed",
  );
});

test("without mtr traceroute is used, without both tracepath", async () => {
  using traceroute = fakeProgram('echo " 1  192.0.2.1  1.0 ms *"; echo " 2  192.0.2.9  2.0 ms 2.0 ms"');
  using tracepath = fakeProgram('echo " 1:  192.0.2.9   1.0ms reached"');
  using forbidden = fakeProgram("echo 'mtr: Failure to open IPv4 sockets: Operation not permitted' >&2; exit 1");
  const [first, second] = await Promise.all([
    trace({ mtr: forbidden.file, traceroute: traceroute.file, tracepath: tracepath.file }, { count: 60 }),
    trace({ tracepath: tracepath.file }),
  ]);
  assert.ok(first.ok && first.reached && second.ok && second.reached);
  assert.deepEqual([first.tool, first.hops.length, second.tool, second.hops.length], ["traceroute", 2, "tracepath", 1]);
});

test("a mtr without JSON is read in its raw form", async () => {
  using mtr = fakeProgram(`case "$1" in --json) echo "mtr: unrecognized option '--json'" >&2; exit 1;; esac
printf 'x 0 1\\nh 0 192.0.2.9\\np 0 1500 1\\n'`);
  const found = await trace({ mtr: mtr.file });
  assert.ok(found.ok && found.reached);
  assert.equal(found.hops[0]?.lastMs, 1.5);
});

test("a mtr that hangs is killed in time", async () => {
  using mtr = fakeProgram('echo $$ > "$NOTES"; exec sleep 600');
  const startedAt = performance.now();
  const found = await trace({ mtr: mtr.file });
  assert.match(found.ok ? "" : found.reason, /mtr did not end in time/);
  assert.ok(performance.now() - startedAt < 30_000);
  assert.throws(() => process.kill(Number(readFileSync(mtr.notes, "utf8")), 0));
});

test("a trace that is stopped ends at once, with its tool", async () => {
  using mtr = fakeProgram('echo $$ > "$NOTES"; exec sleep 600');
  const stop = new AbortController();
  const running = trace({ mtr: mtr.file, traceroute: mtr.file }, {}, stop.signal);
  await eventually("the tool runs", () => existsSync(mtr.notes) && readFileSync(mtr.notes, "utf8").endsWith("\n"));
  stop.abort();
  assert.equal((await running).ok, false);
  assert.throws(() => process.kill(Number(readFileSync(mtr.notes, "utf8")), 0));
});

test("the real mtr traces this machine, by both families, and is told live", async () => {
  const real = openTracer({ clock: systemClock });
  const never = new AbortController().signal;
  const lives: number[] = [];
  const job = { count: 2, intervalMs: 1_000 };
  const [ipv4, ipv6, live] = await Promise.all([
    real({ ...job, host: "127.0.0.1" }, never),
    real({ ...job, host: "::1" }, never),
    real({ ...job, host: "127.0.0.1", onHops: (hops) => lives.push(hops.length) }, never),
  ]);
  for (const found of [ipv4, ipv6, live]) {
    assert.ok(found.ok && found.reached && found.tool === "mtr", JSON.stringify(found));
    assert.deepEqual([found.hops.length, found.hops[0]?.sent, found.hops[0]?.answered], [1, 2, 2]);
  }
  assert.ok(lives.length >= 2);
});

test("what is wrong with mtr is found at the start, with what mends it", async () => {
  using forbidden = fakeProgram("echo 'mtr: Failure to start mtr-packet: Invalid argument' >&2; exit 1");
  using dead = fakeProgram("kill -9 $$");
  using hangs = fakeProgram("exec sleep 600");
  const detect = async (mtr: string) =>
    JSON.stringify(await detectPathTools({ clock: systemClock, signal: new AbortController().signal, mtr }));
  assert.match(await detect(missing), /mtr \(the path.*(install|add)/);
  assert.match(await detect(forbidden.file), /raw ICMP for mtr.*setcap.*mtr-packet/);
  assert.match(await detect(dead.file), /raw ICMP for mtr/);
  assert.match(await detect(hangs.file), /hangs/);
  assert.equal(await detect("mtr"), "[]");
});
