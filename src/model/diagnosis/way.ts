import type { Timestamp } from "../../lib/clock.ts";
import { unmeasured } from "../check-state.ts";
import type { Facts } from "../facts.ts";
import { stateOf } from "../states.ts";
import { absent, type Layer, type Member } from "./layer.ts";

/**
 * How far the provider's network is reached: `access` is its nearest router, `core` its farthest one. Only routers that have
 * answered ping before count: many never do.
 */
export function wayLayers(facts: Facts, horizon: Timestamp): { readonly access: Layer; readonly core: Layer } {
  const members = facts.checks.flatMap((check): Member[] => {
    if (check.role !== "path") return [];
    const state = stateOf(facts.states, check.id) ?? unmeasured;
    return state.lastOkAt > 0 ? [{ check, state }] : [];
  });
  const [nearest, ...others] = members;
  const farthest = others.at(-1);
  if (nearest === undefined) return { access: absent, core: absent };
  const beyond = others.filter(
    ({ state }) => isFresh(state.status, state.measuredAt, horizon) && state.status === "ok",
  );
  const access = one(nearest, horizon);
  // Who is reached beyond it has passed it: then it only ignores us.
  const passed = access.status !== "ok" && beyond[0] !== undefined;
  return {
    access: passed
      ? { ...one(beyond[0] as Member, horizon), detail: `passed on the way to ${beyond[0]?.check.name}` }
      : access,
    core: farthest === undefined ? absent : one(farthest, horizon),
  };
}

function isFresh(status: string, measuredAt: Timestamp, horizon: Timestamp): boolean {
  return status !== "unknown" && measuredAt >= horizon;
}

function one(member: Member, horizon: Timestamp): Layer {
  const { check, state } = member;
  const fresh = isFresh(state.status, state.measuredAt, horizon);
  const status = fresh ? state.status : "unknown";
  return {
    status,
    since: status === "ok" ? state.okSince : state.lostSince,
    measuredAt: state.measuredAt,
    detail: `${check.name} ${status === "ok" ? "answers" : status === "bad" ? "no longer answers" : "is being asked"}`,
    members: [member],
    failing: status === "bad" ? [member] : [],
    suspects: status === "suspect" ? [member] : [],
  };
}
