import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { describe, it } from "node:test";
import { WebError } from "../../src/web/server.ts";
import { startTestWeb } from "./harness.ts";

async function occupy(port = 0): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { server, port: address.port };
}

describe("where the web server listens", () => {
  it("a port in use is told with the setting that mends it", async () => {
    const { server, port } = await occupy();
    await assert.rejects(startTestWeb({ port }), new WebError(`port ${port} is in use: set web.port`));
    server.close();
  });

  it("with the default port the next free one is taken, and told", async () => {
    const { server, port } = await occupy();
    await using web = await startTestWeb({ port, portFallback: true });
    assert.ok(web.port > port && web.port <= port + 20);
    assert.equal((await fetch(`${web.url}healthz`)).status, 200);
    server.close();
  });

  it("an address that this machine does not have is told", async () => {
    await assert.rejects(
      startTestWeb({ host: "192.0.2.1" }),
      /192\.0\.2\.1 is not an address of this machine: set web\.host/,
    );
  });

  it("an unbuilt page leaves the API working and says so", async () => {
    await using web = await startTestWeb({ uiDir: "/nonexistent" });
    assert.equal((await fetch(web.url)).status, 404);
    assert.equal((await fetch(`${web.url}api/state`)).status, 200);
    assert.equal(
      web.logged.some((line) => line.includes("not built")),
      true,
    );
  });

  it("after the signal nothing listens any more", async () => {
    const web = await startTestWeb();
    await web[Symbol.asyncDispose]();
    await assert.rejects(fetch(`${web.url}healthz`));
  });
});
