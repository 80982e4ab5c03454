import { verdicts } from "../../model/diagnosis/verdicts.ts";
import type { DomainEvent } from "../../model/view.ts";
import type { Update } from "../sink.ts";
import { wanDiagName } from "./file-names.ts";

/** What a file of diagnostics is written for, and its name. */
export interface WanDiagCause {
  readonly event: DomainEvent;
  readonly file: string;
}

/** A network that comes and goes must not fill the disk. */
const pauseMs = 60_000;
const statuses = ["LAN_DOWN", "WAN_DOWN"];

/** Says of each update whether a `wan_diag` file belongs to it. Who asks of the same updates gets the same names. */
export function createWanDiagCauses(): (update: Pick<Update, "view" | "events">) => WanDiagCause | undefined {
  let lastAt = Number.NEGATIVE_INFINITY;
  return ({ view: { at }, events }) => {
    const event = events.find((each) => each.event_type === "outage_started" && isOfLine(each));
    // A clock that was set back must not silence it.
    if (event === undefined || Math.abs(at - lastAt) < pauseMs) return undefined;
    lastAt = at;
    return { event, file: wanDiagName(at) };
  };
}

function isOfLine({ fields }: DomainEvent): boolean {
  const verdict = Object.entries(verdicts).find(([name]) => name === fields["verdict"])?.[1];
  return verdict?.status !== undefined && statuses.includes(verdict.status);
}
