import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { finish, line, must, until } from "./process.ts";
import { isAlive, sweepStale } from "./sweep.ts";

const byHand = join(import.meta.dirname, "by-hand.ts");

/** What a lab leaves in the machine: its namespaces, files of theirs, and the machine's ends of its wires. */
async function traces(id: string): Promise<string[]> {
  const names = (await must(["ip", "netns", "list"])).split("\n").filter((text) => text.includes(id));
  const links = (await must(["ip", "-o", "link"])).split("\n").filter((text) => text.includes(id));
  const files = ["/etc/netns", tmpdir()].flatMap((dir) => readdirSync(dir).filter((name) => name.includes(id)));
  return [...names, ...links, ...files];
}

/** The processes that run in a lab's namespaces. */
async function inhabitants(id: string): Promise<string[]> {
  const names = (await must(["ip", "netns", "list"])).split("\n").flatMap((text) => text.split(" ")[0] ?? []);
  const own = names.filter((name) => name.includes(id));
  const lists = await Promise.all(own.map((name) => finish(["ip", "netns", "pids", name])));
  return lists.flatMap(({ stdout }) => stdout.split("\n")).filter((text) => text !== "");
}

/** The kernel takes a wire away a little after its namespace. */
function gone(id: string): Promise<boolean> {
  return until(`the end of ${id}`, 5_000, async () => {
    const found = await traces(id);
    assert.deepEqual(found, []);
    return true;
  });
}

suite("a lab by hand", { timeout: 120_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), "netwarden-hand-"));
  const env = { ...process.env, TMPDIR: dir };
  const say = async (...args: readonly string[]) => {
    const child: ChildProcess = spawn(process.execPath, [byHand, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
    const said: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => said.push(String(chunk)));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, text: said.join("") };
  };
  const idOf = (text: string) => /nwlab-(hand\d+)/.exec(text)?.[1] ?? assert.fail(text);
  const pings = async () => (await say("exec", "mon", "fping", "-q", "-r1", "-t300", "1.1.1.1")).code === 0;
  let id = "";
  before(async () => {
    const { code, text } = await say("up");
    assert.equal(code, 0, text);
    id = idOf(text);
  });
  after(async () => {
    await say("down");
    await sweepStale();
    rmSync(dir, { recursive: true, force: true });
  });

  test("breaks, breaks otherwise, and heals", async () => {
    assert.equal(await pings(), true);
    assert.match((await say("break", "wan_silent")).text, /broken: wan_silent/);
    assert.equal(await pings(), false);
    assert.match((await say("break", "dns_servfail")).text, /broken: dns_servfail/);
    assert.equal(await pings(), true);
    assert.match((await say("heal")).text, /broken: nothing/);
    assert.equal((await say("break", "nonsense")).code, 2);
  });

  test("is made once: a second `up` names the same lab", async () => {
    assert.equal(idOf((await say("up")).text), id);
  });

  test("leaves nothing when it is taken down", async () => {
    assert.equal((await say("down")).code, 0);
    await gone(id);
    assert.equal((await say("status")).code, 1);
  });

  test("whose holder was killed, with a fault in it, is swept away by the next", async () => {
    const killed = idOf((await say("up")).text);
    await say("break", "latency_500");
    process.kill(Number(killed.replace("hand", "")), "SIGKILL");
    await until("its end", 5_000, async () => (existsSync(`/proc/${killed.replace("hand", "")}`) ? undefined : true));
    const pids = await inhabitants(killed);
    assert.ok(pids.length >= 4, "the servers and the program that delays live on");
    const next = idOf((await say("up")).text);
    assert.notEqual(next, killed);
    await gone(killed);
    await until("the end of all that lived in it", 5_000, async () => {
      assert.deepEqual(
        pids.filter((pid) => isAlive(Number(pid))),
        [],
      );
      return true;
    });
  });
});

test("a lab whose maker is killed while it is being made leaves nothing behind", { timeout: 60_000 }, async () => {
  const network = join(import.meta.dirname, "network.ts");
  const code = `console.log("making"); await (await import(${JSON.stringify(network)})).createLab({ prefix: "kill" });`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["pipe", "pipe", "inherit"] });
  await line(child, (text) => text === "making");
  const id = `kill${child.pid}`;
  await until("its namespaces", 10_000, async () => ((await traces(id)).length > 0 ? true : undefined));
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
  await sweepStale();
  await gone(id);
});
