import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Answer, decode, encode } from "dns-packet";
import fc from "fast-check";
import {
  answersId,
  encodeQuestion,
  encodeSelfQuestion,
  mostAnswerBytes,
  type Question,
  readAnswer,
} from "../../src/probes/dns/message.ts";

const question: Question = { id: 0x1234, hostname: "www.example.com", type: "A", edns: true };

function message(answers: readonly Answer[], changes: { id?: number; name?: string; flags?: number } = {}): Buffer {
  const { id = question.id, name = question.hostname, flags = 0x8180 } = changes;
  const type = (flags & 0x8000) === 0 ? "query" : "response";
  return encode({ type, id, flags, questions: [{ name, type: "A" }], answers: [...answers] });
}
const a = (name: string, data: string): Answer => ({ type: "A", name, ttl: 60, data });
const alias = (name: string, data: string): Answer => ({ type: "CNAME", name, ttl: 60, data });

describe("a DNS question", () => {
  it("asks for recursion and announces 1232 bytes", () => {
    const sent = decode(encodeQuestion(question));
    assert.equal(sent.id, 0x1234);
    assert.equal(sent.flag_rd, true);
    assert.deepEqual(
      sent.questions?.map(({ name, type }) => [name, type]),
      [["www.example.com", "A"]],
    );
    const [opt] = sent.additionals ?? [];
    assert.equal(opt?.type === "OPT" && opt.udpPayloadSize, 1232);
  });

  it("leaves EDNS out where it is not wanted", () => {
    assert.deepEqual(decode(encodeQuestion({ ...question, edns: false })).additionals, []);
  });
});

describe("a DNS answer", () => {
  const cases: readonly { title: string; bytes: Uint8Array; expected: unknown }[] = [
    {
      title: "gives its addresses, whatever the case of the names",
      bytes: message([a("WWW.example.COM", "192.0.2.1"), a("www.example.com", "192.0.2.2")], {
        name: "wWw.ExAmPlE.cOm",
      }),
      expected: { kind: "addresses", addresses: ["192.0.2.1", "192.0.2.2"] },
    },
    {
      title: "is followed along its aliases, in any order",
      bytes: message([
        a("c.example", "192.0.2.3"),
        alias("b.example", "c.example"),
        alias("www.example.com", "B.example"),
      ]),
      expected: { kind: "addresses", addresses: ["192.0.2.3"] },
    },
    {
      title: "that has addresses only for another name has none",
      bytes: message([a("evil.example", "192.0.2.66")]),
      expected: { kind: "addresses", addresses: [] },
    },
    {
      title: "whose aliases go in a circle has none",
      bytes: message([alias("www.example.com", "b.example"), alias("b.example", "www.example.com")]),
      expected: { kind: "addresses", addresses: [] },
    },
    {
      title: "with another id is ignored",
      bytes: message([a("www.example.com", "192.0.2.1")], { id: 1 }),
      expected: undefined,
    },
    { title: "to another question is ignored", bytes: message([], { name: "other.example" }), expected: undefined },
    { title: "that is a query is ignored", bytes: message([], { flags: 0x0100 }), expected: undefined },
    {
      title: "that says NXDOMAIN is told by name",
      bytes: message([], { flags: 0x8183 }),
      expected: { kind: "rcode", rcode: "NXDOMAIN" },
    },
    {
      title: "of an unknown code is told by number",
      bytes: message([], { flags: 0x818b }),
      expected: { kind: "rcode", rcode: "RCODE 11" },
    },
    {
      title: "may carry an error without the question",
      bytes: Buffer.from([0x12, 0x34, 0x81, 0x82, 0, 0, 0, 0, 0, 0, 0, 0]),
      expected: { kind: "rcode", rcode: "SERVFAIL" },
    },
    {
      title: "that was cut in the middle of a record is known as cut",
      bytes: message([a("www.example.com", "192.0.2.1")], { flags: 0x8380 }).subarray(0, 38),
      expected: { kind: "truncated" },
    },
    {
      title: "that ends within a record is malformed",
      bytes: message([a("www.example.com", "192.0.2.1")]).subarray(0, 38),
      expected: { kind: "failed", reason: "protocol", detail: "a malformed answer" },
    },
    {
      title: "longer than any honest one is not read",
      bytes: Buffer.concat([message([]), Buffer.alloc(mostAnswerBytes)]),
      expected: { kind: "failed", reason: "protocol", detail: "a malformed answer" },
    },
  ];
  for (const { title, bytes, expected } of cases)
    it(title, () => assert.deepEqual(readAnswer(bytes, question), expected));

  it("of random bytes never throws and never gives an address", () => {
    const start = Buffer.from([0x12, 0x34, 0x81, 0x80]);
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 600 }),
      fc.uint8Array({ maxLength: 600 }).map((rest) => Buffer.concat([start, rest])),
    );
    fc.assert(
      fc.property(bytes, (noise) => {
        const answer = readAnswer(noise, question);
        assert.ok(answer?.kind !== "addresses" || answer.addresses.length === 0);
      }),
    );
  });

  it("that was changed in transit never throws, and what it gives are addresses", () => {
    const whole = message([alias("www.example.com", "b.example"), a("b.example", "192.0.2.3")]);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, byte, length) => {
        const changed = Buffer.from(whole.subarray(0, length));
        if (at < changed.length) changed[at] = byte;
        const answer = readAnswer(changed, question);
        assert.ok(
          answer === undefined || answer.kind !== "addresses" || answer.addresses.every((one) => /^[\d.]+$/.test(one)),
        );
      }),
    );
  });
});

describe("a question about the resolver itself", () => {
  it("asks for its version in the class CHAOS, as RFC 4892 has it", () => {
    const [question] = decode(encodeSelfQuestion(4_711)).questions ?? [];
    assert.deepEqual(question, { name: "version.bind", type: "TXT", class: "CH" });
  });

  it("takes any answer with its number, and nothing else", () => {
    const answer = (id: number, flags: number, length = 12) => {
      const bytes = Buffer.alloc(Math.max(4, length));
      bytes.writeUInt16BE(id);
      bytes.writeUInt16BE(flags, 2);
      return bytes.subarray(0, length);
    };
    for (const rcode of [0, 1, 4, 5]) assert.equal(answersId(answer(4_711, 0x8180 | rcode), 4_711), true);
    assert.equal(answersId(answer(4_712, 0x8180), 4_711), false, "another number");
    assert.equal(answersId(answer(4_711, 0x0100), 4_711), false, "a question");
    assert.equal(answersId(answer(4_711, 0x8180, 11), 4_711), false, "too short");
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const isIt = answersId(bytes, 4_711);
        assert.ok(!isIt || (bytes.length >= 12 && bytes[0] === 18 && bytes[1] === 103));
      }),
    );
  });
});
