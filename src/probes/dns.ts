import { randomInt } from "node:crypto";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { domainToASCII } from "node:url";
import type { Clock } from "../lib/clock.ts";
import { type Deadline, type Limits, withDeadline } from "../lib/deadline.ts";
import { createHttpClient, type HttpClient } from "../lib/http.ts";
import { errorCode, networkFailure } from "../lib/network-error.ts";
import { createAddressBook, createResolve, lookupFrom } from "../lib/resolve.ts";
import type { ProbeFailure, ProbeOutcome } from "../model/types.ts";
import { askByHttps } from "./dns/https.ts";
import type { Answer, Question } from "./dns/message.ts";
import { askByTcp } from "./dns/tcp.ts";
import { askByUdp, type ServerAddress } from "./dns/udp.ts";
import type { Probe } from "./probe.ts";

/**
 * Asks one resolver for the addresses of a name: by UDP, by TCP when the answer was cut, or by HTTPS. A name that begins with `*.`
 * stands for one below it that does not exist, another each time: there it is right to have no address, and "mismatch" is a
 * resolver that makes one up.
 */
export function createDnsProbe({
  clock,
  lookup,
  ca,
}: {
  readonly clock: Clock;
  /** For the name of a resolver by HTTPS. */
  readonly lookup?: LookupFunction;
  /** PEM of the only authorities to trust for HTTPS; default: the system's. */
  readonly ca?: string;
}): Probe<"dns"> {
  const client = createHttpClient({
    keepAlive: false,
    maxRedirects: 0,
    cookies: "ignore",
    tls: ca === undefined ? { mode: "verify" } : { mode: "verify", ca },
    // Its own name once known must not depend on the resolvers that it is there to be compared with.
    lookup: lookupFrom(createAddressBook({ clock, resolve: createResolve(lookup) })),
  });
  const unusable = unusableAddresses();
  return async ({ server, hostname }, { timeoutMs, signal }) => {
    const invents = hostname.startsWith("*.");
    const name = domainToASCII(invents ? madeUp(hostname) : hostname).replace(/\.$/, "");
    if (!isHostName(name)) return fail("internal", "not a host name to ask for");
    const asker = askerFor(server, client);
    if (asker === undefined) return fail("internal", "not the address of a resolver");
    return await withDeadline({ clock, timeoutMs, signal }, async (deadline): Promise<ProbeOutcome> => {
      const startedAt = clock.monotonic();
      try {
        const answer = await resolve(
          (question) => asker(question, { clock, timeoutMs, signal: deadline.signal }),
          name,
        );
        if (deadline.signal.aborted && !deadline.expired()) return fail("internal", "stopped");
        const heard = { answer, hostname: name, rttMs: clock.monotonic() - startedAt, unusable };
        return invents ? judgeMadeUp(heard) : judge(heard);
      } catch (error) {
        return judgeError(error, deadline);
      }
    });
  };
}

/** More tell nothing, and come from a hostile resolver only. */
const mostAnswers = 16;

type Ask = (question: Question) => Promise<Answer>;

/** The addresses of `hostname`: IPv4 first, and IPv6 for a name that has nothing else. */
async function resolve(ask: Ask, hostname: string): Promise<Answer> {
  const answer = await askTolerantly(ask, { hostname, type: "A" });
  const none = answer.kind === "addresses" && answer.addresses.length === 0;
  return none ? await askTolerantly(ask, { hostname, type: "AAAA" }) : answer;
}

/** Old forwarders answer FORMERR or NOTIMP to EDNS: they are asked again in the old way. */
async function askTolerantly(ask: Ask, about: Pick<Question, "hostname" | "type">): Promise<Answer> {
  const answer = await ask({ ...about, id: randomInt(65_536), edns: true });
  const choked = answer.kind === "rcode" && (answer.rcode === "FORMERR" || answer.rcode === "NOTIMP");
  return choked ? await ask({ ...about, id: randomInt(65_536), edns: false }) : answer;
}

