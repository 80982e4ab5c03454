import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { TestContext } from "node:test";
import { openStore, type Store, type StoreOptions } from "../../src/history/store.ts";
import { systemClock } from "../../src/lib/clock.ts";
import type { Log } from "../../src/lib/log.ts";

/** A directory that is gone after the test. */
export function temporaryDirectory(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), "nw-history-"));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A file system of its own in memory, so small that it fills up; gone after the test. Needs root. */
export function smallDisk(t: TestContext, size: string): string {
  const dir = mkdtempSync(join(tmpdir(), "nw-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", dir]);
  t.after(() => {
    execFileSync("umount", ["--lazy", dir]);
    rmSync(dir, { recursive: true, force: true });
  });
  return dir;
}

/** A log that keeps its lines as `level message`, with the fields. */
export function keptLog(): Log & { readonly lines: string[]; readonly fields: object[] } {
  const lines: string[] = [];
  const fields: object[] = [];
  const keep =
    (level: string) =>
    (message: string, more: object = {}) => {
      lines.push(`${level} ${message}`);
      fields.push(more);
    };
  return { lines, fields, debug: () => {}, info: keep("info"), warn: keep("warn"), error: keep("error") };
}

/** An open store that is closed after the test. */
export async function openedStore(t: TestContext, file: string, more: Partial<StoreOptions> = {}): Promise<Store> {
  const store = await openStore({ file, clock: systemClock, log: keptLog(), retentionDays: 400, ...more });
  t.after(() => store.close());
  return store;
}

/** The one number that a query gives, from a file that nobody has open. */
export function readNumber(file: string, sql: string): number {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return Number(Object.values(db.prepare(sql).get() ?? {})[0]);
  } finally {
    db.close();
  }
}

export function integrity(file: string): unknown {
  const db = new DatabaseSync(file);
  try {
    return db.prepare("pragma integrity_check").get()?.["integrity_check"];
  } finally {
    db.close();
  }
}
