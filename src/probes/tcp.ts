import { connect, type LookupFunction } from "node:net";
import type { Clock } from "../lib/clock.ts";
import { type Deadline, untilAborted, withDeadline } from "../lib/deadline.ts";
import { errorCode, type NetworkFailure, networkFailure } from "../lib/network-error.ts";
import { createAddressBook, createResolve, lookupFrom, type ResolvedAddress } from "../lib/resolve.ts";
import type { Check, ProbeOutcome } from "../model/types.ts";
import type { Probe } from "./probe.ts";

type TcpCheck = Extract<Check, { kind: "tcp" }>;

/** Opens a connection and closes it at once. A host name's last addresses are kept: this measures the path, not DNS. */
export function createTcpProbe({
  clock,
  lookup,
}: {
  readonly clock: Clock;
  readonly lookup?: LookupFunction;
}): Probe<"tcp"> {
  const addressesOf = createAddressBook({ clock, resolve: createResolve(lookup) });
  return async (check, { timeoutMs, signal }) => {
    const { host, ports } = check;
    return await withDeadline({ clock, timeoutMs, signal }, async (deadline): Promise<ProbeOutcome> => {
      const addresses = await untilAborted(addressesOf(host), deadline.signal).catch(() => undefined);
      if (signal.aborted) return internal("stopped");
      if (addresses === undefined) return internal(`cannot resolve ${host}`);
      const startedAt = clock.monotonic();
      try {
        const { port, refused } = await firstAnswer({ check, addresses }, deadline.signal);
        const rttMs = clock.monotonic() - startedAt;
        return { ok: true, rttMs, detail: refused ? `port ${port} refused: alive` : `port ${port} accepted` };
      } catch (error) {
        return failed({ error, deadline, what: `${host} port ${ports.join(", ")}` });
      }
    });
  };
}

interface Attempt {
  readonly check: TcpCheck;
  readonly addresses: readonly ResolvedAddress[];
}

/** All ports at once; the first that answers decides, and no socket outlives it. Rejects with all errors together. */
async function firstAnswer({ check, addresses }: Attempt, signal: AbortSignal) {
  const others = new AbortController();
  const stop = () => others.abort();
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.any(check.ports.map((port) => answerOf({ check, addresses, port }, others.signal)));
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

function answerOf({ check, addresses, port }: Attempt & { readonly port: number }, signal: AbortSignal) {
  return new Promise<{ port: number; refused: boolean }>((resolve, reject) => {
    const socket = connect({
      host: check.host,
      port,
      signal,
      lookup: lookupFrom(async () => addresses),
      // The default of 250 ms gives up a good address on a slow line as soon as there is a second one.
      autoSelectFamilyAttemptTimeout: 1_000,
    });
    socket.once("connect", () => resolve({ port, refused: false }));
    // Not `once`: a second error of a socket that is being destroyed must not end the program.
    socket.on("error", (error) => {
      const failure = networkFailure(error);
      if (check.anyAnswer && (failure === "refused" || failure === "reset")) return resolve({ port, refused: true });
      reject(error);
    });
  });
}

function failed({ error, deadline, what }: { error: unknown; deadline: Deadline; what: string }): ProbeOutcome {
  if (deadline.expired()) return { ok: false, reason: "timeout", detail: `no answer from ${what}` };
  if (deadline.signal.aborted) return internal("stopped");
  const failure = networkFailure(error);
  if (failure === "local" || failure === "unresolved") return internal(`could not try ${what} (${errorCode(error)})`);
  return { ok: false, reason: failure, detail: `${what} ${said[failure]} (${errorCode(error)})` };
}

const said: Record<Exclude<NetworkFailure, "local" | "unresolved">, string> = {
  timeout: "gave no answer",
  refused: "refused",
  unreachable: "is unreachable",
  reset: "reset the connection",
  tls: "failed",
  protocol: "failed",
};

function internal(detail: string): ProbeOutcome {
  return { ok: false, reason: "internal", detail };
}
