import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseMtrJson } from "../../../src/probes/path/mtr-json.ts";

const hub = (more: object) => ({
  count: 1,
  host: "192.0.2.1",
  "Loss%": 0,
  Snt: 5,
  Last: 1.5,
  Avg: 2,
  Best: 1,
  Wrst: 3,
  StDev: 0.5,
  ...more,
});
const report = (...hubs: object[]) =>
  JSON.stringify({ report: { mtr: { src: "home", dst: "1.1.1.1", tests: 5 }, hubs } });

test("a report gives each hop with what was answered and its times", () => {
  const hops = parseMtrJson(report(hub({}), hub({ count: 2, host: "2001:db8::1", "Loss%": 33.333, Snt: 3 })));
  const times = { lastMs: 1.5, meanMs: 2, bestMs: 1, worstMs: 3, deviationMs: 0.5 };
  assert.deepEqual(hops, [
    { ttl: 1, address: "192.0.2.1", sent: 5, answered: 5, ...times },
    { ttl: 2, address: "2001:db8::1", sent: 3, answered: 2, ...times },
  ]);
});

test("a silent hop has no address and no times", () => {
  const silent = hub({ host: "???", "Loss%": 100, Last: 0, Avg: 0, Best: 0, Wrst: 0, StDev: 0 });
  assert.deepEqual(parseMtrJson(report(silent)), [{ ttl: 1, sent: 5, answered: 0 }]);
});

test("older versions write numbers as texts", () => {
  const old = hub({ count: "3", "Loss%": "40.00", Snt: "5", Last: " 1.50" });
  assert.deepEqual(
    parseMtrJson(report(old))?.map(({ ttl, sent, answered, lastMs }) => [ttl, sent, answered, lastMs]),
    [[3, 5, 3, 1.5]],
  );
});

test("a network's number is taken where it was found", () => {
  const asns = parseMtrJson(report(hub({ ASN: "AS3320" }), hub({ count: 2, ASN: "AS???" })))?.map(({ asn }) => asn);
  assert.deepEqual(asns, ["AS3320", undefined]);
});

test("no hops are a report too", () => assert.deepEqual(parseMtrJson(report()), []));

test("what is no report, or has impossible figures, is refused", () => {
  const bad = [
    "",
    "{",
    "[]",
    '{"report":{}}',
    report(hub({ "Loss%": 101 })),
    report(hub({ Snt: -1 })),
    report(hub({ Avg: "x" })),
    report({}),
  ];
  const tooMany = report(...Array.from({ length: 65 }, () => hub({})));
  for (const text of [...bad, tooMany]) assert.equal(parseMtrJson(text), undefined, text.slice(0, 80));
});

test("whatever comes, a hop never has more answers than packets", () => {
  const figure = fc.oneof(fc.double(), fc.string(), fc.nat(200), fc.constant("???"));
  const some = fc.record({
    count: figure,
    host: fc.string(),
    "Loss%": figure,
    Snt: figure,
    Last: figure,
    Avg: figure,
    Best: figure,
    Wrst: figure,
    StDev: figure,
  });
  fc.assert(
    fc.property(fc.array(some), fc.string(), (hubs, text) => {
      parseMtrJson(text);
      for (const hop of parseMtrJson(report(...hubs)) ?? []) assert.ok(hop.answered >= 0 && hop.answered <= hop.sent);
    }),
  );
});
