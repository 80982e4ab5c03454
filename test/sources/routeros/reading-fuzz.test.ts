import assert from "node:assert/strict";
import { isIP } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { parseMac } from "../../../src/lib/mac.ts";
import { readClients } from "../../../src/sources/routeros/clients.ts";
import { menuNames, menus, type Tables } from "../../../src/sources/routeros/menus.ts";
import { readPorts } from "../../../src/sources/routeros/ports.ts";
import { readRouterFacts } from "../../../src/sources/routeros/router-facts.ts";

const likely = fc.constantFrom(
  ..."true false bound waiting reachable stale ether1 bridge WAN wlan lte pppoe-out 10.0.0.5 10.0.0.5/24 fe80::1 2001:db8::1".split(
    " ",
  ),
  ..."3C:22:FB:00:00:01 3c:22:fb:00:00:02 00:00:00:00:00:00 1w2d 14:40:26 -62@1Mbps 72.2Mbps 1,2 99999999999999999999".split(
    " ",
  ),
);
const value = fc.oneof({ weight: 4, arbitrary: likely }, fc.string({ unit: "binary", maxLength: 300 }));
const names = [
  ...new Set(menuNames.flatMap((menu) => menus[menu].properties)),
  "name",
  "value",
  "temperature",
  "__proto__",
];
const row = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 12 });
const tables: fc.Arbitrary<Tables> = fc.dictionary(fc.constantFrom(...menuNames), fc.array(row, { maxLength: 6 }));

test("whatever rows a router sends, the sightings are valid, one a MAC", () => {
  fc.assert(
    fc.property(tables, (all) => {
      const clients = readClients(all, readPorts(all));
      assert.equal(new Set(clients.map(({ mac }) => mac)).size, clients.length);
      for (const client of clients) {
        assert.equal(parseMac(client.mac), client.mac);
        assert.ok(client.ip === undefined || isIP(client.ip) === 4);
        for (const ip of client.ipv6 ?? []) assert.equal(isIP(ip), 6);
        assert.equal((client.receivedBytes ?? 0) >= 0 && (client.sentBytes ?? 0) >= 0, true);
        assertPlain(client);
      }
    }),
    { numRuns: 500 },
  );
});

test("whatever rows a router sends, its facts are valid", () => {
  fc.assert(
    fc.property(tables, (all) => {
      const facts = readRouterFacts(all, readPorts(all));
      for (const percent of [facts.memoryPercent ?? 0, facts.cpuPercent ?? 0])
        assert.ok(percent >= 0 && percent <= 100);
      assertPlain(facts);
    }),
    { numRuns: 500 },
  );
});

/** No value is undefined, not a number, empty, or so long that it would fill the memory. */
function assertPlain(found: unknown): void {
  if (typeof found === "string") assert.ok(found !== "" && found.length <= 300);
  else if (typeof found === "number") assert.ok(Number.isFinite(found));
  else if (typeof found === "object" && found !== null) for (const each of Object.values(found)) assertPlain(each);
  else assert.equal(typeof found, "boolean");
}
