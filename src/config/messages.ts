import type { z } from "zod";
import { type KeyPath, keysOf, schemaAt } from "./keys.ts";
import type { SchemaNode } from "./schema.ts";
import { closest } from "./suggest.ts";

/** What is wrong at one place. `at`: whether the key or its value is meant. */
export interface Problem {
  readonly path: KeyPath;
  readonly at: "key" | "value";
  readonly message: string;
}

const mostHints = 100;

/** What a key that must be there but is not is told. */
export const requiredMessage = "is required";

/** Our words for zod's issues, to be passed to a parse. They never repeat the value. */
export function messageOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return typeMessage(issue.expected, issue.input);
    case "too_small":
      return sizeMessage(issue.origin, `at least ${issue.minimum}`);
    case "too_big":
      return sizeMessage(issue.origin, `at most ${issue.maximum}`);
    case "invalid_value":
      return choiceMessage(issue.values, issue.input);
    case "invalid_union":
      return discriminatorMessage(issue.options, issue.input, issue.discriminator);
    default:
      return undefined;
  }
}

/** Every problem behind zod's issues: one an unknown key, and of alternatives the ones that were meant. */
export function problemsOf(issues: readonly z.core.$ZodIssue[], schema: SchemaNode): readonly Problem[] {
  return issues.flatMap((issue): readonly Problem[] => {
    const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
    if (issue.code === "unrecognized_keys") return unknownKeys(path, issue.keys, schema);
    if (issue.code !== "invalid_union" || issue.errors.length === 0)
      return [{ path, at: "value", message: issue.message }];
    const meant = issue.errors.find((branch) => branch.some((inner) => !isOtherType(inner)));
    if (meant === undefined || issue.errors.every((branch) => branch.every((inner) => inner.path.length === 0))) {
      const message = meant?.[0]?.message ?? unionMessage(issue);
      return [{ path, at: "value", message: issue.message === "Invalid input" ? message : issue.message }];
    }
    return problemsOf(
      meant.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })),
      schema,
    );
  });
}

function typeMessage(expected: string, input: unknown): string {
  if (input === undefined) return requiredMessage;
  if (input === null) return "must not be empty";
  const quotes = expected === "string" && typeof input !== "object" ? ": put it in quotes" : "";
  if (expected === "number" && typeof input === "number") return "must be a finite number";
  if (expected === "int" && typeof input === "number") return "must be a whole number";
  return `must be ${kindName(expected)}, got ${kindName(inputKind(input))}${quotes}`;
}

function inputKind(input: unknown): string {
  if (Array.isArray(input)) return "array";
  return typeof input;
}

function kindName(kind: string): string {
  const names = new Map([
    ["string", "text"],
    ["number", "a number"],
    ["int", "a whole number"],
    ["boolean", "true or false"],
    ["array", "a list"],
    ["object", "a mapping of keys to values"],
  ]);
  return names.get(kind) ?? "something else";
}

function sizeMessage(origin: string, limit: string): string {
  return origin === "array" ? `must have ${limit} entries` : `must be ${limit}`;
}

function choiceMessage(values: readonly unknown[], input: unknown): string {
  if (input === undefined) return requiredMessage;
  const choices = values.map(String);
  const near = typeof input === "string" ? closest(input, choices) : undefined;
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  return `must be ${choices.length === 1 ? "" : "one of "}${choices.join(", ")}${hint}`;
}

/** Only for alternatives that a key tells apart; the others speak for themselves. */
function discriminatorMessage(options: unknown, input: unknown, key: unknown): string | undefined {
  if (!Array.isArray(options) || typeof key !== "string") return undefined;
  const entry: unknown = typeof input === "object" && input !== null ? Reflect.get(input, key) : undefined;
  return choiceMessage(options, entry);
}

function isOtherType(issue: z.core.$ZodIssue): boolean {
  return issue.code === "invalid_type" && issue.path.length === 0;
}

function unionMessage(issue: z.core.$ZodIssueInvalidUnion): string {
  const expected = issue.errors
    .flat()
    .flatMap((inner) => (inner.code === "invalid_type" ? [kindName(inner.expected)] : []));
  return `must be ${expected.join(" or ")}`;
}

function unknownKeys(path: KeyPath, keys: readonly string[], schema: SchemaNode): readonly Problem[] {
  const known = keysOf(schemaAt(schema, path));
  return keys.map((key, index) => {
    // Of alternatives that one key tells apart, such as kinds of routers.
    if (known.includes(key)) return { path: [...path, key], at: "key", message: "is not a key of this kind" };
    // So many unknown keys are no slips of the pen.
    const near = index < mostHints ? closest(key, known) : undefined;
    const hint = near === undefined ? "" : `; did you mean ${near}?`;
    const space = key.includes(":") ? '; is a space missing after its ":"?' : hint;
    return { path: [...path, key], at: "key", message: `is not a known key${space}` };
  });
}
