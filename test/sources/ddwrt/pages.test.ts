import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parsePage, plain } from "../../../src/sources/ddwrt/pages.ts";
import { arpRows, leaseRows, wirelessRows } from "../../../src/sources/ddwrt/tables.ts";
import { createHousehold } from "../../fakes/ddwrt/household.ts";
import { currentForm, type PageForm, renderPage } from "../../fakes/ddwrt/pages.ts";

const mac = (n: number) => `aa:bb:cc:00:00:0${n}`;
const words = (page: string, key: string) => parsePage(page).lists.get(key) ?? [];

/** The pages of a house with three clients: two on the radio, one behind a cable. */
function pagesOf(form: Partial<PageForm>) {
  const house = createHousehold();
  house.join(mac(1), { name: "Anna's phone", signalDbm: -61 });
  house.join(mac(2), { name: "", signalDbm: -75, expiry: "1 day 00:00:00" });
  house.join(mac(3), { name: "nas", place: "wired", expiry: "Statique" });
  house.pass(5);
  const page = (path: string) => renderPage(path, house, { ...currentForm, ...form }) ?? "";
  return { lan: page("Status_Lan.live.asp"), wireless: page("Status_Wireless.live.asp") };
}

describe("a live page", () => {
  it("gives its values, with braces, apostrophes and HTML in them", () => {
    const page = parsePage(
      "{wl_ssid::Anna's {net}}\n{wl_rate::72 Mbps}{a::}\n{wan_status::Up&nbsp;<input onclick=\"f('{x}', '_dhcp')\" />}\n<b>adsl</b>\n",
    );
    assert.deepEqual(
      [...page.values],
      [
        ["wl_ssid", "Anna's {net}"],
        ["wl_rate", "72 Mbps"],
        ["a", ""],
        ["wan_status", "Up&nbsp;<input onclick=\"f('{x}', '_dhcp')\" />"],
      ],
    );
    assert.equal(page.cut, false);
  });

  it("gives its lists, in either quotes, over several lines, with names that hold quotes, commas and braces", () => {
    for (const quote of ["'", '"']) {
      const list = ["Anna's", 'the "big" one', "a, b", "}{arp_table::", "", "last}"];
      const text = list.map((word) => `${quote}${word}${quote}`);
      const page = parsePage(
        `{dhcp_leases:: ${text.slice(0, 3).join(",")},\r\n  ${text.slice(3).join(" , ")}}}\n{b::1}`,
      );
      assert.deepEqual(page.lists.get("dhcp_leases"), list, quote);
      assert.equal(page.values.get("b"), "1");
    }
    assert.deepEqual(words("{mem_info::,'MemTotal:','255884','kB'}", "mem_info"), ["MemTotal:", "255884", "kB"]);
  });

  it("counts the first of two records with one key", () => {
    assert.equal(parsePage("{a::1}\n{a::2}").values.get("a"), "1");
  });

  it("that ends in the middle of a record is cut, wherever that is", () => {
    const { lan } = pagesOf({});
    const ends = new Set([...lan.matchAll(/\}\n?/g)].flatMap(({ index, 0: end }) => [index + 1, index + end.length]));
    for (let length = 12; length < lan.length; length += 1) {
      const page = parsePage(lan.slice(0, length));
      const started =
        lan.slice(0, length).lastIndexOf("{") + lan.slice(lan.slice(0, length).lastIndexOf("{")).indexOf("::") + 2;
      // Within a key there is nothing yet that could be missed.
      const expected = !ends.has(length) && length >= started;
      assert.equal(page.cut, expected, lan.slice(Math.max(0, length - 40), length));
    }
  });

  it("of HTML has no record", () => {
    const page = parsePage("<html><style>b{color:red}</style><form>{login}</form></html>");
    assert.deepEqual([page.values.size, page.lists.size, page.cut], [0, 0, false]);
  });

  it("writes names for people: without entities, control characters and the signs for none", () => {
    const table: readonly (readonly [string, string | undefined])[] = [
      ["Anna&#39;s &amp; Bob&quot;s&nbsp;", "Anna's & Bob\"s"],
      ["*", undefined],
      ["&nbsp;", undefined],
      ["N/A", undefined],
      ["", undefined],
      ["a\x1b[31m\n\x00b", "a [31m b"],
      ["x".repeat(500), "x".repeat(64)],
    ];
    for (const [word, name] of table) assert.equal(plain(word), name);
  });
});

