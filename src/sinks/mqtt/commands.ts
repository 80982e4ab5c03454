import * as z from "zod";
import { parseMac } from "../../lib/mac.ts";
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

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
