import { type HostPort, joinHostPort } from "../../lib/host-port.ts";
import { errorCode, networkFailure } from "../../lib/network-error.ts";
import { SourceError } from "../source.ts";
import { WireFailure } from "./wire/failure.ts";
import type { RouterosTls } from "./wire/socket.ts";

/** What the router is asked for while it fails: a connection, the TLS handshake, the login, or a menu. */
export type Stage = "connect" | "tls" | "login" | "print";

export interface Where extends HostPort {
  readonly name: string;
  readonly tls: RouterosTls;
  /** Never to be repeated, also when the router does. */
  readonly password: string;
}

/** What a failure means and what to do about it, for people. An error that is no `WireFailure` is a bug and goes on as it is. */
export function sourceError(error: unknown, { where, stage }: { where: Where; stage: Stage }): unknown {
  if (!(error instanceof WireFailure)) return error;
  const [code, text] = meaningOf(error, where, stage);
  // The failure itself may hold the router's words as they came.
  return new SourceError(code, `${where.name} (${joinHostPort(where)}) ${text}`, { cause: error.cause });
}

/** The router's own words, short and harmless: one line, without the password. */
export function routersWords(text: string, { password }: { readonly password: string }): string {
  if (password !== "" && text.includes(password)) return "(not shown: it repeats the password)";
  const plain = text.replaceAll(/[\p{C}\p{Z}]+/gu, " ").trim();
  return `"${plain.length > 120 ? `${plain.slice(0, 120)}…` : plain}"`;
}

type Meaning = readonly [code: SourceError["code"], text: string];

function meaningOf(failure: WireFailure, where: Where, stage: Stage): Meaning {
  const { kind, detail } = failure;
  switch (kind) {
    case "connect":
      return stage === "tls" ? handshakeBroke(failure, where) : noConnection(failure, where);
    case "pin":
      return ["tls", otherCertificate(detail)];
    case "closed":
    case "lost":
      return brokenOff(stage);
    case "fatal":
    case "login":
      return refusal(routersWords(detail, where), { kind, detail, stage });
    case "foreign":
      return foreign(detail, where);
    case "malformed":
      return ["protocol", "sends what is no answer of RouterOS's API: check the port"];
    case "too-large":
      return ["protocol", "sends an answer larger than any that a router has reason to give: it was cut off"];
    case "timeout":
      return tooLate(where, stage);
    case "aborted":
      return ["timeout", "was given up before it had answered"];
    case "ended":
      return ["unreachable", "is not asked any more: the connection was closed here"];
  }
}

function noConnection(failure: WireFailure, where: Where): Meaning {
  const code = errorCode(failure.cause);
  switch (networkFailure(failure.cause)) {
    case "refused":
      return [
        "refused",
        `refuses connections: switch on its service ${serviceOf(where)} (/ip service), or check the port`,
      ];
    case "unresolved":
      return ["unreachable", `has a name without an address (${code}): check the name, or give the IP address`];
    case "timeout":
      return tooLate(where, "connect");
    default:
      return ["unreachable", `can't be reached (${code}): check that it is on, and its address`];
  }
}

function handshakeBroke(failure: WireFailure, where: Where): Meaning {
  const code = errorCode(failure.cause);
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNEXPECTED_MESSAGE/.test(code))
    return ["tls", "does not speak TLS on this port: that of api-ssl is usually 8729; for the plain API set tls: off"];
  if (/HANDSHAKE_FAILURE|NO_CIPHER|NO_SHARED_CIPHER|INSUFFICIENT_SECURITY/.test(code))
    return where.tls === "anonymous"
      ? ["tls", "offers no TLS without a certificate: set tls: pin and the fingerprint of its certificate"]
      : [
          "tls",
          "has no certificate for api-ssl: give it one (/ip service set api-ssl certificate=…), or set tls: anonymous",
        ];
  if (networkFailure(failure.cause) === "reset") return brokenOff("tls");
  if (/SELF_SIGNED|UNABLE_TO|ALTNAME|MISMATCH|EXPIRED|NOT_YET_VALID|CERT/.test(code))
    return [
      "tls",
      `has a certificate that is not valid here (${code}): set tls: pin and its fingerprint, or correct it`,
    ];
  return ["tls", `can't agree on TLS (${code}): check its certificate and the setting tls-version of api-ssl`];
}

function otherCertificate(found: string): string {
  if (found === "")
    return "shows no certificate, but a fingerprint is to be compared: set tls: anonymous, or give it one";
  return `has another certificate than the pinned one. If that is right, set fingerprint: "${found}"`;
}

function brokenOff(stage: Stage): Meaning {
  switch (stage) {
    case "connect":
    case "login":
      return [
        "unreachable",
        "closes the connection before the login: is this address among the service's allowed ones (/ip service)?",
      ];
    case "tls":
      return [
        "tls",
        "breaks off the TLS handshake: check that the port is that of api-ssl (usually 8729), and that it has a certificate",
      ];
    case "print":
      return ["unreachable", "broke off the connection: it may be restarting"];
  }
}

/** What a login is refused with, by what clients of several kinds look for; `(6)` and the like differ with the release. */
const refusedLogin = /invalid user|user name or password|cannot log ?in|not allowed|permission|not permitted/i;

function refusal(
  words: string,
  { kind, detail, stage }: { kind: "fatal" | "login"; detail: string; stage: Stage },
): Meaning {
  if (stage === "login" && refusedLogin.test(detail))
    return [
      "auth",
      `refuses the login with ${words}: check user name and password, and that the user's group may "read" and "api"`,
    ];
  if (kind === "login") return ["protocol", `answers the login with ${words}`];
  return ["refused", `ended the connection with ${words}`];
}

function foreign(protocol: string, where: Where): Meaning {
  if (protocol === "TLS")
    return ["tls", "wants TLS on this port: set tls: pin (or verify), or use the port of the plain API, usually 8728"];
  const spoken = protocol === "" ? "something else" : protocol;
  return [
    "protocol",
    `speaks ${spoken} on this port: that of its service ${serviceOf(where)} is usually ${usualPort(where)}`,
  ];
}

function tooLate(where: Where, stage: Stage): Meaning {
  switch (stage) {
    case "connect":
      return ["timeout", "does not answer: check that it is on, and that its firewall lets this machine in"];
    case "tls":
      return [
        "timeout",
        "takes the connection but does not answer in TLS: it hangs, or the port is that of the plain API",
      ];
    case "login":
      return [
        "timeout",
        `takes the connection but does not answer: it hangs, or the port is not that of ${serviceOf(where)}`,
      ];
    case "print":
      return ["timeout", "stopped answering: it is overloaded, or the line to it is cut"];
  }
}

function serviceOf({ tls }: Where): string {
  return tls === "off" ? "api" : "api-ssl";
}

function usualPort({ tls }: Where): number {
  return tls === "off" ? 8728 : 8729;
}
