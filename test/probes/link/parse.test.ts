import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  hasGlobalIpv6,
  parseArp,
  parseIpv6Routes,
  parseResolvConf,
  parseRoutes,
} from "../../../src/probes/link/parse.ts";
import { defaultRoute, routeTo } from "../../../src/probes/link/routes.ts";

const head = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT";
const routes = [
  head,
  "wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0   ",
  "eth0\t00000000\tFE01A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0",
  "eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0",
  "tun0\t0000000A\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0",
  "*\t0000010A\t00000000\t0201\t0\t0\t0\t0000FFFF\t0\t0\t0",
].join("\n");
const ipv6Routes = [
  "fd000000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0",
  "00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000002 00000000 00000003     eth0",
  "00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo",
].join("\n");

test("the default route is the one with the lowest metric", () => {
  const route = defaultRoute(parseRoutes(routes));
  assert.equal(route?.interface, "eth0");
  assert.equal(route?.gateway, "192.168.1.254");
});

test("IPv4 is preferred; with IPv6 alone its next hop is found", () => {
  assert.equal(defaultRoute([...parseIpv6Routes(ipv6Routes), ...parseRoutes(routes)])?.family, 4);
  assert.equal(defaultRoute(parseIpv6Routes(ipv6Routes))?.gateway, "fe80::1");
  assert.equal(defaultRoute(parseIpv6Routes(ipv6Routes.split("\n")[2] ?? "")), undefined);
});

test("an address is reached by the longest prefix, and a rejected network by none", () => {
  const all = [...parseRoutes(routes), ...parseIpv6Routes(ipv6Routes)];
  const via = (address: string) => routeTo(address, all)?.interface;
  assert.equal(via("192.168.1.77"), "eth0");
  assert.equal(via("10.200.3.4"), "tun0");
  assert.equal(via("8.8.8.8"), "eth0");
  assert.equal(routeTo("fd00::7", all)?.prefix, 64);
  assert.equal(routeTo("fd00:0:0:1::7", all)?.prefix, 0);
  assert.equal(routeTo("::ffff:10.0.0.1", all)?.prefix, 0);
  assert.equal(via("router.lan"), undefined);
});

test("a neighbour that did not answer is told from one that did", () => {
  const text = [
    "IP address       HW type     Flags       HW address            Mask     Device",
    "192.168.1.1      0x1         0x2         02:FC:00:00:00:05     *        eth0",
    "192.168.1.9      0x1         0x0         00:00:00:00:00:00     *        eth0",
  ].join("\n");
  assert.deepEqual(parseArp(text), [
    { ip: "192.168.1.1", mac: "02:fc:00:00:00:05", interface: "eth0", complete: true },
    { ip: "192.168.1.9", mac: "00:00:00:00:00:00", interface: "eth0", complete: false },
  ]);
});

test("resolvers keep their order, once each, three at the most", () => {
  const text =
    "# nameserver 9.9.9.9\nsearch lan\nnameserver 127.0.0.53\n nameserver\t2001:db8::53 \nnameserver 127.0.0.53\nnameserver x;y\nnameserver fe80::1%eth0\nnameserver 8.8.8.8\n";
  assert.deepEqual(parseResolvConf(text), ["127.0.0.53", "2001:db8::53", "fe80::1%eth0"]);
});

test("an IPv6 address counts when it is global and in use", () => {
  const global = "20010db8000000000000000000000010";
  const cases = [
    [`${global} 02 40 00 80     eth0`, true],
    [`${global} 02 40 00 01     eth0`, true, "temporary, as privacy wants it"],
    [`${global} 02 40 00 20     eth0`, false, "deprecated"],
    [`${global} 02 40 00 40     eth0`, false, "tentative"],
    [`${global} 02 40 00 88     eth0`, false, "somebody else has it"],
    [`${global} 01 80 00 80       lo`, false],
    ["fd010000000000000000000000000010 02 40 00 80     eth0", false, "of the own network only"],
    ["fe800000000000000000000000000010 02 40 20 80     eth0", false, "of the link only"],
    ["00000000000000000000000000000001 01 80 10 80       lo", false],
    ["2001 02 40 00 80 eth0", false],
    [`${global} 02 40 00 xx eth0`, false],
    ["", false],
  ] as const;
  for (const [line, expected, why] of cases) assert.equal(hasGlobalIpv6(`${line}\n`), expected, why ?? line);
  assert.equal(hasGlobalIpv6(cases.map(([line]) => line).join("\n")), true);
});

test("no text breaks a parser", () => {
  const lines = fc.array(fc.oneof(fc.string(), fc.constantFrom(...routes.split("\n"), ...ipv6Routes.split("\n"))));
  fc.assert(
    fc.property(lines, fc.nat(200), (parts, cut) => {
      const text = parts.join("\n").slice(cut);
      const all = [...parseRoutes(text), ...parseIpv6Routes(text)];
      assert.ok(all.every(({ prefix, family }) => prefix <= (family === 4 ? 32 : 128)));
      routeTo("1.2.3.4", all);
      routeTo("2001:db8::1", all);
      parseArp(text);
      hasGlobalIpv6(text);
      parseResolvConf(text);
    }),
  );
});
