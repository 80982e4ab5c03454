import { unmeasured } from "../check-state.ts";
import type { Facts } from "../facts.ts";
import { stateOf } from "../states.ts";
import type { Check } from "../types.ts";
import type { LayerName, Member } from "./layer.ts";

/** The members of each layer that is made of checks. */
export type Groups = ReadonlyMap<LayerName, readonly Member[]>;

/** Sorts the checks into layers; members that did not change stay the same objects, for a thousand targets are many. */
export function createGroups(): (facts: Facts) => Groups {
  let known: { readonly checks: Facts["checks"]; readonly resolvers: string } | undefined;
  let groups: Groups = new Map();
  let places: ReadonlyMap<LayerName, readonly number[]> = new Map();
  return (facts) => {
    const resolvers = (facts.link?.resolvers ?? []).join();
    if (known?.checks === facts.checks && known.resolvers === resolvers) {
      const renew = ([name, members]: readonly [LayerName, readonly Member[]]) =>
        [name, renewed(members, places.get(name) ?? [], facts)] as const;
      groups = new Map([...groups].map(renew));
      return groups;
    }
    known = { checks: facts.checks, resolvers };
    groups = sorted(facts);
    const placeOf = ({ check }: Member) => facts.states.places.get(check.id) ?? -1;
    places = new Map([...groups].map(([name, members]) => [name, members.map(placeOf)]));
    return groups;
  };
}

function sorted({ checks, states, link }: Facts): Groups {
  const resolvers = new Set(link?.resolvers ?? []);
  const groups = new Map<LayerName, Member[]>();
  for (const check of checks) {
    const member = { check, state: stateOf(states, check.id) ?? unmeasured };
    for (const name of groupsOf(check, resolvers)) {
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [member]);
      else group.push(member);
    }
  }
  return groups;
}

/** With each member's state of now; looking a thousand ids up in a map, ten times a second, would show. */
function renewed(members: readonly Member[], places: readonly number[], { states }: Facts): readonly Member[] {
  let copy: Member[] | undefined;
  for (let index = 0; index < members.length; index += 1) {
    const member = members[index];
    if (member === undefined) continue;
    const state = states.list[places[index] ?? -1] ?? unmeasured;
    if (state === member.state) continue;
    copy ??= members.slice();
    copy[index] = { check: member.check, state };
  }
  return copy ?? members;
}

function groupsOf(check: Check, resolvers: ReadonlySet<string>): LayerName[] {
  switch (check.role) {
    case "gateway":
      return [check.kind === "icmp" ? "gateway_icmp" : "gateway_tcp"];
    case "target":
      return [check.kind === "icmp" ? "targets_icmp" : "targets_tcp"];
    case "site":
      return ["http_by_name"];
    case "ip_site":
      return ["http_by_address"];
    case "portal":
      return ["portal"];
    case "modem":
      return ["modem"];
    case "mtu":
      return ["large_packets"];
    case "target6":
      return ["ipv6"];
    case "hop":
    case "path":
      return [];
    case "resolver":
      return check.kind === "dns" ? resolverGroups(check, resolvers) : [];
  }
}

function resolverGroups(check: Extract<Check, { kind: "dns" }>, resolvers: ReadonlySet<string>): LayerName[] {
  if (check.scope === "doh") return ["dns_doh"];
  const used = resolvers.has(check.server);
  const own: LayerName[] = used ? ["dns_system"] : [];
  if (check.scope === "gateway") return [...own, "dns_gateway"];
  return check.scope === "public" ? [...own, "dns_public"] : own;
}
