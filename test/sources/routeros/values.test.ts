import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import {
  readBand,
  readCount,
  readDuration,
  readFlag,
  readIpv4,
  readIpv6,
  readMeasure,
  readPair,
  readRate,
  readSignal,
  readText,
} from "../../../src/sources/routeros/values.ts";

/** What a reader makes of a router's text. */
const tables: readonly (readonly [
  name: string,
  read: (value: string | undefined) => unknown,
  rows: readonly (readonly [string | undefined, unknown])[],
])[] = [
  [
    "a duration",
    readDuration,
    [
      ["1w2d3h4m5s", 788_645],
      ["9m12s", 552],
      ["3h5s", 10_805],
      ["170ms", 0.17],
      ["16s330ms", 16.33],
      ["0s", 0],
      ["14:40:26", 52_826],
      ["00:00:07", 7],
      ["1d14:40:26", 139_226],
      ["never", undefined],
      ["", undefined],
      [undefined, undefined],
      ["5", undefined],
      ["5 s", undefined],
      ["-5s", undefined],
      ["99999999999w", undefined],
      [`${"1s".repeat(100)}`, undefined],
    ],
  ],
  [
    "a flag",
    readFlag,
    [
      ["true", true],
      ["yes", true],
      ["false", false],
      ["no", false],
      ["1", undefined],
      [undefined, undefined],
    ],
  ],
  [
    "a signal",
    readSignal,
    [
      ["-62@1Mbps", -62],
      ["-65dBm@1Mbps", -65],
      ["-58", -58],
      ["-61@HT20-7", -61],
      ["0", undefined],
      ["-400", undefined],
      ["12", undefined],
      ["", undefined],
      ["good", undefined],
    ],
  ],
  [
    "a rate",
    readRate,
    [
      ["72.2Mbps-20MHz/1S/SGI", 72_200_000],
      ["866.6Mbps-80MHz/2S/SGI", 866_600_000],
      ["54Mbps", 54_000_000],
      ["1.2Gbps", 1_200_000_000],
      ["28900000", 28_900_000],
      ["0", undefined],
      ["fast", undefined],
      [undefined, undefined],
    ],
  ],
  [
    "a pair",
    readPair,
    [
      ["123,456", [123, 456]],
      ["0,0", [0, 0]],
      ["123", undefined],
      ["1,2,3", undefined],
      ["1,-2", undefined],
      ["", undefined],
    ],
  ],
  [
    "a count",
    readCount,
    [
      ["0", 0],
      ["4294967296", 4_294_967_296],
      ["9007199254740993", undefined],
      ["-1", undefined],
      ["1e3", undefined],
      ["", undefined],
    ],
  ],
  [
    "a measure",
    readMeasure,
    [
      ["41", 41],
      ["41.5", 41.5],
      ["-3", -3],
      ["41C", 41],
      ["7%", 7],
      ["ok", undefined],
    ],
  ],
  [
    "a band",
    readBand,
    [
      ["2ghz-b/g/n", "2.4"],
      ["2ghz-ax", "2.4"],
      ["5ghz-ac", "5"],
      ["6ghz-ax", "6"],
      ["2437", "2.4"],
      ["5180/20-Ceee/ac", "5"],
      ["6115", "6"],
      ["auto", undefined],
      ["60480", undefined],
    ],
  ],
  [
    "an IPv4 address",
    readIpv4,
    [
      ["10.0.0.5", "10.0.0.5"],
      ["198.51.100.20/24", "198.51.100.20"],
      ["0.0.0.0", undefined],
      ["dhcp_pool1", undefined],
      ["fe80::1", undefined],
      [undefined, undefined],
    ],
  ],
  [
    "an IPv6 address",
    readIpv6,
    [
      ["2001:DB8::1/64", "2001:db8::1"],
      ["fd00::5", "fd00::5"],
      ["fe80::5", undefined],
      ["ff02::1", undefined],
      ["::", undefined],
      ["10.0.0.5", undefined],
    ],
  ],
  [
    "a text",
    readText,
    [
      [" Küche ", "Küche"],
      ["123", "123"],
      ["two\r\nlines\u0007", "two lines"],
      ["\u0000", undefined],
      ["", undefined],
      ["x".repeat(1_000), "x".repeat(256)],
    ],
  ],
];

for (const [name, read, rows] of tables) {
  suite(name, () => {
    for (const [text, expected] of rows)
      test(`${text === undefined ? "that is absent" : JSON.stringify(text.slice(0, 40))} is ${JSON.stringify(expected)?.slice(0, 40)}`, () => {
        assert.deepEqual(read(text), expected);
      });
  });
}

test("no text makes a reader throw, and numbers are always finite", () => {
  const spelled = fc.array(
    fc.constantFrom("1", "9", "w", "d", "h", "m", "s", "ms", ":", ",", "-", ".", "@", "Mbps", "ghz"),
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    spelled.map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, (value) => {
      for (const [, read] of tables) {
        const found = [read(value)].flat();
        for (const each of found) assert.ok(typeof each !== "number" || Number.isFinite(each));
      }
    }),
  );
});
