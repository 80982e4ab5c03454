import { z } from "zod";
import type { HomeAssistantClient } from "../ha/client.ts";
import type { Line } from "./home-assistant-devices-expected.ts";

const updates = z.array(z.object({ entity_id: z.string(), last_updated: z.string() }));
const history = z.record(z.string(), z.array(z.unknown()));

/** What Home Assistant shows of a subject, in the form of the expected lines; entity ids that are not as agreed stand out. */
export async function linesOf(
  ha: HomeAssistantClient,
  subject: string,
  { slug }: { readonly slug: string },
): Promise<readonly Line[]> {
  const states = await ha.states();
  const prefix = `netwarden_home_${subject}_`;
  return [...(await ha.entities())]
    .filter(([uniqueId]) => uniqueId.startsWith(prefix))
    .map(([uniqueId, entity]) => {
      const key = uniqueId.slice(prefix.length);
      const state = states.get(entity.entity_id);
      const attribute = (name: string) => state?.attributes[name] ?? "-";
      const [platform = ""] = entity.entity_id.split(".");
      const asAgreed = entity.entity_id === `${platform}.home_${slug}_${key}`;
      const name = state?.attributes["friendly_name"] ?? entity.original_name;
      const now = state?.state ?? (entity.disabled_by === "integration" ? "disabled" : "missing");
      const traits = ["device_class", "unit_of_measurement", "state_class"].map(attribute).join(" ");
      const id = asAgreed ? key : `${key} (${entity.entity_id})`;
      return `${platform} ${id} "${name}" ${traits} ${entity.entity_category ?? "-"} = ${now}`;
    });
}

/** The states of these entities by id, with when each was last written. */
export async function lastUpdates(ha: HomeAssistantClient): Promise<ReadonlyMap<string, string>> {
  const rows = updates.parse(await ha.request("get_states"));
  return new Map(rows.map(({ entity_id, last_updated }) => [entity_id, last_updated]));
}

/** How many rows of these entities the recorder has written since then. */
export async function recordedRows(
  ha: HomeAssistantClient,
  since: Date,
  entityIds: readonly string[],
): Promise<number> {
  const answer = await ha.request("history/history_during_period", {
    start_time: since.toISOString(),
    entity_ids: entityIds,
    include_start_time_state: false,
    significant_changes_only: false,
    minimal_response: false,
  });
  return Object.values(history.parse(answer)).reduce((sum, rows) => sum + rows.length, 0);
}
