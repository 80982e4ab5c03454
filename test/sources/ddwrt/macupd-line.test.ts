import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseMacupd } from "../../../src/sources/ddwrt/macupd-line.ts";
import { report } from "../../fakes/ddwrt/macupd.ts";

const bytes = (text: string) => Buffer.from(text, "latin1");
const one = (text: string) => {
  const lines = parseMacupd(bytes(text));
  assert.equal(lines.length, 1);
  return lines[0];
};
const phone = { mac: "aa:bb:cc:dd:ee:01", connected: true, ip: "192.168.1.5", interface: "br0" };

describe("a report of macupd", () => {
  it("is a row of the ARP table behind a word, or without it", () => {
    for (const text of [
      "arp 192.168.1.5 0x1 0x2 AA:BB:CC:DD:EE:01 * br0",
      "192.168.1.5 0x1 0x2 aa:bb:cc:dd:ee:01 * br0\n",
      "x\t192.168.1.5   0x1  0x2\taa:bb:cc:dd:ee:01 *  br0\r\n\0",
      "1489674331 192.168.1.5 0x1 0x6 aa-bb-cc-dd-ee-01 * br0",
      report({ ip: "192.168.1.5", mac: "aa:bb:cc:dd:ee:01", interface: "br0" }),
    ]) {
      assert.deepEqual(one(text), { kind: "client", client: phone }, text);
    }
  });

  it("may hold several lines, each of them a sighting", () => {
    const text =
      "a 10.0.0.1 0x1 0x2 aa:bb:cc:dd:ee:01 * br0\nnonsense\r\na 10.0.0.2 0x1 0x2 aa:bb:cc:dd:ee:02 * vlan2.10\n\n";
    assert.deepEqual(
      parseMacupd(bytes(text)).map((line) => (line.kind === "client" ? line.client.interface : line.kind)),
      ["br0", "bad", "vlan2.10"],
    );
  });

  it("says nothing of entries that nobody answered for", () => {
    assert.deepEqual(one("arp 192.168.1.5 0x1 0x0 00:00:00:00:00:00 * br0"), { kind: "ignored" });
    assert.deepEqual(one("arp 192.168.1.5 0x1 0x0 aa:bb:cc:dd:ee:01 * br0"), { kind: "ignored" });
    assert.deepEqual(one("arp 192.168.1.5 0x1 0x2 00:00:00:00:00:00 * br0"), { kind: "ignored" });
  });

  it("of the wireless kind is read for its MAC and its signal", () => {
    assert.deepEqual(one("wl + aa:bb:cc:dd:ee:01 -61 eth1"), {
      kind: "client",
      client: { mac: "aa:bb:cc:dd:ee:01", connected: true, link: "wifi", signalDbm: -61, interface: "eth1" },
    });
    assert.deepEqual(one("+rssi aa:bb:cc:dd:ee:01"), {
      kind: "client",
      client: { mac: "aa:bb:cc:dd:ee:01", connected: true, link: "wifi" },
    });
    assert.deepEqual(one("+ aa:bb:cc:dd:ee:01 -300 -0"), {
      kind: "client",
      client: { mac: "aa:bb:cc:dd:ee:01", connected: true, link: "wifi" },
    });
  });

  it("that is none is told with a bounded text without control characters", () => {
    for (const text of [
      "hello",
      "a 192.168.1.5 0x1 0x2 aa:bb:cc:dd:ee * br0",
      "a 192.168.1.500 0x1 0x2 aa:bb:cc:dd:ee:01 * br0",
      "a 192.168.1.5 0x1 0x2 ff:ff:ff:ff:ff:ff * br0",
      "a 192.168.1.5 0x1 0x2 01:00:5e:00:00:01 * br0",
      "a b 192.168.1.5 0x1 0x2 aa:bb:cc:dd:ee:01 * br0",
      "0x1 0x2 aa:bb:cc:dd:ee:01 * br0",
      "a 192.168.1.5 0x1 0x2 aa:bb:cc:dd:ee:01 * ../../etc/x",
      "a 192.168.1.5 0x1 0x2 aa:bb:cc:dd:ee:01 * interface-of-too-many-letters",
    ]) {
      assert.deepEqual(one(text), { kind: "bad", text }, text);
    }
    assert.deepEqual(one("\x1b[31mred\x07 café"), { kind: "bad", text: "·[31mred· caf·" });
    assert.deepEqual(one("x".repeat(5_000)), { kind: "bad", text: "x".repeat(200) });
    assert.deepEqual(one(""), { kind: "bad", text: "0 bytes without a word" });
    assert.deepEqual(one("\0\0 \n"), { kind: "bad", text: "4 bytes without a word" });
  });

  it("never makes more than 64 lines, and never more than 200 characters of what it can't read", () => {
    const flood = bytes("x y\n".repeat(20_000));
    const lines = parseMacupd(flood);
    assert.equal(lines.length, 64);
    assert.ok(parseMacupd(bytes("z".repeat(65_000))).every((line) => line.kind === "bad" && line.text.length === 200));
  });

  it("of any bytes is clients with well-formed fields, or printable text", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (datagram) => {
        for (const line of parseMacupd(datagram)) wellFormed(line);
      }),
      { numRuns: 500 },
    );
  });

  it("with any byte changed, inserted or lost is still one of these", () => {
    const whole = bytes("arp 192.168.1.5 0x1 0x2 aa:bb:cc:dd:ee:01 * br0\nwl + aa:bb:cc:dd:ee:02 -61 eth1\n");
    for (let at = 0; at < whole.length; at += 1) {
      for (const byte of [0, 0x0a, 0x20, 0x2b, 0x3a, 0x7f, 0xff]) {
        const changed = Buffer.from(whole);
        changed[at] = byte;
        const inserted = Buffer.concat([whole.subarray(0, at), Buffer.of(byte), whole.subarray(at)]);
        for (const mutant of [changed, inserted, whole.subarray(0, at), whole.subarray(at)]) {
          for (const line of parseMacupd(mutant)) wellFormed(line);
        }
      }
    }
  });
});

function wellFormed(line: ReturnType<typeof parseMacupd>[number]): void {
  if (line.kind === "bad") assert.match(line.text, /^[\x20-\x7e·]{1,200}$/);
  if (line.kind !== "client") return;
  assert.match(line.client.mac, /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/);
  assert.equal(line.client.connected, true);
  assert.match(line.client.ip ?? "1.1.1.1", /^\d{1,3}(\.\d{1,3}){3}$/);
  assert.match(line.client.interface ?? "br0", /^[a-z][\w.@-]{0,14}$/i);
}
