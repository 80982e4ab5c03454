import { z } from "zod";
import { watching } from "./clients.ts";
import { reporting } from "./outputs.ts";
import { reading } from "./routers.ts";
import { measuring } from "./targets.ts";
import { between, identifier, ipAddressOr } from "./values.ts";

/** Every key of the configuration, with its default, its limits and its description. */
export const configSchema = z.strictObject({
  site: identifier
    .default("home")
    .describe("Name of this installation, part of topics and unique ids: a-z, 0-9 and _."),
  gateway: ipAddressOr("auto").default("auto").describe("Address of the router; auto: from the routing table."),
  modem: ipAddressOr("auto", "none")
    .default("auto")
    .describe("Address of the modem behind the router; auto: the usual one where it answers; none: there is none."),
  line: z
    .strictObject({
      down_mbps: between(0, 1_000_000).default(0).describe("Mbit/s down that are paid for; 0: not known."),
      up_mbps: between(0, 1_000_000).default(0).describe("Mbit/s up that are paid for; 0: not known."),
    })
    .prefault({})
    .describe("The Internet line."),
  ...measuring,
  ...reading,
  ...watching,
  ...reporting,
  experimental: z.boolean().default(false).describe("Use parts that are not finished."),
  log_level: z.enum(["debug", "info", "warn", "error"]).default("info").describe("What the program's own log shows."),
});

/** The configuration with every default filled in. */
export type Config = Immutable<z.output<typeof configSchema>>;

type Immutable<T> = T extends object ? { readonly [Key in keyof T]: Immutable<T[Key]> } : T;

/** One node of the schema as JSON Schema: what is needed to walk it. */
export interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  /** The value is a secret. */
  readonly writeOnly?: boolean;
  /** A value as someone could have it, for a key whose default shows nothing. */
  readonly example?: unknown;
}

/** The schema of a configuration file as JSON Schema (draft 2020-12). */
export function configJsonSchema(): SchemaNode {
  return z.toJSONSchema(configSchema, { io: "input" }) as SchemaNode;
}
