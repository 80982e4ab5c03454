import { request } from "node:http";
import { connect, type Socket } from "node:net";
import type { Command } from "../../src/model/types.ts";
import type { DomainEvent, View } from "../../src/model/view.ts";
import { noHistory } from "../../src/web/routes.ts";
import { startWeb, type WebParts } from "../../src/web/server.ts";
import { FakeClock } from "../fakes/fake-clock.ts";
import { okView } from "./fixtures.ts";

/** A real server on a free port of loopback, with a clock that the test moves. */
export interface TestWeb extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly clock: FakeClock;
  readonly commands: readonly Command[];
  readonly logged: readonly string[];
  push(view: View, events?: readonly DomainEvent[]): void;
}

/** Starts it; what is not given is harmless. */
export async function startTestWeb(given: Partial<WebParts> = {}): Promise<TestWeb> {
  const clock = new FakeClock();
  const stop = new AbortController();
  const commands: Command[] = [];
  const logged: string[] = [];
  const note = (message: string, fields?: object) => logged.push(`${message} ${JSON.stringify(fields)}`);
  let view = okView(clock.now());
  const web = await startWeb(
    {
      host: "127.0.0.1",
      port: 0,
      password: "",
      version: "1.2.3",
      clock,
      log: { debug: note, info: note, warn: note, error: note },
      history: noHistory,
      uiDir: "/nonexistent",
      view: () => view,
      command: (command) => commands.push(command),
      ...given,
    },
    stop.signal,
  );
  return {
    url: web.url,
    port: Number(new URL(web.url).port),
    clock,
    commands,
    logged,
    push: (next, events = []) => {
      view = next;
      web.push({ view, events });
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      // The server gives open connections a second of its clock.
      const moving = setInterval(() => void clock.advance(1_000), 5);
      await web.closed;
      clearInterval(moving);
    },
  };
}

/** The answer to a request whose path no client library has tidied up. */
export function rawGet(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, headers, agent: false }, (answer) => {
      let body = "";
      answer.setEncoding("utf8");
      answer.on("data", (part: string) => {
        body += part;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
    });
    asked.on("error", reject);
    asked.end();
  });
}

/** Sends bytes as they are; resolves with all that came back when the server has closed. */
export function rawExchange(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket: Socket = connect(port, "127.0.0.1");
    let answer = "";
    socket.setEncoding("latin1");
    socket.on("data", (part: string) => {
      answer += part;
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(answer));
    socket.write(bytes);
  });
}

/** One message of an event stream. */
export interface StreamMessage {
  readonly event: string;
  readonly data: string;
}

/** Listens to `/api/events` as a browser does. */
export async function listen(url: string): Promise<{
  next(): Promise<StreamMessage>;
  close(): void;
}> {
  const gone = new AbortController();
  const response = await fetch(`${url}api/events`, { signal: gone.signal });
  if (response.body === null) throw new Error("no stream");
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const next = async (): Promise<StreamMessage> => {
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end === -1) {
        const { done, value } = await reader.read();
        if (done) return { event: "end", data: "" };
        text += value;
        continue;
      }
      const lines = text.slice(0, end).split("\n");
      text = text.slice(end + 2);
      const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      const event = field("event");
      if (event !== undefined) return { event, data: field("data") ?? "" };
    }
  };
  return { next, close: () => gone.abort() };
}
