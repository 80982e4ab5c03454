import type { DevicesView } from "../model/devices/view.ts";
import type { Plan, View } from "../model/view.ts";

/**
 * What `/api/state` and the `state` events carry: the view, without the list of checks that only the inputs need, and without
 * the devices: a thousand of them four times a second are too many. `devices_rev` tells when to ask for them anew.
 */
export interface StateBody extends Omit<View, "plan" | "network"> {
  readonly devices_rev: number;
  readonly network: Omit<DevicesView, "devices" | "unseen">;
  readonly version: string;
  readonly plan: Pick<Plan, "active" | "intervalMs" | "heartbeatMs">;
}

/** Makes the JSON of a view once, however many ask for it. */
export function stateWriter(version: string, revision: (network: DevicesView) => number): (view: View) => string {
  let last: { readonly view: View; readonly json: string } | undefined;
  return (view) => {
    if (last?.view !== view) last = { view, json: JSON.stringify(stateBody(view, version, revision(view.network))) };
    return last.json;
  };
}

/** The body of one view. */
export function stateBody(view: View, version: string, devicesRev: number): StateBody {
  const { active, intervalMs, heartbeatMs } = view.plan;
  const { devices: _devices, unseen: _unseen, ...network } = view.network;
  return { ...view, version, devices_rev: devicesRev, network, plan: { active, intervalMs, heartbeatMs } };
}
