import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { startBroker } from "../../../src/sinks/mqtt/broker.ts";
import { eventually } from "../../ha/eventually.ts";
import { startMosquitto } from "../../ha/mosquitto.ts";
import { runSink, sampleView, watch } from "./sample.ts";

const status = "netwarden/home/status";

test("a broker that is absent at the start is found when it comes", async () => {
  const broker = await startMosquitto();
  await broker.stop();
  const sink = runSink(broker.port);
  try {
    for (let step = 0; step < 5_000; step += 1) sink.show(sampleView({ at: step, internet: step % 2 === 0 }));
    await eventually("the refusal is told", () => sink.lines.some((line) => line.includes("no broker listens there")));
    await broker.start();
    const seen = await watch(broker.port);
    await eventually("online", () => seen.held.get(status) === "online");
    assert.ok(
      seen.messages.filter(({ topic }) => topic.endsWith("/hub/state")).length <= 2,
      "only the newest state was sent",
    );
    await seen.close();
  } finally {
    await sink.stop();
    await broker.close();
  }
});

test("a wrong password is told with what to do, once, and tried again without MQTT 3", async () => {
  const broker = await startMosquitto({ login: { username: "ha", password: "right" } });
  const sink = runSink(broker.port, { username: "ha", password: "wrong-secret" });
  try {
    sink.show(sampleView());
    await eventually("told", () => sink.lines.some((line) => line.includes("check mqtt.username and mqtt.password")));
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    assert.equal(sink.lines.filter((line) => line.includes("refuses the login")).length, 1);
    assert.ok(!sink.lines.some((line) => line.includes("3.1.1")));
    assert.ok(!sink.lines.some((line) => line.includes("wrong-secret")));
  } finally {
    await sink.stop();
    await broker.close();
  }
});

test("MQTT 5 falls back to 3.1.1 with a broker that knows only that", async () => {
  const broker = await startBroker(0);
  const sink = runSink(broker.port);
  try {
    sink.show(sampleView());
    const seen = await watch(broker.port);
    await eventually("online", () => seen.held.get(status) === "online");
    assert.ok(sink.lines.some((line) => line.includes("does not speak MQTT 5")));
    await seen.close();
  } finally {
    await sink.stop();
    await broker.close();
  }
});

test("a broker that hangs up without a word is tried with 3.1.1 too", async () => {
  let hellos: number[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (hello) => {
      hellos = [...hellos, hello[8] ?? 0];
      socket.destroy();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const sink = runSink(typeof address === "object" && address !== null ? address.port : 0);
  try {
    await eventually("a hello of version 4 after those of version 5", () => hellos.includes(4), 30_000);
    assert.equal(hellos[0], 5);
  } finally {
    await sink.stop();
    server.close();
  }
});

test("the end is said: offline, also though a clean end sends no last will", async () => {
  const broker = await startMosquitto();
  const sink = runSink(broker.port);
  try {
    sink.show(sampleView());
    const seen = await watch(broker.port);
    await eventually("online", () => seen.held.get(status) === "online");
    await sink.stop();
    await eventually("offline", () => seen.held.get(status) === "offline");
    await seen.close();
  } finally {
    await broker.close();
  }
});

test("stopping ends within its deadline though the broker is away", async () => {
  const broker = await startMosquitto();
  const sink = runSink(broker.port);
  sink.show(sampleView());
  await broker.close();
  const started = performance.now();
  await sink.stop();
  assert.ok(performance.now() - started < 5_000);
});

test("a killed program is offline at once, by the last will", async () => {
  const broker = await startMosquitto();
  const script = `
    const { runSink, sampleView } = await import(${JSON.stringify(new URL("./sample.ts", import.meta.url).href)});
    runSink(${broker.port}).show(sampleView());`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "inherit" });
  try {
    const seen = await watch(broker.port);
    await eventually("online", () => seen.held.get(status) === "online");
    child.kill("SIGKILL");
    await eventually("offline", () => seen.held.get(status) === "offline");
    await seen.close();
  } finally {
    child.kill("SIGKILL");
    await broker.close();
  }
});

test("two programs with one client id throw each other off, and it is told", async () => {
  const broker = await startMosquitto();
  const first = runSink(broker.port, { clientId: "netwarden_home_same" });
  const second = runSink(broker.port, { clientId: "netwarden_home_same" });
  try {
    first.show(sampleView());
    second.show(sampleView());
    const told = (line: string) => line.includes("is a second Netwarden with the same site running?");
    await eventually("told", () => [...first.lines, ...second.lines].some(told), 30_000);
  } finally {
    await Promise.all([first.stop(), second.stop()]);
    await broker.close();
  }
});

test("the embedded broker takes the next free port, and serves on loopback only", async () => {
  const taken = createServer();
  taken.listen(0, "127.0.0.1");
  await once(taken, "listening");
  const address = taken.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const broker = await startBroker(port);
  try {
    assert.ok(broker.port > port && broker.port <= port + 20);
    assert.equal(broker.url, `mqtt://127.0.0.1:${broker.port}`);
    const garbage = (await import("node:net")).connect(broker.port, "127.0.0.1");
    garbage.on("error", () => {});
    garbage.end(Buffer.alloc(10_000, 0xff));
    await once(garbage, "close");
    const seen = await watch(broker.port);
    await seen.send("a/b", "still alive", true);
    await eventually("it still works", () => seen.held.get("a/b") === "still alive");
    await seen.close();
  } finally {
    await broker.close();
    taken.close();
  }
});
