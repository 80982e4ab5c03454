import assert from "node:assert/strict";
import { test } from "node:test";
import { client, Home, phone, router } from "./home.ts";

test("an hour's cell counts its slots with evidence, by the local clock, and midnight clears the day", () => {
  const home = new Home([router("alien")]);
  const offset = 90 * 60_000; // 12:00 UTC is 13:30
  home.tick(0, 0, offset);
  const filled = (hour: number) => (home.device(phone).activity[hour] ?? 0).toString(2).replaceAll("0", "").length;
  for (let minute = 0; minute < 60; minute += 3) {
    home.read("alien", [client(phone)]);
    home.at += 180_000;
    home.tick(180_000, 0, offset);
  }
  assert.deepEqual([filled(12), filled(13), filled(14)], [0, 5, 5]);
  home.at += 11 * 3_600_000;
  home.tick(1_000, 0, offset);
  assert.deepEqual(
    home.device(phone).activity,
    Array.from({ length: 24 }, () => 0),
  );
});

test("an hour that the clock runs through twice counts once, and one that it skips stays empty", () => {
  const home = new Home([router("alien")]);
  const hour = 3_600_000;
  for (const offset of [2 * hour, hour]) {
    home.tick(1_000, 0, offset);
    home.read("alien", [client(phone)]);
    home.at += hour;
  }
  const { activity } = home.device(phone);
  assert.deepEqual(
    activity.flatMap((cell, at) => (cell === 0 ? [] : [at])),
    [14],
  );
});
