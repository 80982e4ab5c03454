import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { withoutOwn } from "../../../src/probes/path/hops.ts";
import { createRawReader } from "../../../src/probes/path/mtr-raw.ts";
import { localAddresses } from "../../../src/probes/path/own-addresses.ts";
import { hopsReport } from "../../../src/probes/path/report.ts";
import { parseTracepath } from "../../../src/probes/path/tracepath.ts";
import { parseTraceroute } from "../../../src/probes/path/traceroute.ts";

const short = (hops: ReturnType<typeof parseTraceroute>) =>
  hops.map(({ ttl, address = "-", sent, answered, meanMs }) => [ttl, address, `${answered}/${sent}`, meanMs]);

test("traceroute: answers, silence, marks and two routers at one distance", () => {
  const lines = [
    "traceroute to 203.0.113.9 (203.0.113.9), 30 hops max, 60 byte packets",
    " 1  192.168.1.1  1.000 ms  2.000 ms  3.000 ms",
    " 2  * * *",
    " 3  198.51.100.1  4.000 ms 198.51.100.2  6.000 ms  8.000 ms",
    " 4  198.51.100.9  5.000 ms !H * *",
    "10  2001:db8::1  7 ms  9 ms  *",
  ];
  assert.deepEqual(short(parseTraceroute(lines)), [
    [1, "192.168.1.1", "3/3", 2],
    [2, "-", "0/3", undefined],
    [3, "198.51.100.2", "2/3", 7],
    [4, "198.51.100.9", "1/3", 5],
    [10, "2001:db8::1", "2/3", 8],
  ]);
});

test("tracepath: answers, silence, and a distance that is told twice", () => {
  const lines = [
    " 1?: [LOCALHOST]                      pmtu 1500",
    " 1:  192.168.1.1                                           0.500ms ",
    " 1:  192.168.1.1                                           0.700ms ",
    " 2:  no reply",
    " 3:  198.51.100.1                                          4.000ms pmtu 1492",
    " 4:  203.0.113.9                                           9.000ms reached",
    "     Resume: pmtu 1492 hops 4 back 4 ",
  ];
  assert.deepEqual(short(parseTracepath(lines)), [
    [1, "192.168.1.1", "1/1", 0.5],
    [2, "-", "0/1", undefined],
    [3, "198.51.100.1", "1/1", 4],
    [4, "203.0.113.9", "1/1", 9],
  ]);
});

test("mtr's raw lines grow into hops, and packets beyond the target do not count", () => {
  const reader = createRawReader("203.0.113.9");
  const lines = [
    "x 0 33000",
    "h 0 192.168.1.1",
    "p 0 1500 33000",
    "x 1 33001",
    "x 2 33002",
    "h 2 203.0.113.9",
    "p 2 9000 33002",
  ];
  for (const line of [
    ...lines,
    "x 3 33003",
    "h 3 203.0.113.9",
    "p 3 9000 33003",
    "x 0 33004",
    "nonsense",
    "h 900 1.1.1.1",
  ])
    reader.read(line);
  assert.deepEqual(short(reader.hops()), [
    [1, "192.168.1.1", "1/2", 1.5],
    [2, "-", "0/1", undefined],
    [3, "203.0.113.9", "1/1", 9],
  ]);
});

test("while mtr runs the newest packet is not lost yet", () => {
  const reader = createRawReader("203.0.113.9");
  for (const line of ["x 0 1", "h 0 192.168.1.1", "p 0 1500 1", "x 0 2"]) reader.read(line);
  assert.deepEqual(short(reader.soFar()), [[1, "192.168.1.1", "1/1", 1.5]]);
  assert.deepEqual(short(reader.hops()), [[1, "192.168.1.1", "1/2", 1.5]]);
});

test("behind the last answer one silent hop is shown", () => {
  const reader = createRawReader("203.0.113.9");
  for (const line of ["x 0 1", "h 0 192.168.1.1", "p 0 1500 1", "x 1 2", "x 2 3", "x 3 4"]) reader.read(line);
  assert.deepEqual(short(reader.hops()), [
    [1, "192.168.1.1", "1/1", 1.5],
    [2, "-", "0/1", undefined],
  ]);
});

test("no text makes a parser throw, or give a hop with more answers than packets", () => {
  const word = fc.constantFrom(
    "1",
    " 2 ",
    "3:",
    "192.0.2.1",
    "::1",
    "*",
    "ms",
    "1.5",
    "0.3ms",
    "no reply",
    "x 0",
    "p 0 12 1",
    "h 0 1.1.1.1",
    "\t",
    "999999999999",
  );
  const line = fc.oneof(
    fc.string(),
    fc.array(word).map((words) => words.join(" ")),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const reader = createRawReader("1.1.1.1");
      for (const each of lines) reader.read(each);
      for (const hop of [...parseTraceroute(lines), ...parseTracepath(lines), ...reader.hops()])
        assert.ok(hop.answered <= Math.max(hop.sent, hop.answered) && hop.ttl >= 1 && hop.ttl <= 64);
    }),
  );
});

test("this machine's own address on the way is the kernel's word, no hop's", () => {
  const own = { ttl: 1, address: "192.168.1.10", sent: 5, answered: 4, lastMs: 3_000 };
  const other = { ...own, ttl: 2, address: "192.168.1.1" };
  const hops = withoutOwn([own, other], { own: ["192.168.1.10"], target: "203.0.113.9" });
  assert.deepEqual(hops, [{ ttl: 1, sent: 5, answered: 0 }, other]);
  assert.deepEqual(withoutOwn([own], { own: ["192.168.1.10"], target: "192.168.1.10" }), [own]);
});

test("own addresses without a carrier are found in the kernel's routing trie", () => {
  const trie = [
    "Main:",
    "  +-- 192.168.1.0/24 2 0 2",
    "     |-- 192.168.1.0",
    "        /24 link UNICAST",
    "     |-- 192.168.1.10",
    "        /32 host LOCAL",
    "     |-- 192.168.1.255",
    "        /32 link BROADCAST",
  ];
  assert.deepEqual(localAddresses(trie.join("\n")), ["192.168.1.10"]);
});

test("the report has the columns and the form of mtr's", () => {
  const hops = [
    {
      ttl: 1,
      address: "192.168.1.1",
      sent: 60,
      answered: 60,
      lastMs: 0.64,
      meanMs: 0.55,
      bestMs: 0.5,
      worstMs: 0.9,
      deviationMs: 0.1,
    },
    { ttl: 2, sent: 60, answered: 0 },
    {
      ttl: 3,
      address: "198.51.100.1",
      asn: "AS3320",
      sent: 60,
      answered: 59,
      lastMs: 12.3,
      meanMs: 12,
      bestMs: 11,
      worstMs: 14,
      deviationMs: 1,
    },
  ];
  const [start = "", ...rest] = hopsReport(hops, { startedAt: 0, from: "pi" }).split("\n");
  assert.match(start, /^Start: (1970-01-01|1969-12-31)T\d\d:\d\d:\d\d[+-]\d{4}$/);
  assert.deepEqual(rest, [
    "HOST: pi                         Loss%   Snt   Last   Avg  Best  Wrst StDev",
    "  1.|-- 192.168.1.1                0.0%    60    0.6   0.6   0.5   0.9   0.1",
    "  2.|-- ???                       100.0    60    0.0   0.0   0.0   0.0   0.0",
    "  3.|-- 198.51.100.1 (AS3320)      1.7%    60   12.3  12.0  11.0  14.0   1.0",
  ]);
});
