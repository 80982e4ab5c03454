import assert from "node:assert/strict";
import { afterEach, beforeEach, suite, test } from "node:test";
import { sourceCommand } from "../../src/cli/source.ts";
import type { Surroundings } from "../../src/cli/surroundings.ts";
import type { LoadedConfig } from "../../src/config/load.ts";
import { configSchema } from "../../src/config/schema.ts";
import { type FakeAmplifi, startAmplifi } from "../fakes/amplifi/amplifi.ts";
import { type FakeDdwrt, startDdwrt } from "../fakes/ddwrt/server.ts";
import { closedPort } from "../fakes/tcp-listeners.ts";

const phone = "3c:06:30:00:01:10";

let attic: FakeDdwrt;
let alien: FakeAmplifi;

beforeEach(async () => {
  [attic, alien] = await Promise.all([
    startDdwrt({ username: "root", password: "attic's password" }),
    startAmplifi({ password: "alien's password" }),
  ]);
  attic.house.join(phone, { name: "Annas-iPhone", ip: "192.168.1.110" });
});
afterEach(async () => await Promise.all([attic.close(), alien.close()]));

/** The command, with the two routers and others in its configuration. */
async function run(name: string, raw = false, signal = new AbortController().signal) {
  const config = configSchema.parse({
    routers: [
      { kind: "amplifi", name: "Alien", host: alien.host, password: "alien's password" },
      { kind: "ddwrt", name: "Attic", host: attic.host, password: "attic's password" },
      { kind: "ddwrt", name: "Wrong", host: attic.host, password: "a wrong password" },
      {
        kind: "routeros",
        name: "Off",
        host: `127.0.0.1:${await closedPort()}`,
        username: "api",
        password: "x",
        tls: "off",
      },
    ],
  });
  const loaded: LoadedConfig = { config, source: "a test", warnings: [], inApp: false, secrets: [] };
  let [out, err] = ["", ""];
  const world: Surroundings = {
    env: {},
    cwd: ".",
    version: "0",
    pid: 1,
    uiDir: "",
    vendorsFile: "",
    isTerminal: false,
    signal,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    isAlive: () => false,
    die: () => assert.fail("a bug was met"),
  };
  const code = await sourceCommand(loaded, { name, raw }, world);
  return { code, out, err };
}

suite("netwarden source", () => {
  for (const name of ["Attic", "attic", "ATTIC"]) {
    test(`${name}: prints what is made of the router's answers`, async () => {
      const { code, out, err } = await run(name);
      assert.deepEqual([code, err], [0, ""]);
      const { clients } = JSON.parse(out) as { clients: { mac: string; hostname: string; connected: boolean }[] };
      const [client] = clients.filter(({ mac }) => mac === phone);
      assert.deepEqual([client?.hostname, client?.connected], ["Annas-iPhone", true]);
    });
  }

  test("--raw prints what the router says itself, by the name of the question", async () => {
    const page = await run("Attic", true);
    assert.equal(page.code, 0);
    const pages = JSON.parse(page.out) as Record<string, unknown>;
    assert.match(String(pages["Status_Lan.live.asp"]), /\{dhcp_leases::/);
    const list = await run("Alien", true);
    assert.equal(list.code, 0);
    assert.match(list.out, /"f0:9f:c2:00:00:01"/);
  });

  test("a router that is not configured is a wrong use: it says which ones are", async () => {
    const { code, out, err } = await run("Cellar");
    assert.deepEqual([code, out], [2, ""]);
    assert.match(err, /no such router.*\n {2}Alien \(alien\)\n {2}Attic \(attic\)\n/);
  });

  test("a wrong password is told as such, and never repeated", async () => {
    const { code, out, err } = await run("Wrong");
    assert.deepEqual([code, out], [3, ""]);
    assert.match(err, /Wrong.*\(auth\)\n$/);
    assert.doesNotMatch(err, /a wrong password/);
  });

  test("a router that is off is told as such", async () => {
    const { code, err } = await run("Off");
    assert.equal(code, 3);
    assert.match(err, /Off.*\(refused\)\n$/);
  });

  test("a router that says nothing holds up nobody who wants to stop", async () => {
    attic.fail("mute");
    const controller = new AbortController();
    const running = run("Attic", false, controller.signal);
    const asked = new Promise<void>((resolve) => {
      const look = () => (attic.server.requests.length > 0 ? resolve() : setImmediate(look));
      look();
    });
    await asked;
    controller.abort();
    assert.equal((await running).code, 3);
  });
});
