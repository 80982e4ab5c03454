import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { systemClock } from "../../../src/lib/clock.ts";
import { readDiagnostics } from "../../../src/sinks/evidence/network-diagnostics.ts";
import { createWanDiagSink, type WanDiagOptions } from "../../../src/sinks/evidence/wan-diag.ts";
import { exampleView } from "../../fakes/example-view.ts";
import { FakeClock } from "../../fakes/fake-clock.ts";
import { eventually } from "../../ha/eventually.ts";
import { keptLog, temporaryDirectory } from "../../history/place.ts";
import { fakeProgram } from "../../probes/icmp/fake-program.ts";

const noon = Date.UTC(2026, 0, 15, 12);

function running(t: TestContext, dir: string, more: Partial<WanDiagOptions> = {}) {
  const clock = new FakeClock(noon);
  const log = keptLog();
  let reads = 0;
  const read = async () => {
    reads += 1;
    return "==== ip addr ====\neth0\n";
  };
  const sink = createWanDiagSink({ dir, fallbackDir: join(dir, "data"), maxBytes: 1e9, clock, log, read, ...more });
  const stop = new AbortController();
  const ended = sink.run(stop.signal);
  const end = () => {
    stop.abort();
    return ended;
  };
  t.after(end);
  const tell = (
    verdict: string,
    event_type: "outage_started" | "outage_ended" | "degraded_started" = "outage_started",
  ) => {
    const event = { event_type, at: clock.now(), text: "It broke", fields: { verdict, place: "provider" } };
    sink.push({ view: { ...exampleView(), at: clock.now() }, events: [event], observations: [], devices: new Map() });
  };
  return { clock, log, tell, end, reads: () => reads };
}

test("an outage of the line or the network is written down with what this machine knows", async (t) => {
  const dir = temporaryDirectory(t);
  const { tell, end } = running(t, dir);
  tell("isp_access_down");
  await end();
  assert.deepEqual(readdirSync(dir), ["wan_diag_20260115_120000.log"]);
  assert.equal(
    readFileSync(join(dir, "wan_diag_20260115_120000.log"), "utf8"),
    "Outage: isp_access_down, provider\nIt broke\n\n==== ip addr ====\neth0\n",
  );
});

test("outages of names and pages, degradations and ends write nothing", async (t) => {
  const dir = temporaryDirectory(t);
  const { tell, end, reads } = running(t, dir);
  tell("dns_down");
  tell("captive_portal");
  tell("packet_loss", "degraded_started");
  tell("isp_access_down", "outage_ended");
  tell("no such verdict");
  await end();
  assert.deepEqual([readdirSync(dir), reads()], [[], 0]);
});

test("a network that comes and goes is written down once a minute at most", async (t) => {
  const dir = temporaryDirectory(t);
  const { tell, clock, end } = running(t, dir);
  tell("gateway_down");
  await eventually("the first", () => readdirSync(dir).length === 1);
  await clock.advance(30_000);
  tell("gateway_down");
  await clock.advance(40_000);
  tell("gateway_down");
  await end();
  assert.deepEqual(readdirSync(dir).toSorted(), ["wan_diag_20260115_120000.log", "wan_diag_20260115_120110.log"]);
});

test("the oldest go when all are too much; the newest and others' files stay", async (t) => {
  const dir = temporaryDirectory(t);
  for (const name of ["wan_diag_20250101_000000.log", "wan_diag_20260114_000000.log", "wan_diag_notes.log"])
    writeFileSync(join(dir, name), "x".repeat(1_000));
  const { tell, end } = running(t, dir, { maxBytes: 1_500 });
  tell("wan_session_down");
  await end();
  assert.deepEqual(readdirSync(dir).toSorted(), [
    "wan_diag_20260114_000000.log",
    "wan_diag_20260115_120000.log",
    "wan_diag_notes.log",
  ]);
});

const signal = new AbortController().signal;
const read = (ip: string, journalctl: string) => readDiagnostics({ clock: systemClock, signal, ip, journalctl });

test("addresses, counters, routes, neighbours and the journal each have their part", async () => {
  using ip = fakeProgram('echo "ip said $*"');
  using journal = fakeProgram('echo "kernel said something"');
  const text = await read(ip.file, journal.file);
  for (const part of ["ip addr", "ip -s link", "ip route", "ip -6 route", "ip neigh"])
    assert.ok(text.includes(`==== ${part} ====\nip said ${part.slice(3)}`), part);
  assert.match(text, /==== journalctl ====\nkernel said something\n$/);
});

test("without ip the kernel's own tables are read, and a journal that can't be read is told", async () => {
  const text = await read("/nonexistent/ip", "/nonexistent/journalctl");
  assert.match(text, /==== ip addr ====\n\(\/proc\/net\/fib_trie\)\n/);
  assert.match(text, /==== ip -s link ====\n\(\/proc\/net\/dev\)\nInter-\|.*\n[\s\S]*lo:/);
  assert.match(text, /==== ip route ====\n\(\/proc\/net\/route\)\nIface/);
  assert.match(text, /==== journalctl ====\nthe system's journal can't be read here/);
});

test("programs that hang or flood bound the text and the time", async () => {
  using hangs = fakeProgram("echo begun; exec sleep 600");
  using floods = fakeProgram("yes 0123456789 | head -n 1000000");
  const startedAt = performance.now();
  const text = await read(hangs.file, floods.file);
  assert.ok(performance.now() - startedAt < 15_000);
  assert.match(text, /==== ip addr ====\nbegun\n\(.* did not end within 3 s\)/);
  assert.ok(text.length < 20_000);
});

test("the real ip tells of this machine", async () => {
  const text = await read("ip", "/nonexistent/journalctl");
  assert.match(text, /==== ip addr ====\n1: lo: /);
  assert.match(text, /==== ip -s link ====\n1: lo: [\s\S]*RX: +bytes/);
});
