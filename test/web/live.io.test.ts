import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, it } from "node:test";
import type { View } from "../../src/model/view.ts";
import { okView, outageStarted, outageView } from "./fixtures.ts";
import { listen, startTestWeb, type TestWeb } from "./harness.ts";

/** A client that asks and then never reads. */
async function stuckClient(web: TestWeb) {
  const socket = connect(web.port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write("GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await once(socket, "readable");
  return socket;
}

/** About half a megabyte of JSON: the kernel cannot swallow many. */
function hugeView(at: number): View {
  const view = okView(at);
  const target = view.targets[0];
  return {
    ...view,
    targets: Array.from({ length: 3_000 }, (_, n) => ({ slug: `t${n}`, name: `T${n}`, host: "192.0.2.1", ...target })),
  };
}

describe("the event stream", () => {
  it("begins with the newest state and goes on with each change", async () => {
    await using web = await startTestWeb();
    web.push(outageView(web.clock.now()));
    const client = await listen(web.url);
    const first = await client.next();
    assert.equal(first.event, "state");
    assert.equal(JSON.parse(first.data).verdict.verdict, "isp_access_down");
    await web.clock.advance(250);
    web.push(okView(web.clock.now()));
    assert.equal(JSON.parse((await client.next()).data).verdict.verdict, "ok");
    client.close();
  });

  it("sends at most four states a second, and the newest last", async () => {
    await using web = await startTestWeb();
    const client = await listen(web.url);
    await client.next();
    for (let n = 1; n <= 100; n += 1) {
      web.push({ ...okView(web.clock.now()), site: `site${n}` });
      await web.clock.advance(10);
    }
    await web.clock.advance(250);
    web.push(okView(web.clock.now()), [outageStarted(web.clock.now())]);
    const sites: string[] = [];
    for (let message = await client.next(); message.event === "state"; message = await client.next())
      sites.push(JSON.parse(message.data).site);
    assert.ok(sites.length <= 5, `${sites.length} states in a second`);
    assert.equal(sites.at(-1), "site100");
    client.close();
  });

  it("tells each event once, flat and with its time as text", async () => {
    await using web = await startTestWeb();
    const client = await listen(web.url);
    await client.next();
    web.push(okView(web.clock.now()), [
      outageStarted(web.clock.now()),
      { ...outageStarted(web.clock.now()), text: "second" },
    ]);
    const event = JSON.parse((await client.next()).data);
    assert.equal(event.event_type, "outage_started");
    assert.equal(event.blame, "isp");
    assert.equal(Date.parse(event.at), web.clock.now());
    assert.match(event.at, /[+-]\d\d:\d\d$/);
    assert.equal(JSON.parse((await client.next()).data).text, "second");
    client.close();
  });

  it("shows a sign of life every 15 s", async () => {
    await using web = await startTestWeb();
    const client = await listen(web.url);
    await client.next();
    await web.clock.advance(15_000);
    assert.equal((await client.next()).event, "alive");
    client.close();
  });

  it("gives fifty clients the same, and forgets who leaves", async () => {
    await using web = await startTestWeb();
    const clients = await Promise.all(Array.from({ length: 50 }, () => listen(web.url)));
    await Promise.all(clients.map((client) => client.next()));
    web.push({ ...okView(web.clock.now()), site: "all" });
    const got = await Promise.all(clients.map((client) => client.next()));
    assert.equal(new Set(got.map((message) => message.data)).size, 1);
    for (const client of clients) client.close();
    const more = await Promise.all(Array.from({ length: 90 }, () => listen(web.url)));
    const states = await Promise.all(more.map((client) => client.next()));
    assert.ok(states.every((message) => message.event === "state"));
    for (const client of more) client.close();
  });

  it("turns away the hundred-and-first client", async () => {
    await using web = await startTestWeb();
    const clients = await Promise.all(Array.from({ length: 100 }, () => listen(web.url)));
    await Promise.all(clients.map((client) => client.next()));
    const last = await listen(web.url);
    assert.equal((await last.next()).event, "end");
    for (const client of clients) client.close();
  });

  it("drops a client that stops reading after 30 s, holds little for it, and serves the others meanwhile", async () => {
    await using web = await startTestWeb();
    web.push(hugeView(web.clock.now()));
    const stuck = await stuckClient(web);
    const reader = await listen(web.url);
    const view = hugeView(web.clock.now());
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    await reader.next();
    for (let n = 0; n < 100; n += 1) {
      web.push({ ...view, site: `n${n}` });
      await web.clock.advance(250);
      for (let message = await reader.next(); JSON.parse(message.data).site !== `n${n}`; )
        message = await reader.next();
    }
    const grown = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - before;
    assert.ok(grown < 60_000_000, `${grown} bytes more, of 50 MB sent to each`);
    const closed = once(stuck, "close");
    await web.clock.advance(35_000);
    stuck.resume();
    await closed;
    web.push({ ...okView(web.clock.now()), site: "after" });
    for (let message = await reader.next(); message.event !== "state" || JSON.parse(message.data).site !== "after"; )
      message = await reader.next();
    reader.close();
  });

  it("gives a slow client what happened meanwhile and only the newest state", async () => {
    await using web = await startTestWeb();
    web.push(hugeView(web.clock.now()));
    const slow = await stuckClient(web);
    const view = hugeView(web.clock.now());
    for (let n = 0; n < 60; n += 1) {
      web.push({ ...view, site: `n${n}` });
      await web.clock.advance(250);
    }
    for (let n = 0; n < 150; n += 1) web.push(view, [{ ...outageStarted(1), text: `happened ${n}.` }]);
    web.push({ ...okView(web.clock.now()), site: "newest" });
    await web.clock.advance(250);
    let text = "";
    slow.setEncoding("utf8");
    slow.on("data", (part: string) => {
      text += part;
    });
    while (!text.includes('"site":"newest"')) await once(slow, "data");
    const states = text.split("event: state\n").length - 1;
    assert.ok(states < 60, `${states} of 62 states`);
    assert.ok(text.includes("happened 149."), "the last event");
    assert.equal(text.includes("happened 49."), false, "events beyond the last hundred are let go");
    slow.destroy();
  });

  it("ends when the program stops", async () => {
    const web = await startTestWeb();
    const client = await listen(web.url);
    await client.next();
    const stopped = web[Symbol.asyncDispose]();
    assert.equal((await client.next()).event, "end");
    await stopped;
  });
});
