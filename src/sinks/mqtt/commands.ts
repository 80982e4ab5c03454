import * as z from "zod";
import { isHostName } from "../../lib/host-name.ts";
import { parseMac } from "../../lib/mac.ts";
import { timeIn } from "../../lib/time-text.ts";
import type { Command } from "../../model/types.ts";

const longestPayload = 4_096;
const longestName = 100;
const mostMacs = 32;

const runTest = z.enum(["all", "gateway"]);
const onOff = z.enum(["ON", "OFF"]);

const mac = z
  .string()
  .max(64)
  .transform((text, context) => {
    const parsed = parseMac(text);
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: "custom", message: "must be a MAC address" });
    return z.NEVER;
  });

/** An empty name is none: a dashboard's empty field. */
const name = z
  .string()
  .trim()
  .max(longestName)
  .refine((text) => !/\p{Cc}/u.test(text), "must be one line without control characters")
  .transform((text) => (text === "" ? undefined : text))
  .optional();

const acknowledge = z.strictObject({ mac, name });
const ignore = z.strictObject({ mac });
const join = z.strictObject({ macs: z.array(mac).min(1).max(mostMacs), name });

const time = z.union([z.string(), z.int().nonnegative().transform(String)]).transform((text, context) => {
  const at = timeIn(text);
  if (at !== undefined) return at;
  context.addIssue({ code: "custom", message: "must be ISO 8601 or milliseconds since 1970" });
  return z.NEVER;
});
const trace = z.strictObject({ host: z.string().trim().refine(isHostName).optional() });
const nothing = z.strictObject({});
const analyze = z
  .strictObject({ from: time.optional(), to: time.optional() })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to);

/** A command message as a command; an empty payload means the defaults. `undefined`: not ours, or not understood. */
export function parseCommand(command: string, payload: string): Command | undefined {
  if (payload.length > longestPayload) return undefined;
  const text = payload.trim();
  switch (command) {
    case "run_test": {
      const scope = runTest.safeParse(text === "" || text === "PRESS" ? "all" : text);
      return scope.success ? { name: "run_test", scope: scope.data } : undefined;
    }
    case "monitoring": {
      const state = onOff.safeParse(text === "" ? "ON" : text);
      return state.success ? { name: "monitoring", on: state.data === "ON" } : undefined;
    }
    case "trace": {
      const { success, data } = trace.safeParse(jsonOrNothing(text));
      return success ? { name: "trace", ...(data.host === undefined ? {} : { host: data.host }) } : undefined;
    }
    case "discover_hops":
      return nothing.safeParse(jsonOrNothing(text)).success ? { name: "discover_hops" } : undefined;
    case "analyze": {
      const { success, data } = analyze.safeParse(jsonOrNothing(text));
      return success ? { name: "analyze", ...withoutAbsent(data) } : undefined;
    }
    case "acknowledge": {
      const { success, data } = acknowledge.safeParse(jsonOf(text));
      return success ? { name: "acknowledge", mac: data.mac, ...named(data.name) } : undefined;
    }
    case "ignore": {
      const { success, data } = ignore.safeParse(jsonOf(text));
      return success ? { name: "ignore", mac: data.mac } : undefined;
    }
    case "join": {
      const { success, data } = join.safeParse(jsonOf(text));
      return success ? { name: "join", macs: [...new Set(data.macs)], ...named(data.name) } : undefined;
    }
    default:
      return undefined;
  }
}

function named(deviceName: string | undefined): { readonly deviceName?: string } {
  return deviceName === undefined ? {} : { deviceName };
}

function withoutAbsent({ from, to }: z.infer<typeof analyze>) {
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/** A button of Home Assistant sends `PRESS`, a script that wants the defaults nothing. */
function jsonOrNothing(text: string): unknown {
  return text === "" || text === "PRESS" ? {} : jsonOf(text);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
