import type { Topic } from "./topics.ts";

/** One retained message to send; an empty payload clears the topic. */
export interface Publish {
  readonly topic: Topic;
  readonly payload: string;
}

/**
 * What to publish so that a broker that holds `held` comes to hold `wanted`; what is held and no longer wanted is cleared.
 * A discovery message that loses components first goes out with these reduced to their platform: for Home Assistant that
 * is their removal, while leaving them out leaves them behind. The next call, with that message held, sends the final one.
 */
export function reconcile(held: ReadonlyMap<Topic, string>, wanted: ReadonlyMap<Topic, string>): Publish[] {
  const changed = [...wanted].flatMap(([topic, payload]) => {
    const before = held.get(topic);
    return before === payload ? [] : [{ topic, payload: withRemovals(before, payload) }];
  });
  const gone = [...held].filter(([topic, payload]) => payload !== "" && !wanted.has(topic));
  return [...changed, ...gone.map(([topic]) => ({ topic, payload: "" }))];
}

/** `next`, plus a stub for each component of `before` that it has no more. */
export function withRemovals(before: string | undefined, next: string): string {
  const old = componentsOf(before);
  const now = componentsOf(next);
  if (old === undefined || now === undefined) return next;
  const removed = Object.entries(old).filter(([key, component]) => !(key in now) && Object.keys(component).length > 1);
  if (removed.length === 0) return next;
  const stubs = Object.fromEntries(removed.map(([key, { platform }]) => [key, { platform }]));
  return JSON.stringify({ ...JSON.parse(next), components: { ...now, ...stubs } });
}

type Components = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** `undefined` when it is no device-based discovery message: what a stranger left under our topic is simply replaced. */
function componentsOf(payload: string | undefined): Components | undefined {
  if (payload === undefined || payload === "") return undefined;
  try {
    const parsed: unknown = JSON.parse(payload);
    if (!isRecord(parsed) || !isRecord(parsed["components"])) return undefined;
    const components = Object.entries(parsed["components"]);
    return Object.fromEntries(components.flatMap(([key, value]) => (isRecord(value) ? [[key, value]] : [])));
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
