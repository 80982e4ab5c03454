import assert from "node:assert/strict";
import { test } from "node:test";
import { configTable, documentedKeys } from "../../src/config/docs.ts";

test("the table has a row for a key, a nested key, a key of an entry, and every kind of router", () => {
  const rows = configTable().split("\n");
  assert.deepEqual(rows.slice(0, 3), [
    "| key | default | meaning |",
    "|---|---|---|",
    '| `site` | `"home"` | Name of this installation, part of topics and unique ids: a-z, 0-9 and _. |',
  ]);
  assert.ok(rows.includes("| `web.port` | `8099` | Port of the web page. |"));
  assert.ok(rows.includes("| `targets[].host` | required | Address or host name to probe. |"));
  assert.ok(rows.includes('| `routers[].username` | required (routeros), `"root"` (ddwrt) | User name. |'));
  assert.ok(rows.some((row) => row.startsWith("| `routers[].kind` | required | amplifi: ")));
});

test("a bar within a cell does not end it", () => {
  const row = configTable()
    .split("\n")
    .find((line) => line.startsWith("| `known`"));
  assert.equal(row?.replaceAll("\\|", "").split("|").length, 5);
});

test("every path is there once", () => {
  const paths = documentedKeys().map(({ path }) => path);
  assert.equal(new Set(paths).size, paths.length);
  assert.ok(paths.length > 90);
});
