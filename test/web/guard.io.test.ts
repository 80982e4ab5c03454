import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { rawGet, startTestWeb } from "./harness.ts";

const basic = (password: string, user = "anyone") => `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

describe("a password", () => {
  it("opens all with any user name, and nothing but health without", async () => {
    await using web = await startTestWeb({ password: "pass:wörd" });
    const status = async (path: string, authorization?: string) =>
      (await fetch(web.url + path, { headers: authorization === undefined ? {} : { authorization } })).status;
    for (const path of ["", "api/state", "api/events", "api/outages", "assets/x.js"])
      assert.equal(await status(path), 401, path);
    assert.equal(await status("api/state", basic("pass:wörd")), 200);
    assert.equal(await status("api/state", basic("pass:wörd", "")), 200);
    for (const wrong of [basic(""), basic("pass:wör"), basic("pass:wördd"), "Basic ???", "Basic", "Bearer x"])
      assert.equal(await status("api/state", wrong), 401, wrong);
    assert.equal(await status("healthz"), 200);
  });

  it("asks the browser for it", async () => {
    await using web = await startTestWeb({ password: "secret" });
    const { headers } = await fetch(web.url);
    assert.match(headers.get("www-authenticate") ?? "", /^Basic realm="Netwarden"/);
  });

  it("cannot be guessed quickly: after ten wrong ones even the right one waits a minute", async () => {
    await using web = await startTestWeb({ password: "secret" });
    const ask = async (password: string) =>
      (await fetch(`${web.url}api/state`, { headers: { authorization: basic(password) } })).status;
    for (let n = 0; n < 10; n += 1) assert.equal(await ask(`guess${n}`), 401);
    assert.equal(await ask("guess"), 429);
    assert.equal(await ask("secret"), 429);
    await web.clock.advance(60_000);
    assert.equal(await ask("secret"), 200);
  });

  it("never gets into the log, neither the right one nor a wrong one", async () => {
    await using web = await startTestWeb({ password: "topsecret" });
    for (const password of ["topsecret", "nearlysecret"])
      await fetch(`${web.url}api/state`, { headers: { authorization: basic(password) } });
    assert.equal(
      web.logged.some((line) => line.includes("wrong password")),
      true,
    );
    assert.doesNotMatch(web.logged.join("\n"), /topsecret|nearlysecret|Basic/);
  });

  it("is not asked for the command's preflight either: other origins get no permission", async () => {
    await using web = await startTestWeb();
    const response = await fetch(`${web.url}api/commands/run_test`, {
      method: "OPTIONS",
      headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
    });
    assert.equal(response.headers.get("access-control-allow-origin"), null);
    assert.notEqual(response.status, 204);
  });
});

describe("without a password", () => {
  it("a public name that points here is refused, so that no foreign page can read as this one", async () => {
    await using web = await startTestWeb();
    for (const host of ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "evil.example:8099", "a b"])
      assert.notEqual((await rawGet(web.port, "/api/state", { host })).status, 200, host);
    for (const host of [
      "localhost:8099",
      "127.0.0.1",
      "[::1]:8099",
      "192.168.1.5:8099",
      "nas",
      "nas.local:80",
      "NAS.home.arpa",
    ])
      assert.equal((await rawGet(web.port, "/api/state", { host })).status, 200, host);
  });
});

describe("a command from another site", () => {
  const json = { "content-type": "application/json" };
  const send = async (url: string, headers: Readonly<Record<string, string>>) =>
    (await fetch(`${url}api/commands/run_test`, { method: "POST", headers, body: "{}" })).status;

  it("is refused by its type, its origin or what the browser says of it", async () => {
    await using web = await startTestWeb();
    assert.equal(await send(web.url, { "content-type": "text/plain" }), 415);
    assert.equal(await send(web.url, { "content-type": "application/x-www-form-urlencoded" }), 415);
    assert.equal(await send(web.url, { ...json, origin: "https://evil.example" }), 403);
    assert.equal(await send(web.url, { ...json, origin: "null" }), 403);
    assert.equal(await send(web.url, { ...json, origin: `http://127.0.0.1:${web.port + 1}` }), 403);
    assert.equal(await send(web.url, { ...json, "sec-fetch-site": "cross-site" }), 403);
    assert.equal(await send(web.url, { ...json, "sec-fetch-site": "same-site" }), 403);
    assert.deepEqual(web.commands, []);
  });

  it("from the own page, from a script or through a proxy that names the host is taken", async () => {
    await using web = await startTestWeb();
    assert.equal(await send(web.url, { ...json, origin: `http://127.0.0.1:${web.port}` }), 202);
    assert.equal(await send(web.url, { ...json, "sec-fetch-site": "same-origin" }), 202);
    assert.equal(await send(web.url, json), 202);
    assert.equal(
      await send(web.url, { ...json, origin: "https://nas.example", "x-forwarded-host": "nas.example" }),
      202,
    );
    assert.equal(web.commands.length, 4);
  });
});

describe("behind ingress", () => {
  it("only Supervisor's proxy may ask", async () => {
    await using web = await startTestWeb({ ingress: true, password: "ignored" });
    assert.equal((await fetch(`${web.url}api/state`)).status, 403);
    assert.equal((await fetch(web.url)).status, 403);
    assert.equal((await rawGet(web.port, "/api/state", { "x-forwarded-for": "172.30.32.2" })).status, 403);
    assert.equal((await fetch(`${web.url}healthz`)).status, 200);
  });

  it("the proxy asks under any host name, without a password, and may frame the page", async () => {
    await using web = await startTestWeb({ ingress: true, ingressPeer: "127.0.0.1", password: "ignored" });
    assert.equal((await rawGet(web.port, "/api/state", { host: "home.example.org" })).status, 200);
    const { headers } = await fetch(`${web.url}api/state`);
    assert.match(headers.get("content-security-policy") ?? "", /frame-ancestors \*/);
    assert.equal(headers.get("x-frame-options"), null);
    const crossSite = { "content-type": "application/json", "sec-fetch-site": "cross-site" };
    const sent = await fetch(`${web.url}api/commands/run_test`, { method: "POST", headers: crossSite, body: "{}" });
    assert.equal(sent.status, 403);
  });
});
