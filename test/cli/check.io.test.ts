import "./own-network.ts";
import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, createServer as createSocketServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, suite, test } from "node:test";
import { checkCommand } from "../../src/cli/check.ts";
import type { Surroundings } from "../../src/cli/surroundings.ts";
import type { LoadedConfig } from "../../src/config/load.ts";
import { configSchema } from "../../src/config/schema.ts";
import { createLog } from "../../src/lib/log.ts";
import { createRunToken, readRunFile, writeRunFile } from "../../src/run-file.ts";
import { closedPort } from "../fakes/tcp-listeners.ts";
import { okView } from "../web/fixtures.ts";
import { startTestWeb } from "../web/harness.ts";
import { checkOutput } from "./check-output.ts";
import { scratch } from "./program.ts";

const config = configSchema.parse({
  gateway: "127.0.0.1",
  modem: "none",
  targets: [{ name: "Here", host: "127.0.0.1", tcp_port: 0 }],
  dns: { hostname: "localhost", public: "", doh: "" },
  http: { urls: [], ip_url: "", portal_url: "" },
});
const loaded: LoadedConfig = { config, source: "a test", warnings: [], inApp: false, secrets: [] };
const silence = createLog("silent", { write: () => undefined });

let place: ReturnType<typeof scratch>;
let closing: (() => void)[];
beforeEach(() => {
  place = scratch();
  closing = [];
});
afterEach(() => {
  for (const close of closing) close();
  place.remove();
});

interface Given extends Partial<Pick<Surroundings, "isTerminal" | "isAlive" | "signal">> {
  readonly json?: boolean;
  readonly onErr?: (text: string) => unknown;
}

async function check({ json = true, onErr, ...world }: Given = {}) {
  let [out, err] = ["", ""];
  const startedAt = performance.now();
  const code = await checkCommand(
    loaded,
    { dataDir: place.dir, json, record: false },
    {
      env: {},
      cwd: ".",
      version: "0",
      pid: process.pid,
      uiDir: "",
      vendorsFile: "",
      isTerminal: false,
      signal: new AbortController().signal,
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
        onErr?.(text);
      },
      isAlive: () => true,
      die: () => assert.fail("a bug was met"),
      ...world,
    },
  );
  return { code, out, err, ms: performance.now() - startedAt };
}

const by = (out: string) => checkOutput.parse(JSON.parse(out)).measured_by;
const leave = async (url: string, token = createRunToken()) => {
  await writeRunFile(place.dir, { pid: process.pid, url, token }, silence);
  return token;
};

/** Whether it begins to measure itself; it is stopped then. */
async function measuresItself(given: Given = {}): Promise<boolean> {
  const stop = new AbortController();
  const { err } = await check({
    ...given,
    signal: stop.signal,
    onErr: (text) => text.includes("measuring") && stop.abort(),
  });
  return err.includes("measuring");
}

