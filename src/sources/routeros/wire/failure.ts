/**
 * Why there is no answer. `connect`: no connection, `cause` tells; `pin`: another certificate, `detail` is its fingerprint;
 * `closed`: the router ended the connection; `lost`: it broke; `fatal`: the router said why it ends it; `login`: the trap of
 * a login; `foreign`: another protocol, `detail` its name or ""; `malformed` and `too-large`: not what a router sends;
 * `aborted`: nobody wants the answer any more; `ended`: by us.
 */
export type WireFailureKind =
  | "connect"
  | "pin"
  | "closed"
  | "lost"
  | "fatal"
  | "login"
  | "foreign"
  | "malformed"
  | "too-large"
  | "timeout"
  | "aborted"
  | "ended";

/** What went wrong with a connection or a command. `detail` may be the router's own words: hostile until cleaned. */
export class WireFailure extends Error {
  override readonly name = "WireFailure";
  readonly kind: WireFailureKind;
  readonly detail: string;

  constructor(kind: WireFailureKind, detail: string, options?: ErrorOptions) {
    super(kind, options);
    this.kind = kind;
    this.detail = detail;
  }
}
