import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { temporaryDirectory } from "./place.ts";

const runs = 12;

test("killed at any moment the file is whole, no batch is there by half, and memory, devices, outages and samples agree", async (t) => {
  const file = join(temporaryDirectory(t), "netwarden.db");
  let child: ChildProcess | undefined;
  t.after(() => child?.kill("SIGKILL"));
  let rowsBefore = 0;
  for (let run = 0; run < runs; run += 1) {
    child = spawn(process.execPath, [join(import.meta.dirname, "kill-child.ts"), file], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exit = once(child, "exit");
    if (child.stdout === null) throw new Error("no output");
    await once(child.stdout, "data");
    await sleep(50 + Math.random() * 400);
    child.kill("SIGKILL");
    await exit;
    rowsBefore = check(file, rowsBefore);
  }
  assert.ok(rowsBefore > 0, "something was written at all");
});

/** Opens the file as the next start would, and looks. Returns its number of samples. */
function check(file: string, rowsBefore: number): number {
  const db = new DatabaseSync(file);
  try {
    const one = (sql: string) => Object.values(db.prepare(sql).get() ?? {})[0];
    assert.equal(one("pragma integrity_check"), "ok");
    const rows = Number(one("select count(*) from sample"));
    assert.equal(rows % 1_000, 0, "no half batch");
    assert.ok(rows >= rowsBefore, "what was committed stays");
    if (rows > 0) {
      const memory: unknown = JSON.parse(String(one("select value from kv where key = 'memory'")));
      assert.equal((memory as { written: number }).written, rows);
      const device: unknown = JSON.parse(String(one("select state from device")));
      assert.equal((device as { written: number }).written, rows);
      assert.equal(one("select max(at) + 1 from sample"), rows);
      assert.equal(one("select max(started) from outage"), rows);
    }
    return rows;
  } finally {
    db.close();
  }
}
