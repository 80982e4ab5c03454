import assert from "node:assert/strict";
import { test } from "node:test";
import { reportPolicy } from "../../src/web/report-routes.ts";
import { rawGet, startTestWeb } from "./harness.ts";

function reader() {
  const made: object[] = [];
  return {
    made,
    read: async (name: string) =>
      name === "analysis_20260115_120000.html"
        ? "<p>kept</p>"
        : name === "analysis_20260115_120000.txt"
          ? "kept"
          : undefined,
    latest: async (): Promise<string | undefined> => "<p>latest</p>",
    make: async (span: { from: number; to: number }): Promise<string | undefined> => {
      made.push(span);
      return span.from === 5 ? undefined : "<p>made</p>";
    },
  };
}

test("the newest report is served, that of a time is made, and one that is kept is found by its name", async () => {
  const reports = reader();
  await using web = await startTestWeb({ reports });
  const latest = await fetch(`${web.url}api/report.html`);
  assert.equal(await latest.text(), "<p>latest</p>");
  assert.equal(latest.headers.get("content-type"), "text/html; charset=utf-8");
  assert.equal(latest.headers.get("content-security-policy"), reportPolicy);
  assert.equal(latest.headers.get("x-content-type-options"), "nosniff");
  const made = await fetch(`${web.url}api/report.html?from=1000&to=2000`);
  assert.equal(await made.text(), "<p>made</p>");
  assert.deepEqual(reports.made, [{ from: 1_000, to: 2_000 }]);
  assert.equal(await (await fetch(`${web.url}api/reports/analysis_20260115_120000.html`)).text(), "<p>kept</p>");
  const text = await fetch(`${web.url}api/reports/analysis_20260115_120000.txt`);
  assert.equal(text.headers.get("content-type"), "text/plain; charset=utf-8");
  const other = await fetch(`${web.url}api/state`);
  assert.notEqual(other.headers.get("content-security-policy"), reportPolicy);
});

test("what is not there, not understood or not to be had is told as such", async () => {
  await using web = await startTestWeb({ reports: reader() });
  assert.equal((await fetch(`${web.url}api/report.html?from=2&to=1`)).status, 400);
  assert.equal((await fetch(`${web.url}api/report.html?from=x`)).status, 400);
  assert.equal((await fetch(`${web.url}api/report.html?from=5&to=9`)).status, 404);
  assert.equal((await fetch(`${web.url}api/reports/other.html`)).status, 404);
  assert.equal((await rawGet(web.port, "/api/reports/..%2f..%2fetc%2fpasswd")).status, 404);
  await using without = await startTestWeb({});
  assert.equal((await fetch(`${without.url}api/report.html`)).status, 404);
});
