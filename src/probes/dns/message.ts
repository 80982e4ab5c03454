import { decode, encode } from "dns-packet";
import type { ProbeFailure } from "../../model/types.ts";

/** One question to a resolver. `edns` is left out for old forwarders that choke on it. */
export interface Question {
  readonly id: number;
  readonly hostname: string;
  readonly type: "A" | "AAAA";
  readonly edns: boolean;
}

/** What a resolver said. `addresses` is empty when the name exists without any. */
export type Answer =
  | { readonly kind: "addresses"; readonly addresses: readonly string[] }
  | { readonly kind: "rcode"; readonly rcode: string }
  | { readonly kind: "truncated" }
  | { readonly kind: "failed"; readonly reason: ProbeFailure; readonly detail: string };

/** No honest answer is longer. It also bounds what a hostile one can cost to read: names are chains of pointers. */
export const mostAnswerBytes = 8_192;

const headerBytes = 12;
const longestChain = 16;
const malformed: Answer = { kind: "failed", reason: "protocol", detail: "a malformed answer" };

/** The question as it goes over the wire, recursion desired, ready for 1232-byte answers (RFC 6891). */
export function encodeQuestion({ id, hostname, type, edns }: Question): Buffer {
  const opt = { type: "OPT", name: ".", udpPayloadSize: 1232, extendedRcode: 0, ednsVersion: 0, flags: 0 } as const;
  return encode({
    type: "query",
    id,
    flags: 0x0100,
    questions: [{ name: hostname, type }],
    additionals: edns ? [{ ...opt, flag_do: false, options: [] }] : [],
  });
}

/**
 * A question about the resolver itself, its version in the class CHAOS (RFC 4892): it needs nobody else for the answer. Many refuse
 * it, which is an answer too.
 */
export function encodeSelfQuestion(id: number): Buffer {
  return encode({ type: "query", id, flags: 0x0100, questions: [{ name: "version.bind", type: "TXT", class: "CH" }] });
}

/** Whether a message is an answer to the question with this number, whatever it says. */
export function answersId(bytes: Uint8Array, id: number): boolean {
  const [high = 0, low = 0, flags = 0] = bytes;
  return bytes.length >= headerBytes && high * 256 + low === id && (flags & 0x80) !== 0;
}

/** Reads a message; `undefined` when it doesn't answer `question` (another id, another name, a query): it is to be ignored. */
export function readAnswer(bytes: Uint8Array, question: Question): Answer | undefined {
  const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (message.length < headerBytes || message.readUInt16BE(0) !== question.id) return undefined;
  const flags = message.readUInt16BE(2);
  if ((flags & 0x8000) === 0) return undefined;
  if ((flags & 0x7800) !== 0 || message.length > mostAnswerBytes) return malformed;
  const rcode = flags & 0x000f;
  // An error may come without the question, and a cut message can't be read to its end.
  if (rcode !== 0 && message.readUInt16BE(4) === 0) return { kind: "rcode", rcode: rcodeName(rcode) };
  if ((flags & 0x0200) !== 0) return { kind: "truncated" };
  try {
    const { questions = [], answers = [] } = decode(message);
    // A record that ends behind the message is read without a complaint, as bytes that are "undefined".
    if (decode.bytes > message.length) return malformed;
    const [asked] = questions;
    if (asked === undefined || questions.length !== 1) return malformed;
    if (asked.type !== question.type || !sameName(asked.name, question.hostname)) return undefined;
    if (rcode !== 0) return { kind: "rcode", rcode: rcodeName(rcode) };
    return { kind: "addresses", addresses: addressesOf(question.hostname, answers) };
  } catch {
    return malformed;
  }
}

type Answers = NonNullable<ReturnType<typeof decode>["answers"]>;

/** The addresses at the end of the chain of aliases that begins with `hostname`. */
function addressesOf(hostname: string, answers: Answers): string[] {
  let name = hostname;
  for (let step = 0; step < longestChain; step += 1) {
    const own = answers.filter((answer) => sameName(answer.name, name));
    const addresses = own.flatMap((answer) => (answer.type === "A" || answer.type === "AAAA" ? [answer.data] : []));
    if (addresses.length > 0) return addresses;
    const alias = own.find((answer) => answer.type === "CNAME");
    if (alias?.type !== "CNAME") return [];
    name = alias.data;
  }
  return [];
}

function sameName(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

const rcodeNames = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"];

function rcodeName(rcode: number): string {
  return rcodeNames[rcode] ?? `RCODE ${rcode}`;
}
