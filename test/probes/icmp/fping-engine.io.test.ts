import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { systemClock } from "../../../src/lib/clock.ts";
import type { Icmp, IcmpTarget } from "../../../src/probes/icmp/icmp.ts";
import { openIcmp } from "../../../src/probes/icmp/open.ts";
import { collect, kindOf, quietLog } from "./collect.ts";
import { fakeProgram } from "./fake-program.ts";

const local: IcmpTarget = { id: "icmp:local", host: "127.0.0.2" };

test("the stream probes every target each period, and ends its child when stopped", async () => {
  const controller = new AbortController();
  const { seen, emit, until } = collect();
  const beat = { targets: [local, { id: "icmp:v6", host: "::1" }], periodMs: 100, timeoutMs: 80 };
  const running = engine().beat?.(beat, emit, controller.signal);
  const startedAt = Date.now();
  await until(() => ["icmp:local", "icmp:v6"].every((id) => seen.filter(({ check }) => check === id).length >= 10));
  controller.abort();
  await running;
  assert.ok(seen.every(({ outcome, at }) => outcome.ok && outcome.rttMs < 80 && Math.abs(at - startedAt) < 10_000));
  const gaps = seen
    .filter(({ check }) => check === "icmp:local")
    .map(({ at }, index, all) => at - (all[index - 1]?.at ?? at));
  assert.ok(gaps.slice(1).every((gap) => gap > 50));
});

test("a batch sends so many packets to each target, and both of two checks of one address get them", async () => {
  const { seen, emit } = collect();
  const targets = [local, { id: "icmp:twin", host: "127.0.0.2" }, { id: "icmp:other", host: "127.0.0.3" }];
  await engine().batch({ targets, count: 5, spacingMs: 50, timeoutMs: 500 }, emit, never());
  for (const { id } of targets) assert.equal(seen.filter(({ check, outcome }) => check === id && outcome.ok).length, 5);
});

test("a name is resolved once and its address kept; IPv4 is preferred", async () => {
  const asked: string[] = [];
  const icmp = engine({
    lookup: (host, _options, callback) => {
      asked.push(host);
      callback(null, [
        { address: "::1", family: 6 },
        { address: "127.0.0.4", family: 4 },
      ]);
    },
  });
  const { seen, emit } = collect();
  const batch = { targets: [{ id: "icmp:name", host: "name.test" }], count: 1, spacingMs: 50, timeoutMs: 500 };
  await icmp.batch(batch, emit, never());
  await icmp.batch(batch, emit, never());
  assert.deepEqual(asked, ["name.test"]);
  assert.deepEqual(seen.map(kindOf), ["ok", "ok"]);
});

test("a name without an address, or what is none, can't be measured; the others are not kept waiting", async () => {
  const { seen, emit, until } = collect();
  const icmp = engine({
    lookup: (host, _options, callback) => {
      if (host !== "slow.test") callback(Object.assign(new Error("no"), { code: "ENOTFOUND" }), []);
    },
  });
  const hosts = ["none.test", "slow.test", "-f/etc/passwd", "a b", "x\0y", "127.0.0.2"];
  const targets = hosts.map((host) => ({ id: host, host }));
  const running = icmp.batch({ targets, count: 1, spacingMs: 50, timeoutMs: 2_000 }, emit, never());
  await until(() => seen.some(({ check }) => check === "127.0.0.2"));
  assert.ok(!seen.some(({ check }) => check === "slow.test"));
  await running;
  const kinds = Object.fromEntries(seen.map((each) => [each.check, kindOf(each)]));
  assert.deepEqual(kinds, { ...Object.fromEntries(hosts.map((host) => [host, "internal"])), "127.0.0.2": "ok" });
  assert.ok(seen.some(({ outcome }) => !outcome.ok && outcome.detail === "cannot resolve none.test"));
});

test("the stream takes a name in as soon as it resolves", async () => {
  let known = false;
  const icmp = engine({
    lookup: (_host, _options, callback) => {
      if (known) callback(null, [{ address: "127.0.0.5", family: 4 }]);
      else callback(Object.assign(new Error("no"), { code: "EAI_AGAIN" }), []);
    },
  });
  const controller = new AbortController();
  const { seen, emit, until } = collect();
  const targets = [local, { id: "icmp:name", host: "name.test" }];
  const running = icmp.beat?.({ targets, periodMs: 100, timeoutMs: 80 }, emit, controller.signal);
  await until(() =>
    seen.some(({ check, outcome }) => check === "icmp:name" && !outcome.ok && outcome.reason === "internal"),
  );
  known = true;
  await until(() => seen.some(({ check, outcome }) => check === "icmp:name" && outcome.ok));
  controller.abort();
  await running;
});

