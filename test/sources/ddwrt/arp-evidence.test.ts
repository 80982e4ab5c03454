import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createArpEvidence } from "../../../src/sources/ddwrt/arp-evidence.ts";
import type { ArpRow } from "../../../src/sources/ddwrt/tables.ts";
import { FakeClock } from "../../fakes/fake-clock.ts";

const phone = "aa:bb:cc:00:00:01";
const nas = "aa:bb:cc:00:00:02";
const row = (mac: string, sentBytes?: number): ArpRow => ({
  mac,
  addresses: ["10.0.0.1"],
  ...(sentBytes === undefined ? {} : { receivedBytes: 0, sentBytes }),
});
const nobody = new Set<string>();
const onRadio = new Set([phone]);

describe("a row of the ARP table", () => {
  it("is a client that is there, where no radio knew it", () => {
    const evidence = createArpEvidence(new FakeClock());
    for (let n = 0; n < 3; n += 1) {
      assert.deepEqual([...evidence.connected(nobody, [row(nas), row(phone, 5)])], [nas, phone]);
    }
  });

  it("does not keep a phone that left the radio", async () => {
    for (const bytes of [undefined, 100]) {
      const clock = new FakeClock();
      const evidence = createArpEvidence(clock);
      evidence.connected(onRadio, [row(phone, bytes), row(nas, bytes)]);
      for (let minute = 0; minute < 9; minute += 1) {
        assert.deepEqual(
          [...evidence.connected(nobody, [row(phone, bytes), row(nas, bytes)])],
          [nas],
          `minute ${minute}`,
        );
        await clock.advance(60_000);
      }
    }
  });

  it("counts again as soon as the client sends through another access point", () => {
    const evidence = createArpEvidence(new FakeClock());
    evidence.connected(onRadio, [row(phone, 100)]);
    // What it sent between the readings it may have sent by the radio.
    assert.equal(evidence.connected(nobody, [row(phone, 150)]).has(phone), false);
    assert.equal(evidence.connected(nobody, [row(phone, 150)]).has(phone), false);
    assert.equal(evidence.connected(nobody, [row(phone, 151)]).has(phone), true);
    assert.equal(evidence.connected(nobody, [row(phone, 151)]).has(phone), true);
  });

  it("counts again when it went and came back", () => {
    const evidence = createArpEvidence(new FakeClock());
    evidence.connected(onRadio, [row(phone, 100)]);
    assert.equal(evidence.connected(nobody, [row(phone, 100)]).has(phone), false);
    assert.equal(evidence.connected(nobody, []).has(phone), false);
    assert.equal(evidence.connected(nobody, [row(phone, 100)]).has(phone), true);
  });

  it("counts again when it outlived what lingers, where nothing is counted", async () => {
    const clock = new FakeClock();
    const evidence = createArpEvidence(clock);
    evidence.connected(onRadio, [row(phone)]);
    assert.equal(evidence.connected(nobody, [row(phone)]).has(phone), false);
    await clock.advance(10 * 60_000);
    assert.equal(evidence.connected(nobody, [row(phone)]).has(phone), true);
  });

  it("is no longer in doubt once the phone is back on the radio", () => {
    const evidence = createArpEvidence(new FakeClock());
    evidence.connected(onRadio, [row(phone, 100)]);
    evidence.connected(nobody, [row(phone, 100)]);
    assert.equal(evidence.connected(onRadio, [row(phone, 100)]).has(phone), true);
    assert.equal(evidence.connected(nobody, [row(phone, 100)]).has(phone), false);
  });
});
