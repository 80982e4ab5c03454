import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ConfigError } from "../../../src/config/error.ts";
import { parseMacupdConf } from "../../../src/config/import/macupd-conf.ts";
import { configSchema } from "../../../src/config/schema.ts";

function problemsOf(text: string): readonly string[] {
  try {
    parseMacupdConf(text, "a.conf");
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n");
    throw error;
  }
  return [];
}

test("settings and devices come over, in the words of our configuration", () => {
  const text = [
    "\ufeff[MAIN]",
    "HOST=192.0.2.5   # where it listens",
    "PORT=2057        # not the usual one",
    "PIDFILE=/run/tracker.pid",
    "LOGDIR=/var/log/tracker",
    "REPORTDIR=/srv/www",
    "MAXLOGS=14#days",
    "##",
    "[MACLIST]",
    "11:11:11:11:11:11|router",
    "AA-BB-CC-DD-EE-FF | Living Room TV  # the big one",
    "",
  ].join("\r\n");
  const { patch, notes } = parseMacupdConf(text, "a.conf");
  assert.deepEqual(patch, {
    macupd: { enabled: true, host: "192.0.2.5", port: 2057 },
    evidence: { max_logs: 14 },
    known: ["11:11:11:11:11:11|router", "aa:bb:cc:dd:ee:ff|LivingRoomTV"],
  });
  assert.deepEqual(notes, ["LOGDIR: import its logs with: netwarden import macupd-logs /var/log/tracker"]);
  assert.equal(configSchema.safeParse(patch).success, true);
});

test("what is not set keeps our defaults", () => {
  assert.deepEqual(parseMacupdConf("HOST=\n22:22:22:22:22:22|pc", "a.conf").patch, {
    macupd: { enabled: true },
    known: ["22:22:22:22:22:22|pc"],
  });
});

test("a device that is there twice keeps its last name, which is told", () => {
  const { patch, notes } = parseMacupdConf("22:22:22:22:22:22|pc\n22:22:22:22:22:22|mac", "a.conf");
  assert.deepEqual(patch.known, ["22:22:22:22:22:22|mac"]);
  assert.deepEqual(notes, ["22:22:22:22:22:22 is in lines 1 and 2: the latter holds"]);
});

test("every line that is wrong is told, with its number", () => {
  const text =
    "HOST=nowhere\nPORT=70000\nMAXLOGS=many\nHOST=192.0.2.1\nCOLOUR=red\nwhat is this\n22:22|x\n22:22:22:22:22:22|  ";
  assert.deepEqual(problemsOf(text), [
    "a.conf:1:1: HOST must be an IP address",
    "a.conf:2:1: PORT must be at most 65535",
    "a.conf:3:1: MAXLOGS must be a number, got text",
    "a.conf:4:1: HOST is there twice, first in line 1",
    "a.conf:5:1: is not a known key: COLOUR",
    "a.conf:6:1: is neither KEY=value nor mac|name",
    "a.conf:7:1: is not a MAC address: 22:22",
    "a.conf:8:1: has no name behind the MAC address",
  ]);
  assert.deepEqual(problemsOf("# nothing\n"), ["a.conf: holds neither settings nor devices"]);
});

test("whatever the file holds, the result is a patch that our configuration takes, or the one kind of error", () => {
  const line = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.constantFrom("HOST=0.0.0.0", "PORT=2056", "MAXLOGS=1", "11:11:11:11:11:11|a", "[X]", "LOGDIR=/x"),
    fc
      .tuple(fc.constantFrom("HOST=", "PORT=", "MAXLOGS=", "22:22:22:22:22:22|"), fc.string())
      .map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
      try {
        assert.equal(configSchema.safeParse(parseMacupdConf(lines.join("\n"), "f").patch).success, true);
      } catch (error) {
        assert.ok(error instanceof ConfigError);
      }
    }),
  );
});
