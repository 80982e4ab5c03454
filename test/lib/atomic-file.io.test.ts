import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { writeAtomically } from "../../src/lib/atomic-file.ts";
import { smallDisk, temporaryDirectory } from "../history/place.ts";

test("a file is made with its mode, and replaced as a whole", async (t) => {
  const dir = temporaryDirectory(t);
  const file = join(dir, "a.txt");
  await writeAtomically(file, "one", 0o600);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const before = statSync(file).ino;
  await writeAtomically(file, "two");
  assert.notEqual(statSync(file).ino, before);
  assert.equal(readFileSync(file, "utf8"), "two");
  assert.deepEqual(readdirSync(dir), ["a.txt"]);
});

test("when it can't be written the old one stays, and nothing lies beside it", async (t) => {
  const disk = smallDisk(t, "64k");
  const file = join(disk, "a.txt");
  writeFileSync(file, "old");
  await assert.rejects(writeAtomically(file, "x".repeat(200_000)), { code: "ENOSPC" });
  assert.equal(readFileSync(file, "utf8"), "old");
  assert.deepEqual(readdirSync(disk), ["a.txt"]);
  mkdirSync(join(disk, "folder"));
  await assert.rejects(writeAtomically(join(disk, "folder"), "text"));
  assert.deepEqual(readdirSync(disk).toSorted(), ["a.txt", "folder"]);
});
