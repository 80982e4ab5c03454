import { commandOf } from "../../entities/commands.ts";
import type { Command } from "../../model/types.ts";

const longestPayload = 4_096;

/**
 * A command message as a command: JSON, or a word such as `ON`. A button of Home Assistant sends `PRESS`, a script that wants
 * the defaults nothing. `undefined`: not ours, or not understood.
 */
export function parseCommand(name: string, payload: string): Command | undefined {
  if (payload.length > longestPayload) return undefined;
  const text = payload.trim();
  const parsed = commandOf(name, text === "" || text === "PRESS" ? {} : jsonOrText(text));
  return parsed?.ok === true ? parsed.value : undefined;
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
