import assert from "node:assert/strict";
import { test } from "node:test";
import { client, Home, phone, router } from "./home.ts";

const megabyte = 1_000_000;
const counting = (receivedBytes: number, sentBytes = 0, counter = "ap1") =>
  client(phone, { receivedBytes, sentBytes, counter, accessPoint: counter });

function total(home: Home): number {
  return home.device(phone).traffic?.receivedBytes ?? Number.NaN;
}

test("what was counted before the first look is not this device's traffic since then", () => {
  const home = new Home([router("alien")]);
  home.read("alien", [counting(900 * megabyte)]);
  assert.equal(total(home), 0);
  home.wait(10);
  home.read("alien", [counting(910 * megabyte, 5 * megabyte)]);
  const { traffic } = home.device(phone);
  assert.equal(traffic?.receivedBytes, 10 * megabyte);
  assert.equal(traffic?.downBps, 8 * megabyte);
  assert.equal(traffic?.upBps, 4 * megabyte);
  assert.equal(traffic?.source, "Alien");
});

test("a counter that restarts never takes anything away, and what it counted since is added", () => {
  const home = new Home([router("alien")]);
  for (const bytes of [100, 150, 20, 30]) {
    home.read("alien", [counting(bytes * megabyte)]);
    home.wait(10);
  }
  assert.equal(total(home), (50 + 20 + 10) * megabyte);
});

test("after a roam the new association counts from zero, and coming back goes on from there", () => {
  const home = new Home([router("alien")]);
  for (const [bytes, counter] of [
    [100, "ap1"],
    [150, "ap1"],
    [5, "ap2"],
    [25, "ap2"],
    [151, "ap1"],
  ] as const) {
    home.read("alien", [counting(bytes * megabyte, 0, counter)]);
    home.wait(10);
  }
  assert.equal(total(home), (50 + 5 + 20 + 1) * megabyte);
});

test("a counter that jumps beyond all that a network can carry is not believed", () => {
  const home = new Home([router("alien")]);
  home.read("alien", [counting(0)]);
  home.wait(10);
  home.read("alien", [counting(1e15)]);
  assert.equal(total(home), 0);
});

test("while a counter is not to be had, the router's own figure of the last minute fills in", () => {
  const home = new Home([router("alien")]);
  const recent = { seconds: 60, receivedBytes: 60 * megabyte, sentBytes: 6 * megabyte };
  home.read("alien", [client(phone, { recent })]);
  home.wait(10);
  home.read("alien", [client(phone, { recent })]);
  assert.equal(total(home), 10 * megabyte);
  assert.equal(home.device(phone).traffic?.downBps, 8 * megabyte);
});

test("one source counts: two routers that carry the same bytes don't double them", () => {
  const home = new Home([router("alien"), router("hex")]);
  for (let poll = 0; poll < 11; poll += 1) {
    home.read("alien", [client(phone, { signalPercent: 80, receivedBytes: poll * megabyte, sentBytes: 0 })]);
    home.read("hex", [client(phone, { link: "wired", receivedBytes: 500 + poll * megabyte, sentBytes: 0 })]);
    home.wait(10);
  }
  assert.equal(total(home), 10 * megabyte);
  assert.equal(home.device(phone).traffic?.source, "Alien");
});

test("when only the router behind counts, its figure is taken", () => {
  const home = new Home([router("alien"), router("hex")]);
  for (let poll = 0; poll < 3; poll += 1) {
    home.read("alien", [client(phone, { signalPercent: 80 })]);
    home.read("hex", [client(phone, { link: "wired", receivedBytes: poll * megabyte, sentBytes: 0 })]);
    home.wait(10);
  }
  assert.equal(total(home), 2 * megabyte);
  assert.equal(home.device(phone).traffic?.source, "Hex");
});

