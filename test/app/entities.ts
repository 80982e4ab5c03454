import { configSchema } from "../../src/config/schema.ts";
import { hubRows } from "../../src/entities/hub.ts";
import { targetRows } from "../../src/entities/target.ts";
import { uniqueSlugs } from "../../src/lib/slug.ts";

const { site, targets } = configSchema.parse({});

/** The entity ids of a fresh installation: those that are enabled, of the hub and of the default targets. */
export const freshEntities: ReadonlySet<string> = new Set([
  ...idsOf("hub", hubRows),
  ...uniqueSlugs(targets.map(({ name }) => name)).flatMap((slug) => idsOf(`target_${slug}`, targetRows)),
]);

interface Row {
  readonly platform: string;
  readonly key: string;
  readonly enabled?: false;
}

function idsOf(subject: string, rows: readonly Row[]): readonly string[] {
  return rows
    .filter(({ enabled }) => enabled !== false)
    .map(({ platform, key }) => `${platform}.${site}_${subject}_${key}`);
}

/** Every text within plain data that has the form of an entity id, those within templates too. */
export function entityIdsIn(value: unknown): readonly string[] {
  if (typeof value === "string") {
    return value.match(/\b(?:binary_sensor|sensor|switch|button|event|device_tracker)\.[a-z0-9_]+/g) ?? [];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(entityIdsIn);
}
