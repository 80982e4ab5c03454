import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createArpEvidence } from "../../../src/sources/ddwrt/arp-evidence.ts";
import { type DdwrtPages, parseIdentity, parseInterface } from "../../../src/sources/ddwrt/facts.ts";
import { parsePage } from "../../../src/sources/ddwrt/pages.ts";
import { PagesError, toReading } from "../../../src/sources/ddwrt/reading.ts";
import { createHousehold, type Household } from "../../fakes/ddwrt/household.ts";
import { currentForm, type PageForm, renderPage } from "../../fakes/ddwrt/pages.ts";
import { FakeClock } from "../../fakes/fake-clock.ts";

const mac = (n: number) => `aa:bb:cc:00:00:0${n}`;

function pagesOf(house: Household, form: Partial<PageForm> = {}): DdwrtPages {
  const page = (name: string) => parsePage(renderPage(name, house, { ...currentForm, ...form }) ?? "");
  return {
    lan: page("Status_Lan.live.asp"),
    wireless: page("Status_Wireless.live.asp"),
    internet: page("Status_Internet.live.asp"),
    router: page("Status_Router.live.asp"),
    interfaces: [],
  };
}
const reading = (pages: DdwrtPages) => toReading(pages, createArpEvidence(new FakeClock()));
const lan = (text: string): DdwrtPages => ({ lan: parsePage(text), interfaces: [] });

describe("a reading of DD-WRT", () => {
  it("has everyone of the tables of radios, ARP and leases, each once", () => {
    const house = createHousehold();
    house.join(mac(1), { name: "phone", signalDbm: -61 });
    house.join(mac(2), { name: "nas", place: "wired" });
    house.join(mac(3), { name: "tablet" });
    house.leave(mac(3));
    house.prune();
    const { clients, coverage } = reading(pagesOf(house));
    assert.equal(coverage, "full");
    assert.deepEqual(
      clients.map((client) => [client.mac, client.connected, client.link, client.interface, client.hostname]),
      [
        [mac(1), true, "wifi", "eth1", "phone"],
        [mac(2), true, undefined, "br0", "nas"],
        // A lease proves nothing.
        [mac(3), false, undefined, undefined, "tablet"],
      ],
    );
  });

  it("leaves out what is on the provider's side, and names that interface", () => {
    const house = createHousehold();
    house.join(mac(1));
    const { clients, router } = reading(pagesOf(house));
    assert.deepEqual(
      clients.map((client) => client.mac),
      [mac(1)],
    );
    assert.deepEqual(router?.wan, { up: true, ip: "203.0.113.7", interface: "vlan2" });
  });

  it("leaves out a modem behind the provider's interface, by the interface alone", () => {
    const internet = parsePage(
      "{wan_shortproto::dhcp}\n{wan_ipaddr::203.0.113.7}\n{wan_netmask::255.255.255.0}\n{wan_gateway::203.0.113.1}\n",
    );
    const arp =
      "'*','203.0.113.1','02:00:00:00:00:01','0', 'vlan2','0','0','0','*','192.168.100.1','02:00:00:00:00:02','0', 'vlan2','0','0','0'";
    const pages = { ...lan(`{lan_ip::192.168.1.1}\n{lan_netmask::255.255.255.0}\n{arp_table:: ${arp}}\n`), internet };
    assert.deepEqual(reading(pages).clients, []);
  });

  it("keeps the clients of a router whose two sides use the same addresses or the same interface", () => {
    const internet = parsePage(
      "{wan_shortproto::dhcp}\n{wan_ipaddr::192.168.1.2}\n{wan_netmask::255.255.255.0}\n{wan_gateway::192.168.1.254}\n",
    );
    const arp =
      "'*','192.168.1.254','02:00:00:00:00:01','0', 'br0','0','0','0','pc','192.168.1.9','02:00:00:00:00:02','0', 'br0','0','0','0'";
    const pages = { ...lan(`{lan_ip::192.168.1.1}\n{lan_netmask::255.255.255.0}\n{arp_table:: ${arp}}\n`), internet };
    assert.equal(reading(pages).clients.length, 2);
  });

  it("knows the line of every kind: up, down, a session that offers to connect, and none", () => {
    const house = createHousehold();
    const wan = (form: Partial<PageForm>) => reading(pagesOf(house, form)).router?.wan;
    assert.equal(wan({ connectedWord: "Verbunden" })?.up, true);
    assert.equal(wan({ wanProtocol: "pppoe" })?.up, true);
    assert.equal(wan({ wanProtocol: "disabled" }), undefined);
    assert.equal(wan({ without: ["wan_ipaddr"] }), undefined);
    house.wan(false);
    assert.deepEqual(wan({}), { up: false });
    assert.deepEqual(wan({ wanProtocol: "pppoe" }), { up: false });
    const session = parsePage(
      "{wan_shortproto::pppoe}\n{wan_status::Getrennt&nbsp;<input onclick=\"connect(this.form, 'Connect_pppoe')\" />}\n{wan_ipaddr::203.0.113.7}\n",
    );
    assert.deepEqual(reading({ ...pagesOf(house), internet: session }).router?.wan, { up: false, ip: "203.0.113.7" });
  });

  it("tells the router's own state", () => {
    const { router } = reading(pagesOf(createHousehold()));
    assert.equal(router?.mac, "02:00:5e:00:53:f0");
    assert.equal(router?.uptimeS, 759_300);
    assert.equal(router?.memoryPercent, 15.6);
    assert.equal(router?.temperatureC, 63.3);
    const told = (key: string, value: string) => reading(lan(`{arp_table::}\n{${key}::${value}}\n`)).router;
    const uptimes: readonly (readonly [string, number | undefined])[] = [
      [" 19:43:08 up 12:22,  load average: 0.10, 0.08, 0.05", 44_520],
      [" 00:00:10 up 0 min,  load average: 0", 0],
      [" 00:05:10 up 5 min,  load", 300],
      [" 12:28:48 up 132 days, 18:02,  load average", 11_469_720],
      [" 12:28:48 up 1 day,  3 min,  load average", 86_580],
      ["12:28:48 hoch seit gestern", undefined],
    ];
    for (const [text, seconds] of uptimes) assert.equal(told("uptime", text)?.uptimeS, seconds, text);
    const temperatures: readonly (readonly [string, number | undefined])[] = [
      ["55.1 &#176;C", 55.1],
      ["CPU 48 °C / WL0 40.5 °C", 48],
      ["60.5 \ufffdC", 60.5],
      ["Not available", undefined],
      ["", undefined],
      ["999 °C", undefined],
    ];
    for (const [text, degrees] of temperatures) assert.equal(told("cpu_temp", text)?.temperatureC, degrees, text);
    assert.deepEqual(reading(lan("{arp_table::}\n")).router, {});
  });

  it("says when leases and ARP contradict each other, and takes the address in use", () => {
    const lease = "{dhcp_leases:: 'pc','10.0.0.5','AA:BB:CC:00:00:01','1 day 00:00:00','5'}\n";
    const [client] = reading(lan(`${lease}{arp_table:: '*','10.0.0.9','AA:BB:CC:00:00:01','1'}\n`)).clients;
    assert.deepEqual([client?.ip, client?.hostname], ["10.0.0.9", "pc"]);
    assert.deepEqual(client?.conflicts, ["lease says 10.0.0.5, ARP says 10.0.0.9"]);
    const [both] = reading(
      lan(`${lease}{arp_table:: '*','10.0.0.9<br>10.0.0.5<br>fe80::1','AA:BB:CC:00:00:01','1'}\n`),
    ).clients;
    assert.deepEqual([both?.ip, both?.ipv6, both?.conflicts], ["10.0.0.5", ["fe80::1"], undefined]);
  });

  it("counts the bytes of a client behind two interfaces where most of them are", () => {
    const rows = [
      "'a','10.0.0.5','AA:BB:CC:00:00:01','1', 'br1','10','20','30'",
      "'a','10.0.1.5','AA:BB:CC:00:00:01','1', 'br0','100','200','300'",
    ];
    for (const order of [rows, rows.toReversed()]) {
      const [client] = reading(lan(`{arp_table:: ${order.join(",")}}\n`)).clients;
      assert.deepEqual([client?.receivedBytes, client?.sentBytes, client?.counter], [100, 200, "br0"]);
    }
  });

  it("of a page without a table, or with one that can't be read, is an error and not a house without clients", () => {
    const fails = (pages: DdwrtPages, message: RegExp) =>
      assert.throws(
        () => reading(pages),
        (error) => error instanceof PagesError && message.test(error.message),
      );
    const house = createHousehold();
    house.join(mac(1));
    fails(pagesOf(house, { without: ["arp_table"] }), /without arp_table/);
    fails(pagesOf(house, { without: ["active_wireless"] }), /without active_wireless/);
    fails(pagesOf(house, { maskMacs: true }), /hides the MAC addresses: turn off/);
    fails(lan("{arp_table::soon}\n"), /arp_table in an unknown form/);
    fails(lan("{arp_table:: 'a','b','c'}\n"), /arp_table in an unknown form/);
    fails(lan("{arp_table::}\n{dhcp_leases:: 'a','b','c'}\n"), /dhcp_leases in an unknown form/);
    assert.deepEqual(reading(lan("{dhcp_leases::}}\n{arp_table::}}\n")).clients, []);
  });
});

