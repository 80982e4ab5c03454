import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { test } from "node:test";
import { systemClock } from "../../src/lib/clock.ts";
import { makeReport } from "../../src/reports/make-report.ts";
import { createShelf } from "../../src/reports/shelf.ts";
import { openedStore, temporaryDirectory } from "../history/place.ts";

const maker = { version: "1.2.3", at: 1_768_478_400_000 };
const never = new AbortController().signal;

test("a report of a large history is made while the program goes on: no turn of its loop takes 50 ms", async (t) => {
  const database = join(temporaryDirectory(t), "netwarden.db");
  const store = await openedStore(t, database);
  const start = 1_768_219_200_000;
  for (let n = 0; n < 60; n += 1)
    store.appendSamples(
      Array.from({ length: 1_000 }, (_, each) => ({
        at: start + (n * 1_000 + each) * 1_000,
        check: `icmp:${each % 7}`,
        ok: true,
        rttMs: 1,
      })),
    );
  await store.close();
  // What the loop itself does is of interest, not what else runs on the machine.
  const before = process.threadCpuUsage();
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const answer = await makeReport({ database, span: {}, maker }, { clock: systemClock, signal: never });
  delay.disable();
  const spent = process.threadCpuUsage(before);
  assert.equal(answer.type, "made");
  if (answer.type === "made") assert.match(answer.report.html, /Netwarden 1\.2\.3 \(report rules \d+\)/);
  assert.ok(
    spent.user / 1_000 < 50 || delay.max / 1e6 < 50,
    `${spent.user / 1_000} ms of CPU, ${delay.max / 1e6} ms at most`,
  );
});

test("no database, an empty one and an end of the program are answers, not errors", async (t) => {
  const database = join(temporaryDirectory(t), "netwarden.db");
  const missing = await makeReport({ database, span: {}, maker }, { clock: systemClock, signal: never });
  assert.equal(missing.type, "failed");
  await (await openedStore(t, database)).close();
  assert.deepEqual(await makeReport({ database, span: {}, maker }, { clock: systemClock, signal: never }), {
    type: "nothing",
  });
  const stop = new AbortController();
  const late = makeReport({ database, span: {}, maker }, { clock: systemClock, signal: stop.signal });
  stop.abort();
  assert.deepEqual(await late, { type: "failed", reason: "the program ends" });
});

test("the shelf keeps the newest reports, and gives nothing but reports", async (t) => {
  const dir = join(temporaryDirectory(t), "reports");
  const shelf = createShelf(dir, 3);
  assert.equal(await shelf.latest(), undefined);
  for (let n = 0; n < 5; n += 1)
    await shelf.save({ html: `<p>${n}`, text: `${n}`, summary: "" }, Date.UTC(2026, 0, 15, 12, 0, n));
  assert.deepEqual(
    readdirSync(dir).sort(),
    [2, 3, 4].flatMap((n) => [`analysis_20260115_12000${n}.html`, `analysis_20260115_12000${n}.txt`]),
  );
  assert.equal(await shelf.latest(), "analysis_20260115_120004.html");
  assert.equal(await shelf.read("analysis_20260115_120003.txt"), "3");
  writeFileSync(join(dir, "..", "secret.html"), "secret");
  mkdirSync(join(dir, "analysis_20260115_120009.html"));
  for (const name of [
    "../secret.html",
    "..%2fsecret.html",
    "analysis_1.html",
    "",
    "analysis_20260115_120009.html",
    "/etc/passwd",
  ])
    assert.equal(await shelf.read(name), undefined, name);
  assert.ok(existsSync(join(dir, "..", "secret.html")));
});