async function serve(answer: RequestListener): Promise<string> {
  const server: Server = createServer(answer).listen(0, "127.0.0.1");
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise((resolve) => server.once("listening", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

suite("the run file", () => {
  test("is its owner's alone, says who runs where, and goes with the run that wrote it", async () => {
    const run = { pid: 42, url: "http://127.0.0.1:8099/", token: createRunToken() };
    const forget = await writeRunFile(place.dir, run, silence);
    assert.equal(statSync(join(place.dir, "run.json")).mode & 0o777, 0o600);
    assert.deepEqual(await readRunFile(place.dir), run);
    await forget();
    assert.deepEqual(readdirSync(place.dir), []);
  });

  test("of a run that has taken the folder over stays", async () => {
    const forget = await writeRunFile(place.dir, { pid: 1, url: "http://a/", token: createRunToken() }, silence);
    const other = { pid: 2, url: "http://b/", token: createRunToken() };
    await writeRunFile(place.dir, other, silence);
    await forget();
    assert.deepEqual(await readRunFile(place.dir), other);
  });

  test("that is none, or that can't be written, is no error", async () => {
    for (const text of ["", "{", "[]", '{"pid":1}', '{"pid":-1,"url":"http://a/","token":"x"}']) {
      writeFileSync(join(place.dir, "run.json"), text);
      assert.equal(await readRunFile(place.dir), undefined, text);
    }
    const run = { pid: 1, url: "http://a/", token: createRunToken() };
    const forget = await writeRunFile(join(place.dir, "absent"), run, silence);
    await forget();
    assert.ok(!existsSync(join(place.dir, "absent")));
  });
});

suite("the web server's guard", () => {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  test("lets this run's own commands in beside the password, and says that it is this run", async () => {
    const token = createRunToken();
    await using web = await startTestWeb({ password: "secret", localToken: token });
    const mine = await fetch(`${web.url}api/state`, { headers: bearer(token) });
    assert.equal(mine.status, 200);
    assert.equal(mine.headers.get("netwarden-run"), "this");
    for (const wrong of ["", createRunToken(), `${token}x`, token.slice(1)]) {
      const answer = await fetch(`${web.url}api/state`, { headers: bearer(wrong) });
      assert.equal(answer.status, 401, wrong);
      assert.equal(answer.headers.get("netwarden-run"), null);
    }
    assert.ok(!web.logged.join("\n").includes(token));
  });

  test("without a password tells another run's token from its own, and lets in by neither more nor less", async () => {
    await using web = await startTestWeb({ localToken: createRunToken() });
    const answer = await fetch(`${web.url}api/state`, { headers: bearer(createRunToken()) });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("netwarden-run"), null);
  });

  test("behind ingress lets in this run's own commands too", async () => {
    const token = createRunToken();
    await using web = await startTestWeb({ ingress: true, localToken: token });
    assert.equal((await fetch(`${web.url}api/state`)).status, 403);
    assert.equal((await fetch(`${web.url}api/state`, { headers: bearer(token) })).status, 200);
  });
});

suite("beside a run file", () => {
  test("the monitor is asked for a test, and its verdict is waited for", async () => {
    const token = createRunToken();
    await using web = await startTestWeb({ password: "secret", localToken: token });
    await leave(web.url, token);
    const view = () => okView(web.clock.now());
    const moving = setInterval(() => {
      void web.clock.advance(250);
      const asked = web.commands.some(({ name }) => name === "run_test");
      const done = { event_type: "test_finished", at: web.clock.now(), text: "done", fields: {} } as const;
      web.push(view(), asked ? [done] : []);
    }, 50);
    closing.push(() => clearInterval(moving));
    const { code, out, err } = await check();
    assert.equal(code, 0, err);
    assert.equal(by(out), "monitor");
    assert.deepEqual(
      web.commands.map(({ name }) => name),
      ["run_test"],
    );
    assert.ok(!(out + err).includes(token));
  });

  test("of a port where nobody listens, and of another program's, it measures itself", async () => {
    await leave(`http://127.0.0.1:${await closedPort()}/`);
    assert.ok(await measuresItself());
    await leave(await serve((_, response) => void response.end("{}")));
    assert.ok(await measuresItself());
  });

  test("of a monitor that hangs it neither waits for ever nor writes beside it: exit code 3, and what to do", async () => {
    const silent = createSocketServer().listen(0, "127.0.0.1");
    closing.push(() => void silent.close());
    await new Promise((resolve) => silent.once("listening", resolve));
    await leave(`http://127.0.0.1:${(silent.address() as AddressInfo).port}/`);
    const { code, out, err, ms } = await check();
    assert.equal(code, 3);
    assert.equal(out, "");
    assert.match(err, /process \d+\) does not answer: restart it/);
    assert.ok(ms < 10_000, `${ms} ms`);
    assert.ok(await measuresItself({ isAlive: () => false }));
  });

  test("of a monitor that answers with garbage or breaks off it says so: exit code 3", async () => {
    const state = JSON.stringify({ ...okView(1_800_000_000_000), plan: { active: true } });
    const answers: readonly (readonly [RequestListener, RegExp])[] = [
      [(_, response) => void response.setHeader("netwarden-run", "this").end('{"verdict":1}'), /another version/],
      [
        ({ url, method }, response) => {
          response.setHeader("netwarden-run", "this");
          if (url === "/api/events") return void response.end("retry: 30000\n\n");
          response.statusCode = method === "POST" ? 202 : 200;
          response.end(state);
        },
        /ended while it was asked/,
      ],
      [
        ({ url, method }, response) => {
          response.setHeader("netwarden-run", "this");
          if (url === "/api/events")
            return void response.write(`event: state\ndata: ${state}\n\nevent: state\ndata: {\n\n`);
          response.statusCode = method === "POST" ? 202 : 200;
          response.end(state);
        },
        /broke off/,
      ],
      [
        ({ url, method }, response) => {
          response.setHeader("netwarden-run", "this");
          if (url === "/api/events") return void response.write("\n");
          response.statusCode = method === "POST" ? 500 : 200;
          response.end(state);
        },
        /refused the test \(500\)/,
      ],
    ];
    for (const [answer, words] of answers) {
      await leave(await serve(answer));
      const { code, out, err } = await check();
      assert.equal(code, 3, `${words} ${out}`);
      assert.match(err, words);
      assert.equal(out, "");
    }
  });
});

suite("alone", () => {
  test("on a terminal a bar shows how far it is, and is gone at the end", async () => {
    const { err, out } = await check({ isTerminal: true, json: false });
    assert.match(err, /\[#+\.*\] measuring \d+\/\d+/);
    assert.ok(err.endsWith("\r\u001b[K"), JSON.stringify(err.slice(-40)));
    assert.match(out, /Evidence\n {4}own link/);
  });

  test("stopped, it ends soon and says nothing that it does not know", async () => {
    const { code, out, ms } = await check({ signal: AbortSignal.timeout(500) });
    assert.equal(code, 3);
    assert.equal(out, "");
    assert.ok(ms < 5_000, `${ms} ms`);
  });

  test("a database that can't be read does not keep it from measuring, and is left as it is", async () => {
    const file = join(place.dir, "netwarden.db");
    writeFileSync(file, "no database at all");
    chmodSync(file, 0o444);
    assert.equal(by((await check()).out), "check");
    assert.equal(readFileSync(file, "utf8"), "no database at all");
    assert.deepEqual(readdirSync(place.dir), ["netwarden.db"]);
  });
});