test("a fping that dies is started again, and meanwhile nothing is said about the network", async () => {
  using fake = fakeProgram('echo x >> "$NOTES"; echo "fping: odd trouble" >&2; exit 4');
  const { messages, log } = quietLog();
  const controller = new AbortController();
  const { seen, emit, until } = collect();
  const icmp = openIcmp("fping", { ...parts, log, file: fake.file });
  const running = icmp.beat?.({ targets: [local], periodMs: 100, timeoutMs: 80 }, emit, controller.signal);
  await until(() => seen.length >= 3);
  controller.abort();
  await running;
  assert.ok(readFileSync(fake.notes, "utf8").split("\n").length > 2);
  assert.deepEqual([...new Set(seen.map(kindOf))], ["internal"]);
  assert.ok(seen.every(({ outcome }) => !outcome.ok && outcome.detail.includes("odd trouble")));
  assert.equal(messages.length, 1);
});

test("a fping that prints nonsense and endless lines does no harm", async () => {
  const script = `i=0; while [ $i -lt 2000 ]; do echo "[1.0] 127.0.0.2 : [garbage $i"; i=$((i+1)); done
    head -c 300000 /dev/zero | tr '\\0' 'x'; echo
    echo "[1795235558.05411] 127.0.0.2 : [0], 64 bytes, 0.5 ms (0.5 avg, 0% loss)"`;
  using fake = fakeProgram(script);
  const { seen, emit } = collect();
  const icmp = openIcmp("fping", { ...parts, file: fake.file });
  await icmp.batch({ targets: [local], count: 1, spacingMs: 50, timeoutMs: 500 }, emit, never());
  assert.deepEqual(seen.map(kindOf), ["ok"]);
});

test("a fping that hangs is killed: a batch ends as not measured, a stream begins anew", async () => {
  using fake = fakeProgram('echo $$ >> "$NOTES"; exec sleep 60');
  const icmp = openIcmp("fping", { ...parts, file: fake.file });
  const { seen, emit } = collect();
  await icmp.batch({ targets: [local], count: 1, spacingMs: 50, timeoutMs: 100 }, emit, never());
  assert.deepEqual(seen.map(kindOf), ["internal"]);
  const controller = new AbortController();
  const stream = collect();
  const running = icmp.beat?.({ targets: [local], periodMs: 100, timeoutMs: 80 }, stream.emit, controller.signal);
  await stream.until((all) => all.length > 0);
  assert.match(JSON.stringify(stream.seen[0]), /internal.*fell silent/);
  controller.abort();
  await running;
  for (const pid of readFileSync(fake.notes, "utf8").trim().split("\n")) {
    assert.throws(() => process.kill(Number(pid), 0), { code: "ESRCH" });
  }
});

test("a fping that is missing or may not run says nothing about the network", async () => {
  for (const file of ["/nonexistent/fping", "/etc"]) {
    const { seen, emit } = collect();
    const batch = { targets: [local], count: 5, spacingMs: 50, timeoutMs: 100 };
    await openIcmp("fping", { ...parts, file }).batch(batch, emit, never());
    assert.deepEqual(seen.map(kindOf), ["internal"]);
  }
});

test("addresses are given after the options, so that none can be taken for one", async () => {
  using fake = fakeProgram('echo "$@" > "$NOTES"');
  const { emit } = collect();
  const icmp = openIcmp("fping", { ...parts, file: fake.file });
  await icmp.batch({ targets: [local], count: 2, spacingMs: 200, timeoutMs: 1_500 }, emit, never());
  assert.ok(existsSync(fake.notes));
  assert.equal(readFileSync(fake.notes, "utf8").trim(), "-4 -e -D -C 2 -p 200 -t 1500 -i 10 -- 127.0.0.2");
});

test("sizes go to a run each, with the bit that forbids to split them", async () => {
  using fake = fakeProgram('echo "$@" >> "$NOTES"');
  const { emit } = collect();
  const icmp = openIcmp("fping", { ...parts, file: fake.file });
  const targets = [local, { ...local, id: "icmp:large", bytes: 1_472 }];
  await icmp.batch({ targets, count: 2, spacingMs: 200, timeoutMs: 1_500 }, emit, never());
  assert.deepEqual(readFileSync(fake.notes, "utf8").trim().split("\n"), [
    "-4 -e -D -C 2 -p 200 -t 1500 -i 10 -- 127.0.0.2",
    "-4 -e -D -C 2 -p 200 -t 1500 -i 10 -b 1472 -M -- 127.0.0.2",
  ]);
});

test("large packets are really sent and answered, each check its own", async () => {
  const { seen, emit } = collect();
  const targets = [local, { ...local, id: "icmp:large", bytes: 1_472 }];
  await engine().batch({ targets, count: 3, spacingMs: 50, timeoutMs: 500 }, emit, never());
  for (const { id } of targets) assert.equal(seen.filter(({ check, outcome }) => check === id && outcome.ok).length, 3);
});

const parts = {
  clock: systemClock,
  log: quietLog().log,
  tcp: () => Promise.reject(new Error("not used")),
};

function engine(extra: Partial<Parameters<typeof openIcmp>[1]> = {}): Icmp {
  return openIcmp("fping", { ...parts, ...extra });
}

function never(): AbortSignal {
  return new AbortController().signal;
}
