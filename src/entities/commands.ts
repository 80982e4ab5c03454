import * as z from "zod";
import { isHostName } from "../lib/host-name.ts";
import { parseMac } from "../lib/mac.ts";
import { timeIn } from "../lib/time-text.ts";
import type { Command } from "../model/types.ts";

/** What a body was understood as, or why it was not: for the one who sent it. */
export type ParsedCommand =
  | { readonly ok: true; readonly value: Command }
  | { readonly ok: false; readonly error: string };

const mac = z
  .string()
  .max(64)
  .transform((text, context) => {
    const parsed = parseMac(text);
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: "custom", message: "is no MAC address" });
    return z.NEVER;
  });

/** One line: names become parts of messages and log lines. An empty one is none: a dashboard's empty field. */
const deviceName = z
  .string()
  .trim()
  .max(64)
  .regex(/^\P{Cc}*$/u, "must be one line")
  .transform((text) => (text === "" ? undefined : text))
  .optional();

const time = z.union([z.string().max(40), z.int().nonnegative().transform(String)]).transform((text, context) => {
  const at = timeIn(text);
  if (at !== undefined) return at;
  context.addIssue({ code: "custom", message: "is neither ISO 8601 nor milliseconds since 1970" });
  return z.NEVER;
});

const scope = z.enum(["all", "gateway"]);
const host = z.string().trim().refine(isHostName, "is neither an address nor a host name");

/** Each command and its body. `{}` asks for the defaults. */
const bodies: { readonly [N in Command["name"]]: z.ZodType<Extract<Command, { name: N }>> } = {
  run_test: z
    .union([scope.transform((given) => ({ scope: given })), z.strictObject({ scope: scope.default("all") })])
    .transform((given) => ({ name: "run_test" as const, ...given })),
  monitoring: z
    .union([
      z.enum(["ON", "OFF"]).transform((state) => ({ on: state === "ON" })),
      z.strictObject({ on: z.boolean().default(true) }),
    ])
    .transform(({ on }) => ({ name: "monitoring" as const, on })),
  trace: z
    .strictObject({ host: host.optional() })
    .transform((given) => ({ name: "trace" as const, ...(given.host === undefined ? {} : { host: given.host }) })),
  discover_hops: z.strictObject({}).transform(() => ({ name: "discover_hops" as const })),
  analyze: z
    .strictObject({ from: time.optional(), to: time.optional() })
    .refine(({ from, to }) => from === undefined || to === undefined || from < to, "from must be before to")
    .transform(({ from, to }) => ({
      name: "analyze" as const,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    })),
  acknowledge: z
    .strictObject({ mac, name: deviceName })
    .transform((given) => ({ name: "acknowledge" as const, mac: given.mac, ...named(given.name) })),
  ignore: z.strictObject({ mac }).transform((given) => ({ name: "ignore" as const, mac: given.mac })),
  join: z
    .strictObject({ macs: z.array(mac).min(1).max(50), name: deviceName })
    .transform(({ macs, name }) => ({ name: "join" as const, macs: [...new Set(macs)], ...named(name) })),
};

/** The names that topics and paths end with. */
export const commandNames = Object.keys(bodies) as readonly Command["name"][];

/** A command from whatever was sent; `undefined`: there is none of that name. */
export function commandOf(name: string, body: unknown): ParsedCommand | undefined {
  if (!isCommandName(name)) return undefined;
  const result: z.ZodSafeParseResult<Command> = bodies[name].safeParse(body);
  if (result.success) return { ok: true, value: result.data };
  const reasons = result.error.issues.map((issue) => [...issue.path, issue.message].join(" "));
  return { ok: false, error: reasons.slice(0, 5).join("; ") };
}

function isCommandName(name: string): name is Command["name"] {
  return Object.hasOwn(bodies, name);
}

function named(name: string | undefined): { readonly deviceName?: string } {
  return name === undefined ? {} : { deviceName: name };
}
