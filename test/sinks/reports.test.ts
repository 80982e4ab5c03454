import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnalysisSpan } from "../../src/history/read-analysis.ts";
import type { Command, Observation } from "../../src/model/types.ts";
import type { DomainEvent } from "../../src/model/view.ts";
import type { ReportAnswer } from "../../src/reports/make-report.ts";
import { createReportSink } from "../../src/sinks/reports.ts";
import { exampleView } from "../fakes/example-view.ts";
import { FakeClock, settle } from "../fakes/fake-clock.ts";

const made: ReportAnswer = { type: "made", report: { html: "<p>", text: "t", summary: "99 % available." } };
const minute = 60_000;

/** The sink with a maker that waits to be told, and a shelf in memory. */
function bench(afterOutage = true) {
  const clock = new FakeClock();
  const stop = new AbortController();
  const [asked, emitted, warned]: [AnalysisSpan[], Observation[], string[]] = [[], [], []];
  const answers: ((answer: ReportAnswer) => void)[] = [];
  const shelf = {
    full: false,
    save: async () => {
      if (shelf.full) throw new Error("no space left");
      return "analysis_1.html";
    },
    read: async () => undefined,
    latest: async () => undefined,
  };
  const sink = createReportSink({
    make: (span) => {
      asked.push(span);
      return new Promise((resolve) => answers.push(resolve));
    },
    shelf,
    emit: (observation) => emitted.push(observation),
    clock,
    log: { debug: () => {}, info: () => {}, warn: (message) => warned.push(message), error: () => {} },
    afterOutage,
  });
  const running = sink.run(stop.signal);
  const push = (events: readonly DomainEvent[], commands: readonly Command[] = []) => {
    const observations = commands.map((command) => ({ type: "command" as const, at: clock.now(), command }));
    sink.push({ view: exampleView(), events, observations, devices: new Map() });
  };
  const ended = () => push([{ event_type: "outage_ended", at: clock.now(), text: "", fields: {} }]);
  const answer = async (given: ReportAnswer) => {
    answers.shift()?.(given);
    await settle();
  };
  const end = () => {
    stop.abort();
    return running;
  };
  return { clock, shelf, sink, asked, emitted, warned, push, ended, answer, end };
}

test("after an outage a report is made once it is recorded, of the last week, and told with its address", async () => {
  const b = bench();
  b.ended();
  await settle();
  assert.equal(b.asked.length, 0);
  await b.clock.advance(3_000);
  assert.deepEqual(b.asked, [{ from: b.clock.now() - 7 * 24 * 60 * minute, to: b.clock.now() }]);
  await b.answer(made);
  assert.deepEqual(b.emitted, [
    {
      type: "job",
      at: b.clock.now(),
      event: "analysis_ready",
      text: "Outage report: 99 % available.",
      report: "api/reports/analysis_1.html",
    },
  ]);
  await b.end();
});

test("many outages within five minutes get one more report, after the last of them", async () => {
  const b = bench();
  b.ended();
  await b.clock.advance(3_000);
  await b.answer(made);
  for (let n = 0; n < 20; n += 1) {
    b.ended();
    await b.clock.advance(10_000);
  }
  assert.equal(b.asked.length, 1);
  await b.clock.advance(5 * minute);
  assert.equal(b.asked.length, 2);
  await b.answer(made);
  await b.clock.advance(20 * minute);
  assert.equal(b.asked.length, 2);
  await b.end();
});

test("switched off, an outage makes none, but a command does, of its time or of the last day", async () => {
  const b = bench(false);
  b.ended();
  await b.clock.advance(10 * minute);
  assert.equal(b.asked.length, 0);
  b.push([], [{ name: "analyze" }, { name: "analyze", from: 1_000, to: 2_000 }]);
  await settle();
  // Never two at once.
  assert.deepEqual(b.asked, [{ from: b.clock.now() - 24 * 60 * minute, to: b.clock.now() }]);
  await b.answer({ type: "nothing" });
  assert.deepEqual(b.asked[1], { from: 1_000, to: 2_000 });
  await b.answer(made);
  assert.deepEqual(
    b.emitted.map((each) => each.type === "job" && each.text),
    ["There is no history of this time to report on.", "Outage report: 99 % available."],
  );
  await b.end();
});

test("one that can't be made or written is told, and the next one is made", async () => {
  const b = bench();
  b.push([], [{ name: "analyze" }]);
  await settle();
  await b.answer({ type: "failed", reason: "x" });
  assert.deepEqual(b.warned, ["no outage report could be made"]);
  b.shelf.full = true;
  b.push([], [{ name: "analyze" }]);
  await settle();
  await b.answer(made);
  assert.equal(b.warned.length, 2);
  assert.match(
    String(b.emitted.map((each) => each.type === "job" && each.text)),
    /not kept because it can't be written: 99 %/,
  );
  await b.end();
});

test("the page waits its turn, and does not pile up work", async () => {
  const b = bench();
  const spans = [1, 2, 3, 4].map((from) => b.sink.make({ from, to: 10 }));
  assert.equal(await spans[3], undefined);
  await settle();
  assert.equal(b.asked.length, 1);
  for (let n = 0; n < 3; n += 1) await b.answer(made);
  assert.deepEqual(await Promise.all(spans.slice(0, 3)), ["<p>", "<p>", "<p>"]);
  await b.end();
});
