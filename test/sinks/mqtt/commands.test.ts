import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseCommand } from "../../../src/sinks/mqtt/commands.ts";

const mac = "aa:bb:cc:dd:ee:0f";

test("a device is acknowledged, with a name or without, in any spelling of its MAC", () => {
  for (const spelling of [mac, "AA-BB-CC-DD-EE-0F", "aabbccddee0f", " aa:bb:cc:dd:ee:f "])
    assert.deepEqual(parseCommand("acknowledge", JSON.stringify({ mac: spelling })), { name: "acknowledge", mac });
  const named = JSON.stringify({ mac, name: " Küche " });
  assert.deepEqual(parseCommand("acknowledge", named), { name: "acknowledge", mac, deviceName: "Küche" });
  assert.deepEqual(parseCommand("acknowledge", JSON.stringify({ mac, name: "" })), { name: "acknowledge", mac });
});

test("a device is ignored", () => {
  assert.deepEqual(parseCommand("ignore", JSON.stringify({ mac })), { name: "ignore", mac });
});

test("devices are joined, each MAC once", () => {
  const macs = [mac, "AA:BB:CC:DD:EE:0F", "02:00:00:00:00:01"];
  assert.deepEqual(parseCommand("join", JSON.stringify({ macs, name: "Anna's phone" })), {
    name: "join",
    macs: [mac, "02:00:00:00:00:01"],
    deviceName: "Anna's phone",
  });
  assert.deepEqual(parseCommand("join", JSON.stringify({ macs: [mac] })), { name: "join", macs: [mac] });
});

test("what is empty, broken, too long or of another shape is refused", () => {
  const many = Array.from({ length: 51 }, (_, n) => `02:00:00:00:00:${n.toString(16).padStart(2, "0")}`);
  const payloads = [
    "",
    "null",
    "[]",
    "{}",
    '{"mac":',
    mac,
    JSON.stringify({ mac: 7 }),
    JSON.stringify({ mac: "no mac" }),
    JSON.stringify({ mac: "00:00:00:00:00:00" }),
    JSON.stringify({ mac: "ff:ff:ff:ff:ff:ff" }),
    JSON.stringify({ mac, nmae: "typing error" }),
    JSON.stringify({ mac, name: "x".repeat(65) }),
    JSON.stringify({ mac, name: "two\nlines" }),
    JSON.stringify({ mac, name: null }),
    JSON.stringify({ macs: [] }),
    JSON.stringify({ macs: many }),
    JSON.stringify({ macs: [mac, "x"] }),
    JSON.stringify({ macs: mac }),
    `{"mac":"${mac}"${" ".repeat(5_000)}}`,
  ];
  for (const name of ["acknowledge", "ignore", "join"])
    for (const payload of payloads) assert.equal(parseCommand(name, payload), undefined, `${name} ${payload}`);
});

test("a trace goes to a host, or to all targets", () => {
  assert.deepEqual(parseCommand("trace", '{"host":" example.com "}'), { name: "trace", host: "example.com" });
  assert.deepEqual(parseCommand("trace", '{"host":"2606:4700::1111"}'), { name: "trace", host: "2606:4700::1111" });
  for (const payload of ["", "PRESS", "{}", " "]) assert.deepEqual(parseCommand("trace", payload), { name: "trace" });
  for (const host of ["-F/etc/passwd", "", "a b", "a;b", "$(id)", "x".repeat(300), "a\nb", 7, null])
    assert.equal(parseCommand("trace", JSON.stringify({ host })), undefined, String(host));
});

test("provider hops are looked for, and an analysis is of a span or the usual one", () => {
  for (const payload of ["", "PRESS", "{}"]) {
    assert.deepEqual(parseCommand("discover_hops", payload), { name: "discover_hops" });
    assert.deepEqual(parseCommand("analyze", payload), { name: "analyze" });
  }
  const span = { from: "2026-01-15T12:00:00Z", to: 1_768_482_000_000 };
  assert.deepEqual(parseCommand("analyze", JSON.stringify(span)), {
    name: "analyze",
    from: 1_768_478_400_000,
    to: 1_768_482_000_000,
  });
  assert.deepEqual(parseCommand("analyze", '{"from":"2026-01-15"}'), { name: "analyze", from: Date.UTC(2026, 0, 15) });
  for (const payload of ['{"from":"yesterday"}', '{"from":2,"to":1}', '{"from":-1}', '{"since":1}', "[]"])
    assert.equal(parseCommand("analyze", payload), undefined, payload);
  assert.equal(parseCommand("discover_hops", '{"write":true}'), undefined);
});

test("no payload makes it throw", () => {
  const payload = fc.oneof(
    fc.string(),
    fc.json(),
    fc.json().map((json) => `{"mac":${json},"macs":[${json}]}`),
    fc.json().map((json) => `{"host":${json}}`),
    fc.json().map((json) => `{"from":${json},"to":${json}}`),
  );
  const name = fc.constantFrom(
    "acknowledge",
    "ignore",
    "join",
    "run_test",
    "monitoring",
    "trace",
    "analyze",
    "discover_hops",
    "other",
  );
  fc.assert(
    fc.property(name, payload, (command, text) => {
      const parsed = parseCommand(command, text);
      assert.ok(parsed === undefined || parsed.name === command);
    }),
  );
});
