import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../../../src/lib/clock.ts";
import { type DetectParts, detectIcmp } from "../../../src/probes/icmp/detect.ts";
import { fakeProgram } from "./fake-program.ts";

const missing = "/nonexistent/program";
const allLost = 'echo "[1795235558.05411] 127.0.0.1 : [0], timed out (NaN avg, 100% loss)"; exit 1';
const pingAnswers = `echo "PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data."
echo "64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.029 ms"; echo
echo "--- 127.0.0.1 ping statistics ---"
echo "1 packets transmitted, 1 received, 0% packet loss, time 0ms"
echo "rtt min/avg/max/mdev = 0.029/0.029/0.029/0.000 ms"`;

test("the machine's own fping is found to work by a real probe", async () => {
  const { engine, problems } = await detectIcmp({ clock: systemClock, signal: never() });
  assert.equal(engine, "fping");
  assert.ok(!problems.some(({ capability }) => capability.includes("ICMP")));
});

test("without fping the next best is used, and the command that installs it is told", async () => {
  using ping = fakeProgram(pingAnswers);
  const { engine, problems } = await detect({ fping: missing, ping: ping.file });
  assert.equal(engine, "ping");
  assert.deepEqual(problems.length, 1);
  assert.match(problems[0]?.capability ?? "", /^fping/);
  assert.match(problems[0]?.mend ?? "", /install .*fping|add fping/);
});

test("an fping that runs but loses every packet to this machine itself has no permission", async () => {
  using fping = fakeProgram(allLost);
  const { engine, problems } = await detect({ fping: fping.file, ping: missing });
  assert.equal(engine, "tcp");
  assert.match(JSON.stringify(problems), /raw ICMP for fping.*setcap cap_net_raw\+ep/);
});

test("a loopback that is down is no lack of permission", async () => {
  using fping = fakeProgram('echo; echo "127.0.0.1 : - - -" >&2; exit 1');
  const { engine, problems } = await detect({ fping: fping.file, ping: missing, loopbackUp: false });
  assert.deepEqual({ engine, problems }, { engine: "fping", problems: [] });
});

test("refused sockets and a refused start are lacks of permission", async () => {
  using refused = fakeProgram('echo "fping: can\'t create socket (must run as root?)" >&2; exit 4');
  for (const fping of [refused.file, "/etc"]) {
    for (const loopbackUp of [true, false]) {
      const { engine, problems } = await detect({ fping, ping: missing, loopbackUp });
      assert.equal(engine, "tcp");
      assert.match(JSON.stringify(problems), /raw ICMP for fping/);
    }
  }
});

test("a ping without permission is not used", async () => {
  using ping = fakeProgram('echo "ping: socktype: SOCK_RAW" >&2; echo "ping: Operation not permitted" >&2; exit 2');
  const { engine, problems } = await detect({ fping: missing, ping: ping.file });
  assert.equal(engine, "tcp");
  assert.match(JSON.stringify(problems), /raw ICMP for ping/);
});

test("a program that hangs does not hold up the start", async () => {
  using hung = fakeProgram("exec sleep 60");
  const startedAt = performance.now();
  const { engine } = await detect({ fping: hung.file, ping: hung.file });
  assert.equal(engine, "tcp");
  assert.ok(performance.now() - startedAt < 15_000);
});

function detect(parts: Omit<DetectParts, "clock" | "signal">) {
  return detectIcmp({ clock: systemClock, signal: never(), loopbackUp: true, ...parts });
}

function never(): AbortSignal {
  return new AbortController().signal;
}
