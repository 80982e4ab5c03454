import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { client, Home, laptop, phone, reports, router } from "./home.ts";

const randomA = "a2:00:00:00:00:0a";
const randomB = "a2:00:00:00:00:0b";
const mac = fc.constantFrom(phone, laptop, randomA, randomB);
const step = fc.oneof(
  fc.record({ read: fc.constantFrom("alien", "hex"), macs: fc.uniqueArray(mac), connected: fc.boolean() }),
  fc.record({ report: fc.uniqueArray(mac) }),
  fc.record({ fail: fc.constantFrom("alien", "hex") }),
  fc.record({ wait: fc.integer({ min: 1, max: 400 }) }),
  fc.record({ join: fc.uniqueArray(mac, { minLength: 1 }) }),
  fc.record({ ignore: mac }),
  fc.record({ acknowledge: mac }),
  fc.record({ restart: fc.integer({ min: 1, max: 400 }) }),
);

test("whatever happens, each MAC has one device", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const home = new Home([router("alien"), router("hex"), reports], { awayAfterMs: 60_000 });
      for (const each of steps) {
        if ("read" in each)
          home.read(
            each.read,
            each.macs.map((one) => client(one, { connected: each.connected, hostname: "Same" })),
          );
        else if ("report" in each) home.report(each.report.map((one) => client(one)));
        else if ("fail" in each) home.fail(each.fail);
        else if ("wait" in each) home.wait(each.wait);
        else if ("join" in each) home.command({ name: "join", macs: each.join });
        else if ("ignore" in each) home.command({ name: "ignore", mac: each.ignore });
        else if ("acknowledge" in each) home.command({ name: "acknowledge", mac: each.acknowledge });
        else home.restart(each.restart);
        const macs = [...home.view.devices, ...home.view.unseen].flatMap((device) => device.macs);
        assert.equal(new Set(macs).size, macs.length);
        assert.deepEqual(new Set(macs), new Set(home.network.owners.keys()));
        for (const device of home.view.devices) assert.equal(home.network.owners.get(device.mac), device.id);
      }
    }),
    { numRuns: 300 },
  );
});

const seen = fc.oneof(
  fc.record({ read: fc.constantFrom("alien", "hex"), macs: fc.uniqueArray(mac) }),
  fc.record({ fail: fc.constantFrom("alien", "hex") }),
  fc.record({ wait: fc.integer({ min: 1, max: 200 }) }),
);

test("joined and left alternate for each device, and nobody leaves while a router that saw it can't be read", () => {
  fc.assert(
    fc.property(fc.array(seen, { maxLength: 60 }), (steps) => {
      const home = new Home([router("alien"), router("hex")], { awayAfterMs: 60_000 });
      const here = new Map<string, boolean>();
      let heard = 0;
      for (const each of steps) {
        if ("read" in each)
          home.read(
            each.read,
            each.macs.map((one) => client(one)),
          );
        else if ("fail" in each) home.fail(each.fail);
        else home.wait(each.wait);
        for (const { event_type: type, fields } of home.events.slice(heard)) {
          const who = String(fields["mac"]);
          if (type === "device_joined") assert.notEqual(here.get(who), true);
          if (type === "device_left") {
            assert.notEqual(here.get(who), false);
            const last = home.device(who).place?.source;
            assert.equal(home.network.sources.get(last ?? "")?.available, true);
          }
          if (type === "device_joined" || type === "device_left") here.set(who, type === "device_joined");
        }
        heard = home.events.length;
      }
    }),
    { numRuns: 300 },
  );
});
