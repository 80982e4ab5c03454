import type { ServerResponse } from "node:http";
import type { Clock } from "../lib/clock.ts";

/** The pages that listen to server-sent events. */
export interface Live {
  /** Takes over a response whose head is written; false when there are too many already. */
  add(response: ServerResponse): boolean;
  /** There is a newer state. Each client gets it as soon as it can take it, at most four times a second. */
  stateChanged(): void;
  /** One message that each client gets, unless it has been deaf for long. */
  event(json: string): void;
  /** Ends all; resolves when `signal` has aborted. Until then it keeps the connections alive and drops the dead. */
  run(signal: AbortSignal): Promise<void>;
}

interface Client {
  readonly response: ServerResponse;
  readonly waiting: string[];
  stateDue: boolean;
  deafSince: number | undefined;
}

const clientsAllowed = 100;
const stateEveryMs = 250;
const checkEveryMs = 5_000;
const heartbeatEvery = 3;
const deafAllowedMs = 30_000;
const eventsKept = 100;

/** `newest` gives the JSON of the newest state. */
export function createLive(clock: Clock, newest: () => string): Live {
  const clients = new Set<Client>();
  let cooling = false;
  let stateDue = false;

  const stateText = () => message("state", newest());
  const sendState = () => {
    stateDue = false;
    cooling = true;
    clock.after(stateEveryMs, () => {
      cooling = false;
      if (stateDue) sendState();
    });
    if (clients.size === 0) return;
    const text = stateText();
    for (const client of clients) offerState(client, text, clock);
  };
  const add = (response: ServerResponse) => {
    if (clients.size >= clientsAllowed) return false;
    const client: Client = { response, waiting: [], stateDue: false, deafSince: undefined };
    clients.add(client);
    const gone = () => clients.delete(client);
    response.on("close", gone);
    response.on("error", gone);
    response.on("drain", () => catchUp(client, stateText, clock));
    write(client, `retry: 2000\n\n${stateText()}`, clock);
    return true;
  };
  const attend = (beat: number) => {
    for (const client of clients) {
      if (client.deafSince !== undefined && clock.monotonic() - client.deafSince >= deafAllowedMs) {
        client.response.destroy();
        continue;
      }
      // The comment keeps proxies from closing a quiet connection, the message lets the page notice a dead one.
      if (beat % heartbeatEvery === 0 && client.deafSince === undefined)
        write(client, `: heartbeat\n${message("alive", "{}")}`, clock);
    }
  };

  return {
    add,
    stateChanged: () => {
      if (cooling) stateDue = true;
      else sendState();
    },
    event: (json) => {
      for (const client of clients) offerEvent(client, message("event", json), clock);
    },
    run: async (signal) => {
      for (let beat = 1; !signal.aborted; beat += 1) {
        await clock.sleep(checkEveryMs, signal);
        attend(beat);
      }
      for (const client of clients) client.response.end();
    },
  };
}

function message(name: string, json: string): string {
  return `event: ${name}\ndata: ${json}\n\n`;
}

function offerState(client: Client, text: string, clock: Clock): void {
  if (client.deafSince === undefined) write(client, text, clock);
  else client.stateDue = true;
}

function offerEvent(client: Client, text: string, clock: Clock): void {
  if (client.deafSince === undefined) {
    write(client, text, clock);
    return;
  }
  client.waiting.push(text);
  if (client.waiting.length > eventsKept) client.waiting.shift();
}

function catchUp(client: Client, stateText: () => string, clock: Clock): void {
  client.deafSince = undefined;
  const missed = client.waiting.splice(0).join("");
  const text = missed + (client.stateDue ? stateText() : "");
  client.stateDue = false;
  if (text !== "") write(client, text, clock);
}

function write(client: Client, text: string, clock: Clock): void {
  if (!client.response.write(text)) client.deafSince ??= clock.monotonic();
}
