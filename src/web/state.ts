import { isoTime } from "../lib/clock.ts";
import type { DomainEvent, Plan, View } from "../model/view.ts";

/** What `/api/state` and the `state` events carry: the view, without the list of checks that only the inputs need. */
export interface StateBody extends Omit<View, "plan"> {
  readonly version: string;
  readonly plan: Pick<Plan, "active" | "intervalMs" | "heartbeatMs">;
}

/** Makes the JSON of a view once, however many ask for it. */
export function stateWriter(version: string): (view: View) => string {
  let last: { readonly view: View; readonly json: string } | undefined;
  return (view) => {
    if (last?.view !== view) last = { view, json: JSON.stringify(stateBody(view, version)) };
    return last.json;
  };
}

/** An event as automations get it: flat, the time with its offset. */
export function eventJson(event: DomainEvent): string {
  return JSON.stringify({ ...event.fields, event_type: event.event_type, at: isoTime(event.at), text: event.text });
}

function stateBody(view: View, version: string): StateBody {
  const { active, intervalMs, heartbeatMs } = view.plan;
  return { ...view, version, plan: { active, intervalMs, heartbeatMs } };
}
