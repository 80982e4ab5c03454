import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type HistoryReader, noHistory } from "../../src/web/routes.ts";
import { okView, outageView, pastOutage } from "./fixtures.ts";
import { rawExchange, rawGet, startTestWeb } from "./harness.ts";

/** What the tests look at in an answer. */
interface Answer {
  readonly error?: string;
  readonly devices_rev?: number;
  readonly targets?: readonly object[];
  readonly outages?: readonly { readonly verdict: string }[];
  readonly series?: readonly { readonly check: string }[];
}

const getJson = async (url: string) => {
  const response = await fetch(url);
  return { status: response.status, body: (await response.json()) as Answer };
};

describe("the state", () => {
  it("is the newest view, without the checks that only the inputs need", async () => {
    await using web = await startTestWeb();
    const view = outageView(web.clock.now());
    web.push(view);
    const { status, body } = await getJson(`${web.url}api/state`);
    const { plan, network, ...rest } = view;
    const { devices: _devices, unseen: _unseen, ...routers } = network;
    const { active, intervalMs, heartbeatMs } = plan;
    assert.equal(status, 200);
    const { devices_rev: rev, ...told } = body;
    assert.equal(typeof rev, "number");
    assert.deepEqual(told, { ...rest, version: "1.2.3", network: routers, plan: { active, intervalMs, heartbeatMs } });
    assert.equal("reachable" in (body.targets?.[2] ?? {}), false, "what is unknown is absent");
  });

  it("is never kept by a browser", async () => {
    await using web = await startTestWeb();
    assert.equal((await fetch(`${web.url}api/state`)).headers.get("cache-control"), "no-store");
  });
});

describe("health", () => {
  it("is well while the view is younger than 30 s, and ill after", async () => {
    await using web = await startTestWeb();
    web.push(okView(web.clock.now()));
    await web.clock.advance(29_000);
    assert.equal((await fetch(`${web.url}healthz`)).status, 200);
    await web.clock.advance(2_000);
    assert.equal((await fetch(`${web.url}healthz`)).status, 503);
    web.push(okView(web.clock.now()));
    assert.equal((await fetch(`${web.url}healthz`)).status, 200);
  });
});

describe("the history", () => {
  it("gives the outages of the span that was asked for", async () => {
    const asked: unknown[] = [];
    const history: HistoryReader = {
      ...noHistory,
      outages: async (range) => {
        asked.push(range);
        return [pastOutage(1_768_000_000_000)];
      },
    };
    await using web = await startTestWeb({ history });
    const { status, body } = await getJson(`${web.url}api/outages?from=2026-01-01T00:00:00%2B01:00&to=1768400000000`);
    assert.equal(status, 200);
    assert.deepEqual(asked, [{ from: Date.parse("2025-12-31T23:00:00Z"), to: 1_768_400_000_000 }]);
    assert.equal(body.outages?.[0]?.verdict, "isp_access_down");
  });

  it("gives the last 30 days of outages when nothing else is asked", async () => {
    const asked: { from: number; to: number }[] = [];
    const history: HistoryReader = {
      ...noHistory,
      outages: async (range) => {
        asked.push(range);
        return [];
      },
    };
    await using web = await startTestWeb({ history });
    await fetch(`${web.url}api/outages`);
    assert.deepEqual(asked, [{ from: web.clock.now() - 30 * 86_400_000, to: web.clock.now() }]);
  });

  it("gives the samples of a check, and of all checks of a target", async () => {
    const history: HistoryReader = {
      ...noHistory,
      samples: async ({ check }) => [{ at: 5, count: 1, ok: check.startsWith("icmp") ? 1 : 0 }],
    };
    await using web = await startTestWeb({ history });
    const one = await getJson(`${web.url}api/history?target=icmp:cloudflare`);
    assert.deepEqual(one.body.series, [
      {
        check: "icmp:cloudflare",
        kind: "icmp",
        name: "Cloudflare",
        points: [{ at: 5, count: 1, ok: 1 }],
      },
    ]);
    const both = await getJson(`${web.url}api/history?target=cloudflare`);
    assert.deepEqual(
      both.body.series?.map((series) => series.check),
      ["icmp:cloudflare", "tcp:cloudflare"],
    );
    assert.equal((await fetch(`${web.url}api/history?target=nobody`)).status, 404);
  });

  it("answers 503 when the history fails or hangs, and the rest lives", async () => {
    const history: HistoryReader = {
      ...noHistory,
      outages: () => Promise.reject(new Error("disk I/O error")),
      samples: () => new Promise(() => undefined),
    };
    await using web = await startTestWeb({ history });
    assert.equal((await fetch(`${web.url}api/outages`)).status, 503);
    const hanging = fetch(`${web.url}api/history?target=cloudflare`);
    const moving = setInterval(() => void web.clock.advance(1_000), 5);
    const { status } = await hanging;
    clearInterval(moving);
    assert.equal(status, 503);
    assert.equal((await fetch(`${web.url}api/state`)).status, 200);
  });

  for (const query of [
    "outages?from=yesterday",
    "outages?from=2026-13-45",
    "outages?from=1e3",
    "outages?from=-5",
    "outages?from=1700000000001&to=1700000000000",
    "outages?since=2026-01-01",
    `outages?from=${"1".repeat(500)}`,
    "history",
    "history?target=",
    `history?target=${"x".repeat(101)}`,
  ])
    it(`refuses ${query.slice(0, 50)} with a reason`, async () => {
      await using web = await startTestWeb();
      const { status, body } = await getJson(`${web.url}api/${query}`);
      assert.equal(status, 400);
      assert.match(body.error ?? "", /\w{4}/);
    });
});