describe("the tables of a live page", () => {
  it("give the same clients in every width of ARP rows, with bytes where the router counts them", () => {
    for (const arpWidth of [3, 4, 5, 8] as const) {
      for (const multiLine of [false, true]) {
        const rows = arpRows(words(pagesOf({ arpWidth, multiLine }).lan, "arp_table"));
        const [first, second, third] = rows;
        assert.equal(rows.length, 4, `width ${arpWidth}`);
        assert.deepEqual([first?.mac, first?.hostname, first?.addresses], [mac(1), "Anna's phone", ["192.168.1.100"]]);
        assert.deepEqual([second?.mac, second?.hostname], [mac(2), undefined]);
        assert.deepEqual([third?.mac, third?.hostname], [mac(3), "nas"]);
        assert.equal(first?.interface, arpWidth >= 5 ? "br0" : undefined);
        const bytes = arpWidth === 8 ? [50_000, 5_000] : [undefined, undefined];
        assert.deepEqual([first?.receivedBytes, first?.sentBytes], bytes);
      }
    }
    const zeros = arpRows(words(pagesOf({ countsBytes: false }).lan, "arp_table"));
    assert.ok(zeros.every((row) => row.receivedBytes === undefined && row.sentBytes === undefined));
  });

  it("give all addresses of one word", () => {
    const rows = arpRows([
      "pc",
      "10.0.0.5<br>fe80::1<br />x",
      "AA:BB:CC:00:00:01",
      "1",
      "*",
      "0.0.0.0",
      "AA:BB:CC:00:00:02",
      "0",
    ]);
    assert.deepEqual(rows, [{ mac: mac(1), addresses: ["10.0.0.5", "fe80::1"], hostname: "pc" }]);
  });

  it("give the same associations in every width of wireless rows", () => {
    for (const wirelessWidth of [4, 8, 9, 10, 11, 17, 21] as const) {
      const rows = wirelessRows(words(pagesOf({ wirelessWidth }).wireless, "active_wireless"));
      assert.deepEqual(
        rows.map((row) => [row.mac, row.signalDbm]),
        [
          [mac(1), -61],
          [mac(2), -75],
        ],
        `width ${wirelessWidth}`,
      );
      const detail = wirelessWidth === 4 ? [undefined, undefined, undefined] : ["eth1", 72_000_000, 24_000_000];
      assert.deepEqual(
        [rows[0]?.interface, rows[0]?.linkDownBps, rows[0]?.linkUpBps],
        detail,
        `width ${wirelessWidth}`,
      );
      assert.equal(rows[0]?.signalPercent, undefined);
    }
  });

  it("of radios may mix widths, know no rates, and call a radio like a MAC", () => {
    const rows = wirelessRows([
      ..."AA:BB:CC:00:00:01,eth1,N/A,N/A,N/A,-41,-87,46,651".split(","),
      ..."AA:BB:CC:00:00:02,AA:BB:CC:99:99:99,ath0,0:01:02,1.2G,866.7M,HT40,0,-95,0,453".split(","),
      ..."AA:BB:CC:00:00:03,what".split(","),
    ]);
    assert.deepEqual(rows, [
      { mac: mac(1), interface: "eth1", signalDbm: -41 },
      { mac: mac(2), interface: "ath0", signalPercent: 45, linkDownBps: 1_200_000_000, linkUpBps: 866_700_000 },
      { mac: mac(3) },
    ]);
  });

  it("give the leases of dnsmasq and udhcpd, in every width and language", () => {
    for (const form of [
      {},
      { leaseWidth: 7 },
      { doubleQuotes: true },
      { doubleBrace: true },
      { multiLine: true },
    ] as const) {
      const rows = leaseRows(words(pagesOf(form).lan, "dhcp_leases"), 1_440);
      assert.deepEqual(
        rows.map(({ mac: client, ip, hostname, lease }) => [client, ip, hostname, lease]),
        [
          [mac(1), "192.168.1.100", "Anna's phone", { dynamic: true, expiresInS: 39_787 }],
          // As long as leases are: not what is left of it.
          [mac(2), "192.168.1.101", undefined, { dynamic: true }],
          [mac(3), "192.168.1.102", "nas", { dynamic: false, status: "Statique" }],
        ],
        JSON.stringify(form),
      );
    }
  });

  it("skip rows of groups and zeros, and names that look like addresses or MACs", () => {
    const list = [
      "10.0.0.9",
      "10.0.0.5",
      "AA:BB:CC:00:00:01",
      "3",
      "AA:BB:CC:00:00:07",
      "10.0.0.6",
      "AA:BB:CC:00:00:02",
      "0",
    ];
    const junk = ["x", "10.0.0.1", "00:00:00:00:00:00", "1", "x", "10.0.0.2", "FF:FF:FF:FF:FF:FF", "1"];
    assert.deepEqual(
      arpRows([...list, ...junk]).map((row) => [row.mac, row.hostname]),
      [
        [mac(1), "10.0.0.9"],
        [mac(2), "AA:BB:CC:00:00:07"],
      ],
    );
  });
});

describe("the parsers of live pages", () => {
  const known = Object.values(pagesOf({ multiLine: true })).join("");

  it("make something well-formed of any text", () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom(
        "{arp_table::",
        "{dhcp_leases:: ",
        "{active_wireless::",
        "}",
        "}}",
        "'",
        '"',
        ",",
        "AA:BB:CC:00:00:01",
        "10.0.0.1",
        "<br>",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => allWellFormed(pieces.join(""))),
      { numRuns: 500 },
    );
  });

  it("make something well-formed of a page with any byte changed or lost", () => {
    for (let at = 0; at < known.length; at += 1) {
      for (const letter of ["'", "}", "{", ",", "\0", ":", ""])
        allWellFormed(known.slice(0, at) + letter + known.slice(at + 1));
    }
  });

  it("take no longer than a page is long", () => {
    const started = process.cpuUsage();
    for (const text of [
      "{a::",
      "{a::'",
      "{a::'x'",
      "{a::'x',",
      "'",
      "}",
      "{a::}'",
      "{arp_table::'' '' ",
      "{a::\n}\n",
    ]) {
      allWellFormed(text.repeat(Math.floor(1_000_000 / text.length)));
      allWellFormed(`{a::'${" ".repeat(500_000)}' x`);
    }
    const { user } = process.cpuUsage(started);
    assert.ok(user < 10_000_000, `${user} µs`);
  });
});

function allWellFormed(text: string): void {
  const page = parsePage(text);
  for (const list of page.lists.values()) {
    for (const row of [...arpRows(list), ...wirelessRows(list), ...leaseRows(list, 1_440)]) {
      assert.match(row.mac, /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/);
      if ("hostname" in row) assert.ok((row.hostname ?? "x").length <= 64);
      if ("signalDbm" in row) assert.ok((row.signalDbm ?? -1) < 0);
    }
  }
}
