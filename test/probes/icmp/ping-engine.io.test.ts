import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { systemClock } from "../../../src/lib/clock.ts";
import { openIcmp } from "../../../src/probes/icmp/open.ts";
import { type PingJob, runPing } from "../../../src/probes/icmp/ping.ts";
import { FakeClock } from "../../fakes/fake-clock.ts";
import { collect, kindOf, quietLog } from "./collect.ts";
import { fakeProgram } from "./fake-program.ts";

const job: PingJob = { address: "127.0.0.1", count: 1, spacingMs: 200, timeoutMs: 1_000 };
const header = 'echo "PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data."';
const summary = (sent: number, received: number) =>
  `echo; echo "--- 127.0.0.1 ping statistics ---"; echo "${sent} packets transmitted, ${received} received, ${100 - (100 * received) / sent}% packet loss, time 0ms"`;
const reply = (seq: number, ms: number) => `echo "64 bytes from 127.0.0.1: icmp_seq=${seq} ttl=64 time=${ms} ms"`;

test("the machine's own ping measures this machine", async () => {
  const outcomes = await runPing({ ...job, count: 3 }, { clock: systemClock, signal: never() });
  assert.equal(outcomes.length, 3);
  assert.ok(outcomes.every((outcome) => outcome.ok && outcome.rttMs > 0 && outcome.rttMs < 1_000));
});

const outputs = [
  ["an answer", [header, reply(1, 0.5), summary(1, 1)], ["ok"]],
  ["silence", [header, summary(1, 0), "exit 1"], ["timeout"]],
  [
    "an unreachable host",
    [header, 'echo "From 10.0.0.1 icmp_seq=1 Destination Host Unreachable"', summary(1, 0), "exit 1"],
    ["unreachable"],
  ],
  ["an answer that came after the time limit", [header, reply(1, 1_400), summary(1, 1)], ["timeout"]],
  ["a lack of permission", ['echo "ping: socktype: SOCK_RAW" >&2', "exit 2"], ["internal"]],
  ["one odd word, at which the package's parser throws", ["echo Killed", "exit 1"], ["internal"]],
  ["a reply without a time, at which it throws too", [header, "echo a=b=c=d", summary(1, 1)], ["internal"]],
  ["nothing at all", ["exit 0"], ["internal"]],
  ["a loss of nonsense percent", [header, 'echo "--- x"', 'echo " %%% / / / nan"'], ["internal"]],
] as const;
for (const [what, script, expected] of outputs) {
  test(`${what} is ${expected.join()}`, async () => {
    using fake = fakeProgram(script.join("\n"));
    const outcomes = await runPing(job, { clock: systemClock, signal: never(), file: fake.file });
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.ok ? "ok" : outcome.reason)),
      expected,
    );
  });
}

const sizes = [
  ["an answer", [header, reply(1, 0.5), summary(1, 1)], "ok"],
  ["silence", [header, summary(1, 0), "exit 1"], "timeout"],
  [
    "a router's word",
    [header, 'echo "From 10.1.0.1 icmp_seq=1 Frag needed and DF set (mtu = 1400)"', summary(1, 0), "exit 1"],
    "mismatch",
  ],
  [
    "a router's word by IPv6",
    [header, 'echo "From fd01::1 icmp_seq=1 Packet too big: mtu=1400"', summary(1, 0), "exit 1"],
    "mismatch",
  ],
  [
    "the own interface's limit",
    ['echo "ping: local error: message too long, mtu=1300" >&2', header, summary(1, 0), "exit 1"],
    "internal",
  ],
  ["a ping that knows no such option", ['echo "ping: invalid option -- M" >&2', "exit 1"], "internal"],
] as const;
for (const [what, script, expected] of sizes) {
  test(`of a large packet ${what} is ${expected}`, async () => {
    using fake = fakeProgram(['echo "$@" > "$NOTES"', ...script].join("\n"));
    const large = { ...job, bytes: 1_472 };
    const [outcome] = await runPing(large, { clock: systemClock, signal: never(), file: fake.file });
    assert.equal(outcome?.ok === true ? "ok" : outcome?.reason, expected);
    assert.match(readFileSync(fake.notes, "utf8"), /-s 1472 .*-M do 127\.0\.0\.1/);
  });
}

test("partial loss gives as many failures as packets were lost", async () => {
  using fake = fakeProgram([header, reply(2, 1), reply(5, 2), summary(5, 2)].join("\n"));
  const outcomes = await runPing({ ...job, count: 5 }, { clock: systemClock, signal: never(), file: fake.file });
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.ok ? outcome.rttMs : outcome.reason)),
    [1, 2, "timeout", "timeout", "timeout"],
  );
});

