import assert from "node:assert/strict";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { suite, test } from "node:test";
import { eventPayload } from "../../../src/entities/render.ts";
import { createWebhookSink } from "../../../src/sinks/alerter/webhook.ts";
import { type FakeHttpServer, hanging, startHttpServer } from "../../fakes/http-server.ts";
import { eventually } from "../../ha/eventually.ts";
import { hastyClock, joined, keptLog, started } from "./harness.ts";

const secretPath = "/api/webhook/wonderful-secret?token=another-secret";

/** A receiver that answers as the test says, and keeps what it was sent. */
async function receiver(answer: (number: number, response: ServerResponse) => void) {
  const bodies: string[] = [];
  const requests: IncomingMessage[] = [];
  const listener: RequestListener = (request, response) => {
    void text(request).then((body) => {
      bodies.push(body);
      answer(requests.push(request) - 1, response);
    });
  };
  const server = await startHttpServer(listener);
  const names = () => bodies.map((body) => (JSON.parse(body) as { name: string }).name);
  return { server, bodies, names, requests, [Symbol.asyncDispose]: () => server.close() };
}

function sinkFor(server: FakeHttpServer, given: Parameters<typeof hastyClock>[0] = {}) {
  const { clock, slept } = hastyClock({ pauses: 0.001, ...given });
  const kept = keptLog();
  return { slept, kept, ...started(createWebhookSink({ url: `${server.url}${secretPath}`, clock, log: kept.log })) };
}

const ok = (_number: number, response: ServerResponse) => response.writeHead(204).end();

suite("the webhook", () => {
  test("gets each event as the JSON that everybody gets, in order", async () => {
    await using there = await receiver(ok);
    const sink = sinkFor(there.server);
    const events = [joined("Anna's phone"), joined('"; drop table \u{1f4a3}')];
    sink.tell(...events);
    await eventually("both came", () => there.bodies.length === 2);
    await sink.stop();
    assert.deepEqual(there.bodies, events.map(eventPayload));
    const [{ method, url, headers } = {} as IncomingMessage] = there.requests;
    assert.deepEqual([method, url, headers["content-type"]], ["POST", secretPath, "application/json"]);
  });

  test("is asked again, ever later, when it can't take an event now; then the event is given up and the next one tried", async () => {
    const statuses = [500, 429, 503, 200, 502, 502, 502, 502, 200];
    await using there = await receiver((number, response) => response.writeHead(statuses[number] ?? 200).end());
    await using sink = sinkFor(there.server);
    sink.tell(joined("a"), joined("b"), joined("c"));
    await eventually("the last came", () => there.names().includes("c"));
    assert.deepEqual(there.names(), [..."aaaabbbbc"]);
    assert.deepEqual(sink.slept, [1_000, 5_000, 15_000, 1_000, 5_000, 15_000]);
  });

  test("is asked again when the connection breaks", async () => {
    await using there = await receiver((number, response) => {
      if (number === 0) response.socket?.destroy();
      else response.end();
    });
    await using sink = sinkFor(there.server);
    sink.tell(joined("a"));
    await eventually("it came again", () => there.names().length === 2);
  });

  test("that refuses an event, or sends us elsewhere, is not asked again", async () => {
    const statuses = [404, 302, 200];
    await using there = await receiver((number, response) =>
      response.writeHead(statuses[number] ?? 200, { Location: "/elsewhere" }).end(),
    );
    await using sink = sinkFor(there.server);
    sink.tell(joined("a"), joined("b"), joined("c"));
    await eventually("the last came", () => there.names().length === 3);
    assert.deepEqual(there.names(), ["a", "b", "c"]);
    assert.ok(there.requests.every(({ url }) => url === secretPath));
  });

  test("is complained of once, and praised once when it works again", async () => {
    const statuses = [404, 404, 200, 200, 404];
    await using there = await receiver((number, response) => response.writeHead(statuses[number] ?? 200).end());
    await using sink = sinkFor(there.server);
    sink.tell(...["a", "b", "c", "d", "e"].map(joined));
    const failed = "40 the webhook did not take an event: see alerts.webhook";
    await eventually("all is told", () => sink.kept.lines().length === 3);
    assert.deepEqual(sink.kept.lines(), [failed, "30 the webhook takes events again", failed]);
  });

  test("that answers nothing is given up after its deadline", async () => {
    const server = await startHttpServer(hanging);
    try {
      await using sink = sinkFor(server, { deadlines: 0.005 });
      sink.tell(joined("a"));
      await eventually("it is told", () => sink.kept.text().includes("timeout"));
      assert.equal(server.requests.length, 4);
    } finally {
      await server.close();
    }
  });

  test("is never named in the log, whatever goes wrong", async () => {
    const statuses = [404, 200];
    await using there = await receiver((number, response) => response.writeHead(statuses[number] ?? 200).end());
    const { url } = there.server;
    const { clock } = hastyClock({ pauses: 0.001 });
    const kept = keptLog();
    for (const address of [
      `${url}${secretPath}`,
      `http://127.0.0.1:1${secretPath}`,
      `https://127.0.0.1:1${secretPath}`,
    ]) {
      const sink = started(createWebhookSink({ url: address, clock, log: kept.log }));
      const before = kept.lines().length;
      sink.tell(joined("a"));
      await eventually("it is told", () => kept.lines().length > before);
      await sink.stop();
    }
    assert.doesNotMatch(kept.text(), /secret/);
  });

  test("that is slow gets the newest events: of more than can wait the oldest are dropped and counted", async () => {
    const held: (() => void)[] = [];
    await using there = await receiver((number, response) => {
      if (number === 0) held.push(() => response.end());
      else response.end();
    });
    await using sink = sinkFor(there.server);
    sink.tell(joined("first"));
    await eventually("the first came", () => held.length === 1);
    sink.tell(...Array.from({ length: 150 }, (_, number) => joined(`${number}`)));
    for (const release of held) release();
    await eventually("the last came", () => there.names().at(-1) === "149");
    assert.deepEqual(there.names(), ["first", ...Array.from({ length: 100 }, (_, number) => `${number + 50}`)]);
    await eventually("it is counted", () => sink.kept.text().includes('"dropped":50'));
    assert.equal(sink.kept.lines().length, 2);
  });

  test("still gets at the end what waits", async () => {
    await using there = await receiver(ok);
    const sink = sinkFor(there.server);
    sink.tell(...["a", "b", "c"].map(joined));
    await sink.stop();
    assert.deepEqual(there.names(), ["a", "b", "c"]);
  });

  test("holds up the end no longer than its farewell, even in the middle of a pause", async () => {
    const server = await startHttpServer(hanging);
    try {
      const sink = sinkFor(server, { pauses: 1, deadlines: 0.05 });
      sink.tell(joined("a"), joined("b"));
      await eventually("a pause has begun", () => sink.slept.length === 1);
      const before = performance.now();
      await sink.stop();
      assert.ok(performance.now() - before < 3_000);
      assert.match(sink.kept.text(), /"dropped":1/);
    } finally {
      await server.close();
    }
  });
});
