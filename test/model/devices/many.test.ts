import assert from "node:assert/strict";
import { test } from "node:test";
import { readingOf, threeRouters } from "../../bench/thousand-clients.ts";
import { Home } from "./home.ts";

const count = 60;

/** Reads the three routers in turn. */
function poll(home: Home, number: number): void {
  for (const source of threeRouters) {
    const { clients, ...more } = readingOf(source, count, number);
    home.read(source.id, clients, more);
  }
}

function savedBytes(home: Home): number {
  return JSON.stringify([...home.network.devices.values()]).length;
}

test("what is saved of many clients does not grow with an hour of polls that move all their counters", () => {
  const home = new Home(threeRouters);
  let number = 0;
  const minutes = (many: number) => {
    for (let minute = 0; minute < many; minute += 1) {
      // As often as it gets into what is kept of the last minute.
      for (let third = 0; third < 3; third += 1) {
        home.at += 20_000;
        number += 1;
        poll(home, number);
      }
      home.tick(60_000, 0);
    }
  };
  minutes(5);
  const before = savedBytes(home);
  minutes(60);
  const grown = savedBytes(home) / before;
  // The counters themselves and the hours' cells have a few digits more.
  assert.ok(grown < 1.1, `${grown.toFixed(2)} times as much`);
  assert.ok(before / count < 4_096, `${Math.round(before / count)} bytes a device`);
});

test("a poll that says the same makes no view anew, and neither does a second without news", () => {
  const home = new Home(threeRouters);
  poll(home, 1);
  home.at += 10_000;
  poll(home, 1);
  home.at += 10_000;
  poll(home, 1);
  const { devices, routers, unseen, suggestions } = home.view;
  assert.equal(devices.length, count);
  home.at += 10_000;
  poll(home, 1);
  home.wait(5);
  assert.equal(home.view.devices, devices);
  assert.equal(home.view.routers, routers);
  assert.equal(home.view.unseen, unseen);
  assert.equal(home.view.suggestions, suggestions);
});
