import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { failureOf, phone, watch } from "./driver-harness.ts";

test("polls share one session", async () => {
  await using watching = await watch();
  for (let n = 0; n < 3; n += 1) {
    await watching.poll();
    await watching.pass(10);
  }
  assert.deepEqual([watching.router.logins(), watching.router.open], [1, 1]);
});

test("a router that started anew since the last poll is logged into again, without a failure", async () => {
  await using watching = await watch();
  const before = await watching.poll();
  watching.router.reboot();
  await watching.pass(10);
  const after = await watching.poll();
  assert.equal(watching.router.logins(), 2);
  assert.ok((before.router?.uptimeS ?? 0) > 100_000);
  assert.equal(after.router?.uptimeS, 10);
  assert.equal(after.clients.find(({ mac }) => mac === phone.mac)?.connected, true);
});

test("a session that breaks in the middle of a poll is opened anew once", async () => {
  await using watching = await watch();
  await watching.poll();
  watching.router.instead("/interface", "reset");
  const { code } = await failureOf(watching.poll());
  assert.equal(code, "unreachable");
  assert.equal(watching.router.logins(), 2);
  watching.router.instead("/interface", undefined);
  assert.equal((await watching.poll()).clients.length, 4);
  assert.equal(watching.router.logins(), 3);
});

test("a router that is off fails, and is read when it is back", async () => {
  await using watching = await watch();
  await watching.poll();
  watching.router.switchOff();
  for (let n = 0; n < 2; n += 1) {
    const { code, message } = await failureOf(watching.poll());
    assert.equal(code, "unreachable");
    assert.match(message, /^Hex /);
  }
  watching.router.switchOn();
  assert.equal((await watching.poll()).clients.length, 4);
});

test("a wrong password is told as that, without it", async () => {
  await using watching = await watch({ access: { password: "wrong horse" } });
  const { code, message } = await failureOf(watching.poll());
  assert.equal(code, "auth");
  assert.doesNotMatch(message, /wrong horse/);
  while (watching.router.open > 0) await new Promise((resolve) => setImmediate(resolve));
});

suite("a poll that is stopped", () => {
  test("while a menu is mute settles, and the next one is answered", async () => {
    await using watching = await watch();
    await watching.poll();
    watching.router.instead("/interface", "mute");
    const controller = new AbortController();
    const poll = watching.source.poll(controller.signal);
    while (!watching.router.asked().includes("/interface")) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    assert.equal((await failureOf(poll)).code, "timeout");
    watching.router.instead("/interface", undefined);
    assert.equal((await watching.poll()).clients.length, 4);
  });

  test("before it began settles", async () => {
    await using watching = await watch();
    assert.equal((await failureOf(watching.source.poll(AbortSignal.abort()))).code, "timeout");
  });
});

test("a mute router is given up after its time, and met anew", async () => {
  await using watching = await watch();
  await watching.poll();
  watching.router.asked();
  watching.router.instead("/ip/arp", "mute");
  const poll = failureOf(watching.poll());
  while (!watching.router.asked().includes("/ip/arp")) await new Promise((resolve) => setImmediate(resolve));
  await watching.clock.advance(60_000);
  assert.equal((await poll).code, "timeout");
  watching.router.instead("/ip/arp", undefined);
  assert.equal((await watching.poll()).clients.length, 4);
  assert.equal(watching.router.logins(), 2);
});

test("closing leaves no connection, and a later poll opens one", async () => {
  await using watching = await watch();
  await watching.poll();
  await watching.source.close();
  while (watching.router.open > 0) await new Promise((resolve) => setImmediate(resolve));
  await watching.poll();
  assert.equal(watching.router.open, 1);
});

test("answers cut into single bytes are the same answers", async () => {
  await using whole = await watch();
  await using cut = await watch({ router: { server: { chunk: 1 } } });
  assert.deepEqual(await cut.poll(), await whole.poll());
});
