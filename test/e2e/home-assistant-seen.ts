import type { Entity, HomeAssistantClient, State } from "../ha/client.ts";
import { type Expected, hub, target } from "./home-assistant-expected.ts";

/** An entity as its user meets it; `state` is the pattern that it should match when it does. */
interface Shown {
  readonly entityId: string;
  readonly name: string | undefined;
  readonly category: string | undefined;
  readonly deviceClass: string | undefined;
  readonly unit: string | undefined;
  readonly stateClass: string | undefined;
  readonly options: readonly string[] | undefined;
  readonly state: string;
}

/** By unique id. */
export type Shows = Readonly<Record<string, Shown>>;

/** What Home Assistant should show of the hub and these targets while all is well. */
export function expected(targetNames: readonly string[]): Shows {
  const subjects = [
    { id: "hub", device: "Netwarden", rows: hub },
    ...targetNames.map((name) => ({ id: `target_${name.toLowerCase()}`, device: name, rows: target })),
  ];
  return Object.fromEntries(
    subjects.flatMap(({ id, device, rows }) =>
      rows.map((row) => [
        `netwarden_home_${id}_${row.key}`,
        shown(row, `${row.platform}.home_${id}_${row.key}`, device),
      ]),
    ),
  );
}

function shown(row: Expected, entityId: string, device: string): Shown {
  const off = row.state === "disabled";
  return {
    entityId,
    name: off ? row.name : `${device} ${row.name}`,
    category: row.category,
    deviceClass: off ? undefined : row.deviceClass,
    unit: off ? undefined : row.unit,
    stateClass: off ? undefined : row.stateClass,
    options: row.options,
    state: String(row.state),
  };
}

/** What Home Assistant shows of every entity of ours, its states compared with those that are wanted. */
export async function seen(ha: HomeAssistantClient, wanted: Shows): Promise<Shows> {
  const states = await ha.states();
  const rows = [...(await ha.entities())].filter(([id]) => id.startsWith("netwarden_"));
  return Object.fromEntries(
    rows.map(([id, entity]) => [id, shownNow(entity, states.get(entity.entity_id), wanted[id]?.state)]),
  );
}

function shownNow(entity: Entity, state: State | undefined, wanted: string | undefined): Shown {
  const attribute = (name: string) => state?.attributes[name] as string | undefined;
  const now = state?.state ?? (entity.disabled_by === "integration" ? "disabled" : "missing");
  const options = state?.attributes["options"];
  return {
    entityId: entity.entity_id,
    name: attribute("friendly_name") ?? entity.original_name ?? undefined,
    category: entity.entity_category ?? undefined,
    deviceClass: attribute("device_class"),
    unit: attribute("unit_of_measurement"),
    stateClass: attribute("state_class"),
    options: Array.isArray(options) ? options : undefined,
    state: wanted?.startsWith("/") === true && new RegExp(wanted.slice(1, -1)).test(now) ? wanted : now,
  };
}
