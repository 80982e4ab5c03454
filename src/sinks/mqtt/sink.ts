import type { ClientTier } from "../../entities/client.ts";
import { eventPayload } from "../../entities/render.ts";
import { createSubjects, type Shown } from "../../entities/subjects.ts";
import { topicNames } from "../../entities/topics.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Log } from "../../lib/log.ts";
import type { Command } from "../../model/types.ts";
import type { View } from "../../model/view.ts";
import type { Sink } from "../sink.ts";
import { parseCommand } from "./commands.ts";
import { type Message, type MqttOptions, openConnection } from "./connection.ts";
import { createDeleted } from "./deleted.ts";
import { type Session, startSession } from "./session.ts";

/** What the sink needs of the configuration and of the program. */
export interface MqttSinkParts {
  readonly broker: Omit<MqttOptions, "will">;
  readonly site: string;
  readonly baseTopic: string;
  readonly discoveryPrefix: string;
  readonly version: string;
  readonly publishIntervalMs: number;
  readonly clientTier: ClientTier;
  readonly clock: Clock;
  readonly log: Log;
  readonly command: (command: Command) => void;
}

const mostEventsKept = 50;
const afterBirthMs = 1_000;
const showEveryMs = 200;

/** Publishes discovery, states and events for Home Assistant, and takes its commands. */
export function createMqttSink(parts: MqttSinkParts): Sink {
  const { clock, log } = parts;
  const names = topicNames({
    site: parts.site,
    base: parts.baseTopic,
    prefix: parts.discoveryPrefix,
    version: parts.version,
  });
  const subjectsOf = createSubjects(parts.clientTier);
  const deleted = createDeleted();
  const ended = new AbortController();
  let session: Session | undefined;
  let online = false;
  let shown: Shown | undefined;
  let events: Message[] = [];
  let view: View | undefined;
  let shownVerdict: string | undefined;
  let shownAt = Number.NEGATIVE_INFINITY;
  let waiting = false;

  const connection = openConnection(
    { ...parts.broker, will: { topic: names.status, payload: "offline" } },
    {
      connected: () => {
        session?.end();
        session = startSession(
          { connection, names, clock, log, publishIntervalMs: parts.publishIntervalMs, deleted },
          () => {
            online = true;
            sendEvents();
          },
        );
        if (shown !== undefined) session.show(shown);
      },
      lost: () => {
        online = false;
        session?.end();
        session = undefined;
      },
      message: (message) => received(message),
    },
    { log, clock },
  );

  const received = ({ topic, payload }: Message) => {
    const name = topic.startsWith(names.command("")) ? topic.slice(names.command("").length) : undefined;
    if (name !== undefined) {
      const command = parseCommand(name, payload);
      if (command === undefined)
        log.warn("a command was not understood", { command: name.slice(0, 40), payload: payload.slice(0, 80) });
      else parts.command(command);
    } else if (topic === names.birth) {
      if (payload === "online") void resendSoon();
    } else {
      session?.received({ topic, payload });
    }
  };

  const showNow = () => {
    if (view === undefined) return;
    shownAt = clock.monotonic();
    shownVerdict = view.verdict.verdict;
    shown = subjectsOf(view);
    session?.show(shown);
  };

  /** Views come up to twenty times a second: what is not urgent waits for the next turn. */
  const showSoon = () => {
    clock.after(showEveryMs, () => {
      waiting = false;
      if (!ended.signal.aborted) showNow();
    });
    return true;
  };

  /** A moment of patience: Home Assistant says "online" before each of its integrations listens. */
  const resendSoon = async () => {
    await clock.sleep(afterBirthMs * (1 + Math.random()), ended.signal);
    if (!ended.signal.aborted) session?.resend();
  };

  const sendEvents = () => {
    for (const event of events) void connection.publish(event, false);
    events = [];
  };

  return {
    name: "mqtt",
    push: (update) => {
      view = update.view;
      const urgent = update.events.length > 0 || update.view.verdict.verdict !== shownVerdict;
      if (urgent || clock.monotonic() - shownAt >= showEveryMs) showNow();
      else if (!waiting) waiting = showSoon();
      events = [...events, ...update.events.map((event) => ({ topic: names.event, payload: eventPayload(event) }))];
      if (events.length > mostEventsKept) events = events.slice(-mostEventsKept);
      if (online && events.length > 0) sendEvents();
    },
    run: async (signal) => {
      while (!signal.aborted) await clock.sleep(3_600_000, signal);
      ended.abort();
      session?.end();
      // A clean end sends no last will: say it ourselves.
      if (connection.isConnected()) await connection.publish({ topic: names.status, payload: "offline" }, true);
      await connection.close();
    },
  };
}
