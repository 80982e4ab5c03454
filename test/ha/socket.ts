import { z } from "zod";

/** Home Assistant's WebSocket API, one request at a time as far as the caller sees. */
export interface HomeAssistantSocket {
  /** The result of a command; throws Home Assistant's own words when it refuses. */
  request(type: string, fields?: Readonly<Record<string, unknown>>): Promise<unknown>;
  isOpen(): boolean;
  close(): void;
}

const message = z.object({
  id: z.number().optional(),
  type: z.string(),
  success: z.boolean().optional(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
});
type Message = z.infer<typeof message>;

const answerTimeoutMs = 10_000;

/** Opens the WebSocket and presents the token. */
export async function openSocket(url: string, token: string): Promise<HomeAssistantSocket> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/api/websocket`);
  const waiting = new Map<number, (answer: Message | Error) => void>();
  let lastId = 0;
  const authenticated = new Promise<void>((resolve, reject) => {
    socket.addEventListener("message", (event) => {
      const received = message.parse(JSON.parse(String(event.data)));
      if (received.type === "auth_required") socket.send(JSON.stringify({ type: "auth", access_token: token }));
      else if (received.type === "auth_ok") resolve();
      else if (received.type === "auth_invalid") reject(new Error("Home Assistant refused the token"));
      else if (received.id !== undefined) waiting.get(received.id)?.(received);
    });
    socket.addEventListener("close", () => {
      const lost = new Error("Home Assistant closed the connection");
      reject(lost);
      for (const answer of waiting.values()) answer(lost);
    });
    socket.addEventListener("error", () => reject(new Error("no connection to Home Assistant")));
  });
  await authenticated;

  return {
    async request(type, fields = {}) {
      lastId += 1;
      const id = lastId;
      const answer = await new Promise<Message | Error>((resolve) => {
        const late = setTimeout(() => resolve(new Error(`no answer to ${type}`)), answerTimeoutMs);
        waiting.set(id, (received) => {
          clearTimeout(late);
          resolve(received);
        });
        if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ id, type, ...fields }));
        else waiting.get(id)?.(new Error("the connection to Home Assistant is closed"));
      });
      waiting.delete(id);
      if (answer instanceof Error) throw answer;
      if (answer.success !== true) throw new Error(`${type}: ${answer.error?.message ?? "refused"}`);
      return answer.result;
    },
    isOpen: () => socket.readyState === WebSocket.OPEN,
    close: () => socket.close(),
  };
}
