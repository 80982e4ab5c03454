import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { rawGet, startTestWeb } from "./harness.ts";

describe("the page's files", () => {
  const withFiles = async (work: (folder: string) => Promise<void>) => {
    const outer = await mkdtemp(join(tmpdir(), "netwarden-web-"));
    const folder = join(outer, "ui");
    await mkdir(join(folder, "assets"), { recursive: true });
    await writeFile(join(folder, "index.html"), "<!doctype html><title>Page</title>");
    await writeFile(join(folder, "assets", "index-Ab12.js"), `export const x = "${"a".repeat(2_000)}";`);
    await writeFile(join(outer, "secret.txt"), "top secret");
    try {
      await work(folder);
    } finally {
      await rm(outer, { recursive: true, force: true });
    }
  };

  it("are the page itself, always asked for anew, and its parts, kept for ever", () =>
    withFiles(async (uiDir) => {
      await using web = await startTestWeb({ uiDir });
      const page = await fetch(web.url);
      assert.equal(page.headers.get("cache-control"), "no-cache");
      assert.equal(page.headers.get("content-type"), "text/html; charset=utf-8");
      assert.match(await page.text(), /<title>Page/);
      const again = await fetch(web.url, { headers: { "if-none-match": page.headers.get("etag") ?? "" } });
      assert.equal(again.status, 304);
      const part = await fetch(`${web.url}assets/index-Ab12.js`);
      assert.match(part.headers.get("cache-control") ?? "", /immutable/);
      assert.equal(part.headers.get("content-encoding"), "gzip");
      assert.match(await part.text(), /^export const x/);
      const plain = await rawGet(web.port, "/assets/index-Ab12.js");
      assert.match(plain.body, /^export const x/);
    }));

  for (const path of [
    "/../secret.txt",
    "/assets/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/assets/..%5c..%5csecret.txt",
    "//secret.txt",
    "/assets/%00/../../secret.txt",
    "/%c0%ae%c0%ae/secret.txt",
    "/assets",
    "/assets/",
  ])
    it(`do not include ${path}`, () =>
      withFiles(async (uiDir) => {
        await using web = await startTestWeb({ uiDir });
        const { status, body } = await rawGet(web.port, path);
        assert.ok(status === 404 || status === 400, String(status));
        assert.doesNotMatch(body, /secret|root:/);
      }));
});