describe("commands", () => {
  const post = (url: string, body: string) =>
    fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });

  it("reach the program, with the defaults when the body is empty", async () => {
    await using web = await startTestWeb();
    for (const [name, body] of [
      ["run_test", ""],
      ["run_test", '"gateway"'],
      ["run_test", '{"scope":"gateway"}'],
      ["monitoring", '"OFF"'],
      ["monitoring", '{"on":true}'],
      ["trace", ""],
      ["trace", '{"host":"example.com"}'],
      ["discover_hops", ""],
      ["analyze", '{"from":1,"to":"1970-01-02"}'],
    ] as const)
      assert.equal((await post(`${web.url}api/commands/${name}`, body)).status, 202);
    assert.deepEqual(web.commands, [
      { name: "run_test", scope: "all" },
      { name: "run_test", scope: "gateway" },
      { name: "run_test", scope: "gateway" },
      { name: "monitoring", on: false },
      { name: "monitoring", on: true },
      { name: "trace" },
      { name: "trace", host: "example.com" },
      { name: "discover_hops" },
      { name: "analyze", from: 1, to: 86_400_000 },
    ]);
  });

  for (const [name, body, status] of [
    ["run_test", "{", 400],
    ["run_test", '"everything"', 400],
    ["run_test", '{"scope":"all","host":"example.com"}', 400],
    ["run_test", "[]", 400],
    ["trace", '{"host":"-F/etc/passwd"}', 400],
    ["discover_hops", '{"write":true}', 400],
    ["analyze", '{"from":2,"to":1}', 400],
    ["monitoring", '{"on":"yes"}', 400],
    ["__proto__", "{}", 404],
    ["format_disk", "{}", 404],
    ["run_test", `"${"x".repeat(17_000)}"`, 413],
  ] as const)
    it(`answers ${status} to ${name} with ${body.slice(0, 30)}`, async () => {
      await using web = await startTestWeb();
      const response = await post(`${web.url}api/commands/${name}`, body);
      assert.equal(response.status, status);
      assert.match(((await response.json()) as Answer).error ?? "", /\w{4}/);
      assert.deepEqual(web.commands, []);
    });

  it("are bounded although no length was told", async () => {
    await using web = await startTestWeb();
    const body = new ReadableStream({
      pull: (stream) => stream.enqueue(new TextEncoder().encode(" ".repeat(4_096))),
    });
    const sent = fetch(`${web.url}api/commands/run_test`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      duplex: "half",
    } as RequestInit);
    const status = await sent.then((response) => response.status).catch(() => "closed");
    assert.ok(status === 413 || status === "closed", String(status));
    assert.deepEqual(web.commands, []);
  });

  it("are not taken by GET", async () => {
    await using web = await startTestWeb();
    assert.equal((await fetch(`${web.url}api/commands/run_test`)).status, 404);
    assert.deepEqual(web.commands, []);
  });
});

describe("anything else", () => {
  for (const path of ["/api", "/api/logs", "/api/config", "/api/diagnostics", "/metrics", "/wp-login.php"])
    it(`${path} is 404 as JSON`, async () => {
      await using web = await startTestWeb();
      const { status, body } = await getJson(web.url + path.slice(1));
      assert.equal(status, 404);
      assert.equal(typeof body.error, "string");
    });

  it("a long address, huge headers and nonsense are refused, and the server lives", async () => {
    await using web = await startTestWeb();
    assert.equal((await rawGet(web.port, `/${"x".repeat(3_000)}`)).status, 414);
    assert.match(
      await rawExchange(web.port, `GET / HTTP/1.1\r\nHost: x\r\nA: ${"x".repeat(20_000)}\r\n\r\n`),
      /^HTTP\/1.1 431/,
    );
    assert.match(await rawExchange(web.port, "\x16\x03\x01\x00nonsense\r\n\r\n"), /^HTTP\/1.1 400/);
    assert.match(
      await rawExchange(web.port, "GET / HTTP/1.1\r\nHost: a b@c\r\nConnection: close\r\n\r\n"),
      /^HTTP\/1.1 4/,
    );
    assert.match(
      await rawExchange(web.port, "GET http://[ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
      /^HTTP\/1.1 4/,
    );
    assert.equal((await fetch(`${web.url}api/state`)).status, 200);
  });

  it("who never finishes asking is hung up on", async () => {
    await using web = await startTestWeb();
    assert.match(
      await rawExchange(web.port, "GET /api/state HTTP/1.1\r\nHost: localhost\r\nX-Slow: "),
      /^HTTP\/1.1 408/,
    );
  });

  it("every answer forbids foreign scripts and frames", async () => {
    await using web = await startTestWeb();
    for (const path of ["api/state", "api/events", "healthz", "nothing"]) {
      const gone = new AbortController();
      const { headers } = await fetch(web.url + path, { signal: gone.signal });
      gone.abort();
      assert.match(headers.get("content-security-policy") ?? "", /default-src 'none'.*frame-ancestors 'self'/, path);
      assert.equal(headers.get("x-content-type-options"), "nosniff", path);
    }
  });
});
