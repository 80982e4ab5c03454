import type { Timestamp } from "../../lib/clock.ts";
import type { Mac } from "../../lib/mac.ts";
import type { Command } from "../types.ts";
import { type Draft, deviceOf, remove } from "./draft.ts";
import { groupOf, regroup } from "./groups.ts";
import { bestName, createKnown } from "./names.ts";
import type { Decisions } from "./network.ts";

type Decision<N extends Command["name"]> = Extract<Command, { name: N }>;

/** The oldest decisions go beyond this: a flood of commands must not fill the memory. */
const mostDecisions = 20_000;

/** Does what the user decided about devices; commands about anything else change nothing. */
export function decide(draft: Draft, command: Command, at: Timestamp): void {
  switch (command.name) {
    case "acknowledge":
      acknowledge(draft, command);
      return;
    case "ignore":
      ignore(draft, command);
      return;
    case "join":
      join(draft, command, at);
      return;
    case "run_test":
    case "monitoring":
    case "trace":
    case "analyze":
    case "discover_hops":
      return;
  }
}

function acknowledge(draft: Draft, command: Decision<"acknowledge">): void {
  const { decisions } = draft.rest;
  const device = deviceOf(draft, command.mac);
  const mac = device?.mac ?? command.mac;
  const name = command.deviceName ?? decisions.known[mac]?.name;
  const group = groupOf(draft, command.mac);
  const ignored = Object.fromEntries(Object.entries(decisions.ignored).filter(([each]) => !group.includes(each)));
  const known = bounded({ ...decisions.known, [mac]: name === undefined ? {} : { name } });
  put(draft, { ...decisions, ignored, known });
}

function ignore(draft: Draft, { mac }: Decision<"ignore">): void {
  const { decisions } = draft.rest;
  const device = deviceOf(draft, mac);
  const name = device === undefined ? mac : bestName(device, draft.known(device.macs)).name;
  const macs = device?.macs ?? [mac];
  const ignored = { ...decisions.ignored, ...Object.fromEntries(macs.map((each) => [each, name])) };
  put(draft, { ...decisions, ignored: bounded(ignored) });
  remove(draft, mac);
}

function join(draft: Draft, command: Decision<"join">, at: Timestamp): void {
  const { decisions } = draft.rest;
  const macs = [...new Set(command.macs)];
  const name = command.deviceName;
  const others = decisions.joins
    .map((each) => ({ ...each, macs: each.macs.filter((mac) => !macs.includes(mac)) }))
    .filter((each) => each.macs.length > 0);
  const joins = [...others, { macs, ...(name === undefined ? {} : { name }) }].slice(-mostDecisions);
  put(draft, { ...decisions, joins });
  regroup(draft, macs, at);
}

function put(draft: Draft, decisions: Decisions): void {
  draft.rest = { ...draft.rest, decisions };
  draft.known = createKnown(draft.settings, decisions);
}

function bounded<T>(decisions: Readonly<Record<Mac, T>>): Readonly<Record<Mac, T>> {
  const all = Object.entries(decisions);
  return all.length <= mostDecisions ? decisions : Object.fromEntries(all.slice(-mostDecisions));
}
