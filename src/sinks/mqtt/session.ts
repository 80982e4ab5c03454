import { reconcile } from "../../entities/reconcile.ts";
import { type Rendered, renderSubject } from "../../entities/render.ts";
import type { Subject } from "../../entities/subject.ts";
import type { Topic, TopicNames } from "../../entities/topics.ts";
import type { Clock, Timestamp } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import type { Connection, Message } from "./connection.ts";

/** What the broker holds of us, and what it should hold. One session lasts from a connect to the loss of the connection. */
export interface Session {
  /** Makes the broker hold what these subjects show; figures no more often than each interval. */
  show(subjects: readonly Subject[]): void;
  received(message: Message): void;
  /** Home Assistant (re)started: send all again. */
  resend(): void;
  end(): void;
}

interface SessionParts {
  readonly connection: Connection;
  readonly names: TopicNames;
  readonly clock: Clock;
  readonly log: Log;
  readonly publishIntervalMs: number;
  /** Discovery topics of devices that the user deleted in Home Assistant; they stay away until the program starts anew. */
  readonly deleted: Set<Topic>;
}

const learnQuietMs = 300;
const learnLimitMs = 5_000;
const inFlight = 200;
const lookAtAllMs = 2_000;
/** Home Assistant drops parts of a discovery message that follows another of the same device too closely. */
const betweenConfigsMs = 2_500;

/** Learns what the broker holds, then publishes the differences, and from then on each change. */
export function startSession(parts: SessionParts, ready: () => void): Session {
  const { connection, names, clock, log } = parts;
  const held = new Map<Topic, string>();
  const shown = new Map<string, Subject>();
  const sent = new Map<Topic, { readonly urgent: string; readonly at: Timestamp }>();
  const outbox = createOutbox(connection);
  const stop = new AbortController();
  let newest: readonly Subject[] = [];
  let learned = false;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let lastMessageAt = clock.monotonic();

  /** What did not change is passed over; now and then all are looked at, for figures that have become due meanwhile. */
  const show = () => {
    const all = clock.monotonic() - lookedAt >= lookAtAllMs;
    if (all) lookedAt = clock.monotonic();
    for (const subject of newest) if (all || shown.get(subject.id) !== subject) showSubject(subject);
  };

  const showSubject = (subject: Subject) => {
    if (parts.deleted.has(names.discovery(subject.id))) return;
    const before = shown.get(subject.id);
    shown.set(subject.id, subject);
    if (before !== undefined && isAsBefore(subject, before) && !isDueAgain(subject.id)) return;
    for (const [topic, rendered] of renderSubject(subject, names, before)) {
      if (isDue(topic, rendered)) publish(topic, rendered);
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
    return rendered.kind === "state" && clock.monotonic() - last.at >= parts.publishIntervalMs;
  };

  const publish = (topic: Topic, rendered: Rendered) => {
    sent.set(topic, { urgent: rendered.urgent, at: clock.monotonic() });
    const wanted = rendered.payload();
    for (const message of reconcile(only(topic, held.get(topic)), new Map([[topic, wanted]]))) {
      held.set(topic, message.payload);
      outbox.put(message);
      if (message.payload !== wanted) finishLater(topic, rendered);
    }
  };

  /** The second half of a removal of components. */
  const finishLater = (topic: Topic, rendered: Rendered) => {
    const again = async () => {
      await clock.sleep(betweenConfigsMs, stop.signal);
      if (!stop.signal.aborted && sent.get(topic)?.urgent === rendered.urgent) publish(topic, rendered);
    };
    void again();
  };

  /** What is held and belongs to no subject any more is cleared; the rest is compared with what should be there. */
  const start = () => {
    const wanted = new Set(newest.flatMap(({ id }) => [names.discovery(id), names.state(id), names.attributes(id)]));
    const gone = [...held.keys()].filter((topic) => !wanted.has(topic));
    for (const topic of gone) {
      held.delete(topic);
      outbox.put({ topic, payload: "" });
    }
    if (gone.length > 0) log.info("removed what is no longer watched from the broker", { topics: gone.length });
    show();
    outbox.put({ topic: names.status, payload: "online" });
    ready();
  };

  const learn = async () => {
    const sources = [names.anyDiscovery, ...names.anyOwn];
    if (!(await connection.subscribe([...sources, names.commands, names.birth]))) return;
    const began = clock.monotonic();
    while (
      !stop.signal.aborted &&
      clock.monotonic() - lastMessageAt < learnQuietMs &&
      clock.monotonic() - began < learnLimitMs
    ) {
      await clock.sleep(50, stop.signal);
    }
    if (stop.signal.aborted) return;
    connection.unsubscribe(names.anyOwn);
    learned = true;
    if (newest.length > 0) start();
  };
  void learn();

  return {
    show: (subjects) => {
      const first = newest.length === 0;
      newest = subjects;
      if (!learned) return;
      if (first) start();
      else show();
    },
    received: ({ topic, payload }) => {
      const isDiscovery = names.isOwnDiscovery(topic);
      if (!learned && (isDiscovery || names.isOwnState(topic))) {
        lastMessageAt = clock.monotonic();
        if (payload !== "") held.set(topic, payload);
      } else if (learned && isDiscovery && payload === "" && held.has(topic)) {
        held.delete(topic);
        parts.deleted.add(topic);
        log.info("a device was deleted in Home Assistant: it comes back at the next start", { topic });
      }
    },
    resend: () => {
      if (!learned) return;
      shown.clear();
      sent.clear();
      held.clear();
      show();
      outbox.put({ topic: names.status, payload: "online" });
    },
    end: () => stop.abort(),
  };
}

function isAsBefore(subject: Subject, before: Subject): boolean {
  const { rows, name, urgent, attributes } = subject;
  const same = rows === before.rows && name === before.name && urgent === before.urgent;
  return same && attributes?.fingerprint === before.attributes?.fingerprint;
}

function only(topic: Topic, payload: string | undefined): ReadonlyMap<Topic, string> {
  return payload === undefined ? new Map() : new Map([[topic, payload]]);
}

/** Sends in order with a bounded number under way; of one topic only the newest message waits. */
function createOutbox(connection: Connection) {
  const waiting = new Map<Topic, string>();
  let under = 0;
  const next = () => {
    for (const [topic, payload] of waiting) {
      if (under >= inFlight) return;
      waiting.delete(topic);
      under += 1;
      void send({ topic, payload });
    }
  };
  const send = async (message: Message) => {
    await connection.publish(message, true);
    under -= 1;
    next();
  };
  return {
    put: ({ topic, payload }: Message) => {
      waiting.set(topic, payload);
      next();
    },
  };
}
