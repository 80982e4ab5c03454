import * as z from "zod";
import type { DomainEvent } from "../model/view.ts";
import { parseJson } from "./outage.ts";
import type { EventRow } from "./protocol.ts";

const row = z.object({ at: z.number(), type: z.string(), text: z.string(), fields: z.string() });
const fields = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** An event as the database keeps it. */
export function toEventRow({ at, event_type: type, text, fields: told }: DomainEvent): EventRow {
  const mac = told["mac"];
  return { at, type, text, fields: JSON.stringify(told), mac: typeof mac === "string" ? mac : null };
}

/** An event out of the database; `undefined` when a hand wrote what is none. One of a later version keeps its type. */
export function parseEventRow(stored: unknown): DomainEvent | undefined {
  const parsed = row.safeParse(stored);
  if (!parsed.success) return undefined;
  const { at, type, text } = parsed.data;
  const told = fields.safeParse(parseJson(parsed.data.fields));
  return { event_type: type as DomainEvent["event_type"], at, text, fields: told.success ? told.data : {} };
}