describe("the extra pages of DD-WRT", () => {
  it("tell model and firmware, in the forms that are known", () => {
    const house = createHousehold();
    assert.deepEqual(parseIdentity(renderPage("Status_Router.asp", house, currentForm) ?? ""), {
      model: "Netgear R7000",
      firmware: "DD-WRT v3.0-r44715 std (11/03/20)",
    });
    assert.deepEqual(
      parseIdentity('<span id="router_model">Linksys WRT54GL</span><b>DD-WRT v24-sp2 (08/12/10) std</b>'),
      {
        model: "Linksys WRT54GL",
        firmware: "DD-WRT v24-sp2 (08/12/10)",
      },
    );
    assert.deepEqual(parseIdentity("<html>Please log in</html>"), {});
  });

  it("tell an interface's counters, or that there is no such interface", () => {
    const text =
      "Sun Mar  4 15:22:25 UTC 2012\n vlan2:1413254257 25783195    0    0    0     0          0         1 1770535535 17228473    0    0    0     0       0          0\n";
    assert.deepEqual(parseInterface("vlan2", text), { name: "vlan2", rxBytes: 1_413_254_257, txBytes: 1_770_535_535 });
    assert.deepEqual(parseInterface("vlan2", text.replace("vlan2:", "vlan2: "))?.rxBytes, 1_413_254_257);
    for (const other of ["", "Sun Mar  4 15:22:25 UTC 2012\n", "vlan2: 1 2 3", "<html>vlan2:</html>"]) {
      assert.equal(parseInterface("vlan2", other), undefined);
    }
  });
});
