import assert from "node:assert/strict";
import { test } from "node:test";
import { type DevicesOptions, devicesCommand } from "../../src/cli/devices.ts";
import type { DeviceView } from "../../src/model/devices/view.ts";
import { exampleClient, unknownClient } from "../fakes/example-network.ts";

async function run(devices: readonly DeviceView[], options: DevicesOptions = {}) {
  let out = "";
  let err = "";
  const world = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  };
  const code = await devicesCommand({ devices: () => Promise.resolve(devices) }, options, world);
  return { code, out, err };
}

test("a table is printed for people, within the terminal's width", async () => {
  const { code, out } = await run([exampleClient(1)], { width: 60 });
  assert.equal(code, 0);
  assert.match(out, /^Name .*\nPhone 1 /);
  assert.ok(out.split("\n").every((line) => line.length <= 60));
});

test("without devices that is said beside the output, which stays empty", async () => {
  const { code, out, err } = await run([]);
  assert.deepEqual([code, out], [0, ""]);
  assert.match(err, /no device was seen yet/);
});

test("CSV has a header, the counters, and no cell that a spreadsheet takes for a formula", async () => {
  const evil = exampleClient(1, { name: '=HYPERLINK("http://x","y")', vendor: "+1", ip: "192.0.2.9" });
  const { out } = await run([evil, unknownClient(2)], { csv: true });
  const [header, first = "", second = "", end] = out.split("\r\n");
  assert.match(header ?? "", /^mac,name,received_bytes,sent_bytes,ip,connected,/);
  assert.ok(first.startsWith(`00:11:22:00:00:01,"'=HYPERLINK(""http://x"",""y"")",1234567890,9950000,192.0.2.9,true,`));
  assert.match(first, /,'\+1,/);
  assert.match(second, /^00:11:22:00:00:02,Phone 2,1234567890,9950000,192\.0\.2\.77,,,Alien,/);
  assert.equal(end, "");
});

test("JSON has null for what is not known, and times with their offset", async () => {
  const [device] = JSON.parse((await run([unknownClient(1)], { json: true })).out) as Record<string, unknown>[];
  assert.equal(device?.["connected"], null);
  assert.equal(device?.["presence"], null);
  assert.equal(device?.["access_point"], "Attic");
  assert.match(String(device?.["last_seen"]), /^2026-11-21T.*[+-]\d\d:\d\d$/);
  assert.equal((await run([], { json: true })).out, "[]\n");
});

test("two forms at once are refused", async () => {
  assert.equal((await run([exampleClient(1)], { csv: true, json: true })).code, 2);
});
