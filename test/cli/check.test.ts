import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { checkJson, checkText } from "../../src/cli/check/report.ts";
import { type Checked, parseState } from "../../src/cli/check/seen.ts";
import { createSettling } from "../../src/cli/check/settling.ts";
import { type Message, messages } from "../../src/cli/check/stream.ts";
import { parseTime } from "../../src/lib/clock.ts";
import type { Verdict } from "../../src/model/diagnosis/verdicts.ts";
import { verdicts } from "../../src/model/diagnosis/verdicts.ts";
import type { View } from "../../src/model/view.ts";
import { FakeClock } from "../fakes/fake-clock.ts";
import { okView } from "../web/fixtures.ts";
import { checkOutput } from "./check-output.ts";

const at = parseTime("2026-11-21T14:05:09Z") ?? 0;

function seen(verdict: Verdict, more: Partial<View["verdict"]> = {}): View {
  const view = okView(at);
  const { severity, blame } = verdicts[verdict];
  return { ...view, verdict: { ...view.verdict, verdict, severity, blame, ...more } };
}

const of = (view: View): Checked => ({ by: "check", seen: view, problems: [] });

suite("the report of a check", () => {
  test("begins with the verdict in words, and tells what to do and what it rests on", () => {
    const evidence = [{ layer: "gateway_icmp", result: "bad", detail: "no answer within 750 ms" }] as const;
    const more = { place: "the router", advice: "Restart it.", confidence: 88, since: at - 61_000, evidence };
    const text = checkText(of(seen("gateway_down", { ...more, secondBest: "lan_segment_down" })));
    assert.match(text, /^The router does not answer\n/);
    assert.match(text, /Severity +outage\n/);
    assert.match(text, /Since +\d\d:04:08\n/);
    assert.match(text, /Advice +Restart it\.\n/);
    assert.match(text, /Confidence +88 %; if not that: A part of the home network is down\n/);
    assert.match(text, /gateway icmp +BAD +no answer within 750 ms\n/);
  });

  test("without a verdict says that it can't be told", () => {
    const { verdict: _none, ...rest } = seen("ok").verdict;
    const view = { ...okView(at), verdict: { ...rest, severity: "no_data" as const } };
    assert.match(checkText(of(view)), /^It can't be told whether the Internet works\n/);
    assert.equal(checkOutput.parse(checkJson(of(view))).verdict, null);
  });

  test("obeys no control characters that came from the network", () => {
    const evidence = [{ layer: "internet", result: "bad", detail: "\u001b[2J\u202eevil\r\nFake line" }] as const;
    const text = checkText(of(seen("target_down", { place: "\u001b]0;x\u0007", evidence })));
    assert.match(text.replaceAll("\n", ""), /^[\x20-\x7e]*$/);
    assert.ok(!text.includes("\nFake"));
  });

  test("as JSON is of one shape for every verdict", () => {
    for (const verdict of Object.keys(verdicts) as Verdict[]) {
      const json = JSON.parse(JSON.stringify(checkJson(of(seen(verdict)))));
      assert.equal(checkOutput.parse(json).verdict, verdict);
    }
  });

  test("what the monitor's own interface gives is understood, anything else is not", () => {
    assert.deepEqual(parseState(JSON.parse(JSON.stringify(okView(at))))?.verdict.verdict, "ok");
    for (const other of [undefined, null, [], {}, { ...okView(at), verdict: { verdict: "nonsense" } }])
      assert.equal(parseState(other), undefined);
  });
});

suite("a verdict", () => {
  const view = (verdict: Verdict, state: View["episode"]["state"] = "settled") => {
    return { verdict: { ...seen(verdict).verdict, status: verdicts[verdict].status }, episode: { state } } as View;
  };

  test("stands when it has held for some seconds and nothing is suspected", async () => {
    const clock = new FakeClock();
    const stands = createSettling(clock);
    assert.equal(stands(view("internet_down", "confirmed")), false);
    await clock.advance(2_400);
    assert.equal(stands(view("internet_down", "confirmed")), false);
    assert.equal(stands(view("isp_access_down", "confirmed")), false);
    await clock.advance(2_400);
    assert.equal(stands(view("isp_access_down", "confirmed")), false);
    await clock.advance(200);
    assert.equal(stands(view("isp_access_down", "recovering")), false);
    assert.equal(stands(view("isp_access_down", "confirmed")), true);
  });

  test("that is doubted again and again stands after longer", async () => {
    const clock = new FakeClock();
    const stands = createSettling(clock);
    assert.equal(stands(view("dns_slow", "suspect")), false);
    await clock.advance(5_900);
    assert.equal(stands(view("dns_slow", "suspect")), false);
    await clock.advance(200);
    assert.equal(stands(view("dns_slow", "suspect")), true);
    assert.equal(stands(view("ok", "suspect")), false);
    await clock.advance(14_000);
    assert.equal(stands(view("ok", "suspect")), false);
  });

  test("that says that nothing was measured never stands", async () => {
    const clock = new FakeClock();
    const stands = createSettling(clock);
    assert.equal(stands(view("monitor_gap")), false);
    await clock.advance(60_000);
    assert.equal(stands(view("monitor_gap")), false);
  });
});

suite("a stream of events", () => {
  const streamOf = (...parts: readonly string[]) =>
    new Response(
      new ReadableStream({
        start: (controller) => {
          for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
          controller.close();
        },
      }),
    );

  const all = async (stream: AsyncIterable<Message>) => {
    const found: Message[] = [];
    for await (const message of stream) found.push(message);
    return found;
  };

  test("is read however it is cut", async () => {
    const text =
      ': heartbeat\nevent: state\ndata: {"ä":\ndata: 1}\n\nretry: 2000\n\nevent: event\ndata: x\n\nevent: torn';
    const whole = await all(messages(streamOf(text), 1_000));
    assert.deepEqual(whole, [
      { event: "state", data: '{"ä":\n1}' },
      { event: "message", data: "" },
      { event: "event", data: "x" },
    ]);
    assert.deepEqual(await all(messages(streamOf(...text), 1_000)), whole);
  });

  test("with a message without end is given up", async () => {
    await assert.rejects(all(messages(streamOf("data: ", "x".repeat(2_000)), 1_000)), RangeError);
  });
});