test("a ping that hangs is killed and says nothing about the network", async () => {
  using fake = fakeProgram('echo $$ > "$NOTES"; exec sleep 60');
  const outcomes = await runPing(job, { clock: systemClock, signal: never(), file: fake.file });
  assert.deepEqual(outcomes, [{ ok: false, reason: "internal", detail: "ping did not end" }]);
  assert.throws(() => process.kill(Number(readFileSync(fake.notes, "utf8")), 0), { code: "ESRCH" });
});

test("a missing ping says nothing about the network", async () => {
  const [outcome] = await runPing(job, { clock: systemClock, signal: never(), file: "/nonexistent/ping" });
  assert.deepEqual(outcome, { ok: false, reason: "internal", detail: "ping could not start: ENOENT" });
});

test("never more than four pings run at once", async () => {
  using fake = fakeProgram(
    `echo + >> "$NOTES"; sleep 0.1; echo - >> "$NOTES"; ${[header, reply(1, 1), summary(1, 1)].join("; ")}`,
  );
  const icmp = openIcmp("ping", { ...parts, file: fake.file });
  const { seen, emit } = collect();
  const targets = Array.from({ length: 12 }, (_, index) => ({ id: `t${index}`, host: `127.0.0.${index + 1}` }));
  await icmp.batch({ targets, count: 1, spacingMs: 200, timeoutMs: 1_000 }, emit, never());
  assert.equal(seen.filter((each) => kindOf(each) === "ok").length, 12);
  const levels = readFileSync(fake.notes, "utf8")
    .trim()
    .split("\n")
    .map((mark) => (mark === "+" ? 1 : -1));
  let inside = 0;
  const most = Math.max(...levels.map((step) => (inside += step)));
  assert.ok(most >= 2 && most <= 4, `${most} at once`);
});

test("one target is not probed again within ten seconds, except by a burst", async () => {
  using fake = fakeProgram([header, reply(1, 1), summary(1, 1)].join("\n"));
  const clock = new FakeClock();
  const icmp = openIcmp("ping", { ...parts, clock, file: fake.file });
  const probes = async (count: number) => {
    const { seen, emit } = collect();
    const targets = [{ id: "icmp:a", host: "127.0.0.1" }];
    await icmp.batch({ targets, count, spacingMs: 200, timeoutMs: 1_000 }, emit, never());
    return seen.length;
  };
  assert.equal(await probes(1), 1);
  assert.equal(await probes(1), 0);
  assert.equal(await probes(5), 5);
  await clock.advance(10_000);
  assert.equal(await probes(1), 1);
});

test("a large packet is another probe of the same host", async () => {
  using fake = fakeProgram([header, reply(1, 1), summary(1, 1)].join("\n"));
  const icmp = openIcmp("ping", { ...parts, file: fake.file });
  const { seen, emit } = collect();
  const targets = [
    { id: "icmp:a", host: "127.0.0.1" },
    { id: "icmp:large", host: "127.0.0.1", bytes: 1_472 },
  ];
  for (let n = 0; n < 2; n += 1)
    await icmp.batch({ targets, count: 1, spacingMs: 200, timeoutMs: 1_000 }, emit, never());
  assert.equal(seen.length, 2);
  assert.equal(new Set(seen.map(({ check }) => check)).size, 2);
});

test("a stopped batch kills its pings and emits nothing", async () => {
  using fake = fakeProgram('echo $$ > "$NOTES"; exec sleep 60');
  const controller = new AbortController();
  const { seen, emit } = collect();
  const targets = [{ id: "icmp:a", host: "127.0.0.1" }];
  const icmp = openIcmp("ping", { ...parts, file: fake.file });
  const running = icmp.batch({ targets, count: 1, spacingMs: 200, timeoutMs: 60_000 }, emit, controller.signal);
  const pid = await noted(fake.notes);
  controller.abort();
  await running;
  assert.deepEqual(seen, []);
  assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
});

const parts = { clock: systemClock, log: quietLog().log, tcp: () => Promise.reject(new Error("not used")) };

function never(): AbortSignal {
  return new AbortController().signal;
}

async function noted(file: string): Promise<number> {
  for (;;) {
    try {
      const text = readFileSync(file, "utf8");
      if (text.endsWith("\n")) return Number(text);
    } catch {
      // Not yet.
    }
    await systemClock.sleep(10);
  }
}
