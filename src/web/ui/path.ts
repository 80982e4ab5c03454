import type { TargetView } from "../../model/view.ts";
import type { StateBody } from "../state.ts";
import { text } from "./text.ts";
import type { Tone } from "./tone.ts";

/** One piece of the way from this machine to the Internet. */
export interface PathPiece {
  readonly icon: "machine" | "router" | "provider" | "internet";
  readonly name: string;
  readonly tone: Tone;
  readonly details: readonly string[];
  readonly rttMs?: number | undefined;
}

/** The way out, nearest first. What nobody measured is unknown, unless what lies behind it answers. */
export function pathOf(state: StateBody): readonly PathPiece[] {
  return [machine(state), router(state), provider(state), internet(state)];
}

function machine({ link }: StateBody): PathPiece {
  const common = { icon: "machine", name: text.path.machine } as const;
  if (link === undefined) return { ...common, tone: "unknown", details: [] };
  const medium = link.medium === undefined ? undefined : text.path[link.medium];
  const details = [[link.interface, medium].filter((part) => part !== undefined).join(", ")];
  if (!link.carrier) return { ...common, tone: "bad", details: [...details, text.path.noCarrier] };
  if (link.addresses.length === 0) return { ...common, tone: "bad", details: [...details, text.path.noAddress] };
  return { ...common, tone: "ok", details: [...details, ...link.addresses.slice(0, 1)] };
}

function router({ gateway, gatewayIp, gatewayRttMs }: StateBody): PathPiece {
  return {
    icon: "router",
    name: text.path.router,
    tone: gateway === undefined ? "unknown" : gateway ? "ok" : "bad",
    details: gatewayIp === undefined ? [] : [gatewayIp],
    rttMs: gateway === false ? undefined : gatewayRttMs,
  };
}

function provider(state: StateBody): PathPiece {
  const common = { icon: "provider", name: text.path.provider } as const;
  const answering = state.hops.find((hop) => hop.reachable === true);
  if (answering !== undefined)
    return { ...common, tone: toneOfAll(state.hops), details: [answering.host], rttMs: answering.rttMs };
  if (state.targets.some((target) => target.reachable === true || target.tcp === true))
    return { ...common, tone: "ok", details: [text.path.inferred] };
  const { blame, severity, place } = state.verdict;
  const blamed = severity === "outage" && (blame === "isp" || blame === "modem" || blame === "account");
  return { ...common, tone: blamed ? "bad" : "unknown", details: blamed && place !== "" ? [place] : [] };
}

function internet({ targets, quality }: StateBody): PathPiece {
  const up = targets.filter((target) => target.reachable === true).length;
  const known = targets.filter((target) => target.reachable !== undefined).length;
  return {
    icon: "internet",
    name: text.path.internet,
    tone: toneOfAll(targets),
    details: known === 0 ? [] : [text.path.ofTargets(up, targets.length)],
    rttMs: quality.rttMs,
  };
}

function toneOfAll(targets: readonly TargetView[]): Tone {
  const known = targets.filter((target) => target.reachable !== undefined);
  const up = known.filter((target) => target.reachable === true);
  if (known.length === 0) return "unknown";
  if (up.length === 0) return "bad";
  return up.length < known.length ? "warn" : "ok";
}
