import * as z from "zod";
import type { Command } from "../../model/types.ts";

const longestPayload = 4_096;

const runTest = z.enum(["all", "gateway"]);
const onOff = z.enum(["ON", "OFF"]);

/** A command message as a command; an empty payload means the defaults. `undefined`: not ours, or not understood. */
export function parseCommand(name: string, payload: string): Command | undefined {
  if (payload.length > longestPayload) return undefined;
  const text = payload.trim();
  switch (name) {
    case "run_test": {
      const scope = runTest.safeParse(text === "" || text === "PRESS" ? "all" : text);
      return scope.success ? { name: "run_test", scope: scope.data } : undefined;
    }
    case "monitoring": {
      const state = onOff.safeParse(text === "" ? "ON" : text);
      return state.success ? { name: "monitoring", on: state.data === "ON" } : undefined;
    }
    default:
      return undefined;
  }
}
