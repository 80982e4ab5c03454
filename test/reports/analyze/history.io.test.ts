import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { StoreError } from "../../../src/history/errors.ts";
import type { Sample } from "../../../src/history/queue.ts";
import { readAnalysis } from "../../../src/history/read-analysis.ts";
import type { Outage } from "../../../src/model/view.ts";
import { analyzeHistory } from "../../../src/reports/analyze/history.ts";
import { openedStore, temporaryDirectory } from "../../history/place.ts";

const start = 1_768_219_200_000;
const minute = 60_000;
const outage: Outage = {
  started: start + 20 * minute,
  ended: start + 23 * minute,
  verdict: "isp_access_down",
  severity: "outage",
  blame: "isp",
  place: "first hop",
  confidence: 91,
  advice: "Call the provider.",
  evidence: [{ layer: "hops", result: "bad", detail: "the first hop is silent" }],
};

/** Each ten seconds a probe of the gateway and of a target. */
function probes(fromMinute: number, toMinute: number): readonly Sample[] {
  return Array.from(
    { length: (toMinute - fromMinute) * 6 },
    (_, n) => start + fromMinute * minute + n * 10_000,
  ).flatMap((at) => {
    const down = at >= outage.started && at < (outage.ended ?? 0);
    return [
      { at, check: "icmp:gateway", ok: true, rttMs: 2 },
      down ? { at, check: "icmp:a", ok: false } : { at, check: "icmp:a", ok: true, rttMs: 10 },
    ];
  });
}

test("a report of our own history: outages as recorded, a pause as no data, latency and checks as measured", async (t) => {
  const file = join(temporaryDirectory(t), "netwarden.db");
  const store = await openedStore(t, file);
  store.appendSamples(probes(0, 60));
  store.appendSamples(probes(90, 120));
  store.recordOutage(outage);
  // The name service went and nobody knows when it came back: it is cut at the end of what was measured.
  store.recordOutage({
    ...outage,
    started: start + 119 * minute,
    ended: start + 121 * minute,
    verdict: "dns_down",
    blame: "dns",
  });
  await store.close();
  const records = readAnalysis(file, { from: start, to: start + 120 * minute });
  assert.ok(records);
  const made = analyzeHistory(records, "history");
  assert.equal(made.availability.downMs, 4 * minute);
  assert.equal(made.availability.noDataMs, 30 * minute);
  assert.equal(made.availability.upMs, 86 * minute);
  assert.deepEqual(made.gaps, [{ from: start + 60 * minute, to: start + 90 * minute }]);
  assert.deepEqual(
    made.outages.map(({ started, durationMs, verdict, confidence, endSeen }) => [
      started,
      durationMs,
      verdict,
      confidence,
      endSeen,
    ]),
    [
      [outage.started, 3 * minute, "isp_access_down", 91, true],
      [start + 119 * minute, minute, "dns_down", 91, false],
    ],
  );
  assert.deepEqual(made.blames, [
    { name: "isp", outages: 1, downMs: 3 * minute },
    { name: "dns", outages: 1, downMs: minute },
  ]);
  assert.deepEqual([made.gateway?.meanMs, made.gateway?.maxMs, made.gateway?.count], [2, 2, 540]);
  assert.deepEqual(
    made.checks.map(({ check, count, okPercent }) => [check, count, okPercent.toFixed(2)]),
    [
      ["icmp:a", 540, "96.67"],
      ["icmp:gateway", 540, "100.00"],
    ],
  );
  assert.ok((made.raw?.rows.length ?? 0) > 0 && (made.raw?.rows.length ?? 0) <= 500);
  assert.match(made.outages[0]?.evidence[0] ?? "", /hops: bad, the first hop is silent/);
});

test("without a period the report is of all that there is; of another time there is none", async (t) => {
  const file = join(temporaryDirectory(t), "netwarden.db");
  assert.throws(
    () => readAnalysis(file, {}),
    (error) => error instanceof StoreError && error.code === "missing",
  );
  const store = await openedStore(t, file);
  await store.loadMemory();
  assert.equal(readAnalysis(file, {}), undefined);
  store.appendSamples(probes(0, 10));
  await store.close();
  const records = readAnalysis(file, {});
  assert.deepEqual([records?.from, records?.to], [start, start + 10 * minute - 10_000 + 1]);
  assert.equal(readAnalysis(file, { from: start + 60 * minute }), undefined);
});

test("a monitor that ran for eight seconds has measured eight seconds", async (t) => {
  const file = join(temporaryDirectory(t), "netwarden.db");
  const store = await openedStore(t, file);
  const at = start + 2 * minute;
  store.appendSamples(
    Array.from({ length: 9 }, (_, n) => ({ at: at + n * 1_000, check: "icmp:a", ok: true, rttMs: 1 })),
  );
  await store.close();
  const records = readAnalysis(file, { from: start, to: start + 60 * minute });
  assert.ok(records);
  assert.equal(analyzeHistory(records, "history").availability.upMs, 8_000);
});