function askerFor(server: string, client: HttpClient): ((q: Question, limits: Limits) => Promise<Answer>) | undefined {
  if (/^https:\/\//i.test(server)) {
    return URL.canParse(server)
      ? (question, limits) => askByHttps({ url: server, client }, question, limits)
      : undefined;
  }
  const at = serverAddress(server);
  if (at === undefined) return undefined;
  return async (question, limits) => {
    const answer = await askByUdp(at, question, limits);
    return answer.kind === "truncated" ? await askByTcp(at, question, limits.signal) : answer;
  };
}

/** `192.0.2.1`, `192.0.2.1:5353`, `2001:db8::1` or `[2001:db8::1]:5353`. */
function serverAddress(server: string): ServerAddress | undefined {
  if (isIP(server) !== 0) return { address: server, port: 53 };
  const {
    address,
    v6,
    port = "53",
  } = /^(?:\[(?<v6>[^\]]+)\]|(?<address>[^:]+))(?::(?<port>\d{1,5}))?$/.exec(server)?.groups ?? {};
  const found = { address: v6 ?? address ?? "", port: Number(port) };
  return isIP(found.address) === 0 || found.port < 1 || found.port > 65_535 ? undefined : found;
}

interface Heard {
  readonly answer: Answer;
  readonly hostname: string;
  readonly rttMs: number;
  readonly unusable: BlockList;
}

function judge({ answer, hostname, rttMs, unusable }: Heard): ProbeOutcome {
  switch (answer.kind) {
    case "failed":
      return fail(answer.reason, answer.detail);
    case "rcode":
      return fail("rcode", `${answer.rcode} for ${hostname}`);
    case "truncated":
      return fail("protocol", "a cut answer");
    case "addresses": {
      const { addresses } = answer;
      if (addresses.length === 0) return fail("rcode", `an empty answer for ${hostname}`);
      const usable = addresses.filter((address) => !unusable.check(address, isIP(address) === 6 ? "ipv6" : "ipv4"));
      const list = (usable.length > 0 ? usable : addresses).slice(0, 4).join(", ");
      if (usable.length === 0) return fail("mismatch", `${list} for ${hostname}: no usable address`);
      return { ok: true, rttMs, detail: list, answers: addresses.toSorted().slice(0, mostAnswers) };
    }
  }
}

/** No address, however it is said, is the truth. */
function judgeMadeUp(heard: Heard): ProbeOutcome {
  const { answer, hostname, rttMs } = heard;
  if (answer.kind === "rcode" && answer.rcode === "NXDOMAIN") return { ok: true, rttMs, detail: answer.rcode };
  if (answer.kind !== "addresses") return judge(heard);
  const list = answer.addresses.slice(0, 4).join(", ");
  return list === ""
    ? { ok: true, rttMs, detail: "no address" }
    : fail("mismatch", `${list} for ${hostname}, which does not exist`);
}

/** The label is another each time, so that no cache and no list of known test names answers. */
function madeUp(hostname: string): string {
  return `nw${randomInt(2 ** 40).toString(36)}${hostname.slice(1)}`;
}

function judgeError(error: unknown, deadline: Deadline): ProbeOutcome {
  if (deadline.expired()) return fail("timeout", "no answer in time");
  if (deadline.signal.aborted) return fail("internal", "stopped");
  const failure = networkFailure(error);
  if (failure === "local" || failure === "unresolved") return fail("internal", `could not ask (${errorCode(error)})`);
  return fail(failure, `${failure} (${errorCode(error)})`);
}

/** What no public name stands for: a filter or a hijack says so. */
function unusableAddresses(): BlockList {
  const list = new BlockList();
  list.addSubnet("0.0.0.0", 8, "ipv4");
  list.addSubnet("127.0.0.0", 8, "ipv4");
  list.addAddress("::", "ipv6");
  list.addAddress("::1", "ipv6");
  return list;
}

function isHostName(name: string): boolean {
  return name.length > 0 && name.length <= 253 && name.split(".").every((label) => /^[a-z0-9_-]{1,63}$/i.test(label));
}

function fail(reason: ProbeFailure, detail: string): ProbeOutcome {
  return { ok: false, reason, detail };
}