test("the day's and the month's sums begin anew, the total goes on, also over a restart", () => {
  const home = new Home([router("alien")]);
  home.at = Date.UTC(2026, 10, 30, 23, 59, 0);
  const add = (bytes: number) => {
    home.read("alien", [counting(bytes * megabyte)]);
    home.at += 10_000;
  };
  add(0);
  add(10);
  home.restart(5);
  add(12);
  home.at = Date.UTC(2026, 11, 1, 0, 0, 5);
  add(15);
  const { traffic } = home.device(phone);
  assert.equal(traffic?.receivedBytes, 15 * megabyte);
  assert.equal(traffic?.receivedToday, 3 * megabyte);
  assert.equal(traffic?.receivedMonth, 3 * megabyte);
});

test("a device that is gone has no rate, and keeps its total", () => {
  const home = new Home([router("alien")]);
  home.read("alien", [counting(0)]);
  home.wait(10);
  home.read("alien", [counting(10 * megabyte)]);
  for (let poll = 0; poll < 2; poll += 1) {
    home.wait(10);
    home.read("alien", []);
  }
  assert.equal(home.device(phone).traffic?.downBps, undefined);
  assert.equal(total(home), 10 * megabyte);
});

test("heavy traffic within a minute is told once, and again only when it had calmed down and time had passed", () => {
  const home = new Home([router("alien")], { hogDownBytes: 100 * megabyte, hogUpBytes: 0 });
  let bytes = 0;
  const minute = (perPoll: number) => {
    for (let poll = 0; poll < 6; poll += 1) {
      bytes += perPoll;
      home.read("alien", [counting(bytes * megabyte, bytes * megabyte)]);
      home.wait(10);
    }
  };
  for (let each = 0; each < 5; each += 1) minute(20);
  assert.equal(home.told("bandwidth_hog").length, 1);
  const { direction, megabytes, seconds, name } = home.told("bandwidth_hog")[0]?.fields ?? {};
  assert.deepEqual({ direction, seconds, name }, { direction: "down", seconds: 60, name: phone });
  assert.ok(Number(megabytes) > 100 && Number(megabytes) <= 120, String(megabytes));
  for (let each = 0; each < 12; each += 1) minute(1);
  minute(20);
  minute(20);
  assert.equal(home.told("bandwidth_hog").length, 2);
});

test("the router's own figure of a minute decides where it gives one", () => {
  const home = new Home([router("alien")], { hogUpBytes: 50 * megabyte });
  const recent = (sentBytes: number) => ({ seconds: 60, receivedBytes: 0, sentBytes });
  home.read("alien", [client(phone, { recent: recent(50 * megabyte) })]);
  assert.deepEqual(home.told("bandwidth_hog"), []);
  home.wait(10);
  home.read("alien", [client(phone, { recent: recent(50 * megabyte + 1) })]);
  assert.equal(home.told("bandwidth_hog")[0]?.fields["direction"], "up");
});

test("a poor signal is told when it falls below the bound, not each poll, not while it hovers", () => {
  const home = new Home([router("alien")], { poorSignalPercent: 60 });
  const at = (signalPercent: number) => {
    home.read("alien", [client(phone, { signalPercent })]);
    home.wait(10);
  };
  for (const quality of [80, 60, 59, 40, 61, 59, 64, 58]) at(quality);
  assert.deepEqual(
    home.told("poor_signal").map(({ fields }) => fields["quality"]),
    [59],
  );
  for (let poll = 0; poll < 70; poll += 1) at(80);
  at(30);
  assert.deepEqual(
    home.told("poor_signal").map(({ fields }) => fields["quality"]),
    [59, 30],
  );
});

test("a signal in dBm has a bound of its own, and a bound of -120 is off", () => {
  const home = new Home([router("alien")], { poorSignalDbm: -75 });
  for (const signalDbm of [-60, -76]) home.read("alien", [client(phone, { signalDbm })]);
  assert.equal(home.told("poor_signal")[0]?.fields["dbm"], -76);
  const silent = new Home([router("alien")], { poorSignalDbm: -120 });
  silent.read("alien", [client(phone, { signalDbm: -119 })]);
  assert.deepEqual(silent.told("poor_signal"), []);
});
