import { reconcile } from "../../entities/reconcile.ts";
import { isSameDevice, type Rendered, renderSubject } from "../../entities/render.ts";
import type { Subject } from "../../entities/subject.ts";
import type { Shown } from "../../entities/subjects.ts";
import { type Topic, type TopicNames, topicsOf } from "../../entities/topics.ts";
import type { Clock, Timestamp } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import type { Connection, Message } from "./connection.ts";
import type { Deleted } from "./deleted.ts";
import { learnHeld } from "./learn.ts";
import { createLeftovers } from "./leftovers.ts";
import { createOutbox } from "./outbox.ts";

/** What the broker holds of us, and what it should hold. One session lasts from a connect to the loss of the connection. */
export interface Session {
  /** Makes the broker hold what these subjects show; figures no more often than each interval. */
  show(shown: Shown): void;
  received(message: Message): void;
  /** Home Assistant (re)started: send all again. */
  resend(): void;
  end(): void;
}

export interface SessionParts {
  readonly connection: Connection;
  readonly names: TopicNames;
  readonly clock: Clock;
  readonly log: Log;
  readonly publishIntervalMs: number;
  readonly deleted: Deleted;
}

interface Sent {
  readonly urgent: string;
  readonly slow: string | undefined;
  readonly at: Timestamp;
}

const lookAtAllMs = 2_000;
const slowEveryMs = 15 * 60_000;
/** Home Assistant drops parts of a discovery message that follows another of the same device too closely. */
const betweenConfigsMs = 2_500;

/** Learns what the broker holds, then publishes the differences, and from then on each change. */
export function startSession(parts: SessionParts, ready: () => void): Session {
  const { connection, names, clock, log, deleted } = parts;
  const shown = new Map<string, Subject>();
  const sent = new Map<Topic, Sent>();
  const configuredAt = new Map<Topic, number>();
  const outbox = createOutbox(connection, { clock, echoes: names.isOwnDiscovery });
  const leftovers = createLeftovers(names);
  const stop = new AbortController();
  const learning = learnHeld({ connection, names, clock, signal: stop.signal }, () => {
    if (newest.subjects.length > 0) start();
  });
  const { held } = learning;
  let newest: Shown = { subjects: [], mayHaveMoreMesh: true };
  let lookedAt = Number.NEGATIVE_INFINITY;

  /** What did not change is passed over; now and then all are looked at, for what has become due meanwhile. */
  const show = () => {
    removeGone();
    const all = clock.monotonic() - lookedAt >= lookAtAllMs;
    if (all) lookedAt = clock.monotonic();
    for (const subject of newest.subjects) if (all || shown.get(subject.id) !== subject) showSubject(subject);
  };

  const showSubject = (subject: Subject) => {
    if (deleted.keepsAway(subject)) return;
    const before = shown.get(subject.id);
    shown.set(subject.id, subject);
    if (before !== undefined && isAsBefore(subject, before) && !isDueAgain(subject.id)) return;
    for (const [topic, rendered] of renderSubject(subject, names, before)) {
      const stays = rendered.kind === "discovery" && subject.provisional === true && held.has(topic);
      if (!stays && isDue(topic, rendered)) publish(topic, rendered);
    }
  };

  /** Figures alone have changed, and they were sent not long ago: the usual case of a thousand targets. */
  const isDueAgain = (id: string) => {
    const last = sent.get(names.state(id));
    return last === undefined || clock.monotonic() - last.at >= parts.publishIntervalMs;
  };

  const isDue = (topic: Topic, rendered: Rendered): boolean => {
    const last = sent.get(topic);
    if (last === undefined || last.urgent !== rendered.urgent) return true;
    const age = clock.monotonic() - last.at;
    if (rendered.kind === "state") return age >= parts.publishIntervalMs;
    return rendered.slow !== last.slow && age >= slowEveryMs;
  };

  const publish = (topic: Topic, rendered: Rendered) => {
    sent.set(topic, { urgent: rendered.urgent, slow: rendered.slow, at: clock.monotonic() });
    const wanted = rendered.payload();
    for (const message of reconcile(only(topic, held.get(topic)), new Map([[topic, wanted]]))) {
      if (rendered.kind === "discovery") {
        const lastAt = configuredAt.get(topic);
        if (lastAt !== undefined && clock.monotonic() - lastAt < betweenConfigsMs) return publishLater(topic, rendered);
        configuredAt.set(topic, clock.monotonic());
      }
      put(message);
      if (message.payload !== wanted) publishLater(topic, rendered);
    }
  };

  /** The second half of a removal of components, or a message that would follow too soon; a newer one replaces it. */
  const publishLater = (topic: Topic, rendered: Rendered) => {
    const again = async () => {
      await clock.sleep(betweenConfigsMs + 100, stop.signal);
      if (!stop.signal.aborted && sent.get(topic)?.urgent === rendered.urgent) publish(topic, rendered);
    };
    void again();
  };

  const put = ({ topic, payload }: Message) => {
    if (payload === "") held.delete(topic);
    else held.set(topic, payload);
    outbox.put({ topic, payload });
  };

  const clear = (topics: readonly Topic[]) => {
    for (const topic of topics) {
      sent.delete(topic);
      if (held.has(topic)) put({ topic, payload: "" });
    }
  };

  const clearSubject = (id: string) => {
    shown.delete(id);
    clear(topicsOf(id, names));
  };

  /** Of devices that were forgotten or ignored, and of mesh points that are no longer there. */
  const removeGone = () => {
    const ids = new Set(newest.subjects.map(({ id }) => id));
    deleted.keepOnly(ids);
    for (const id of shown.keys()) if (!ids.has(id)) clearSubject(id);
    const gone = leftovers.gone(ids, newest.mayHaveMoreMesh);
    if (gone.length === 0) return;
    clear(gone);
    log.info("removed what is no longer watched from the broker", { topics: gone.length });
  };

  const start = () => {
    for (const message of leftovers.find(held.keys(), newest)) put(message);
    show();
    outbox.put({ topic: names.status, payload: "online" });
    ready();
  };

  return {
    show: (next) => {
      const first = newest.subjects.length === 0;
      newest = next;
      if (!learning.isDone()) return;
      if (first) start();
      else show();
    },
    received: (message) => {
      const { topic, payload } = message;
      if (!learning.isDone()) return learning.received(message);
      const id = names.isOwnDiscovery(topic) && payload === "" ? names.subjectOf(topic) : undefined;
      if (id === undefined || outbox.isOwnClearing(topic) || !held.has(topic)) return;
      held.delete(topic);
      deleted.add(id);
      clearSubject(id);
      log.info("a device was deleted in Home Assistant: it stays away until it is seen anew", { device: id });
    },
    resend: () => {
      if (!learning.isDone()) return;
      const provisional = newest.subjects.filter((subject) => subject.provisional === true);
      const staying = new Set(provisional.map(({ id }) => names.discovery(id)));
      for (const topic of held.keys()) if (!staying.has(topic) && !leftovers.has(topic)) held.delete(topic);
      shown.clear();
      sent.clear();
      show();
      outbox.put({ topic: names.status, payload: "online" });
    },
    end: () => stop.abort(),
  };
}

function isAsBefore(subject: Subject, before: Subject): boolean {
  const { urgent, available, attributes } = subject;
  const same = isSameDevice(subject, before) && urgent === before.urgent && available === before.available;
  return same && attributes?.urgent === before.attributes?.urgent;
}

function only(topic: Topic, payload: string | undefined): ReadonlyMap<Topic, string> {
  return payload === undefined ? new Map() : new Map([[topic, payload]]);
}
