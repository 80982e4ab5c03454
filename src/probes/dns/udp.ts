import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { Limits } from "../../lib/deadline.ts";
import { type Answer, answersId, encodeQuestion, encodeSelfQuestion, type Question, readAnswer } from "./message.ts";

/** Where a resolver listens. */
export interface ServerAddress {
  readonly address: string;
  readonly port: number;
}

/**
 * Asks by UDP, and after half the time once more, then also about the resolver itself: one that answers that and not the question
 * lives, but gets no answer from those that it asks ("upstream"). The socket is connected, so that a refusal is known at once and
 * nothing from another address is read; what is not an answer is ignored. Rejects with the socket's error, or on abort.
 */
export function askByUdp(server: ServerAddress, question: Question, limits: Limits): Promise<Answer> {
  const { clock, timeoutMs, signal } = limits;
  const bytes = encodeQuestion(question);
  const selfId = question.id ^ 0x5555;
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(server.address) ? "udp6" : "udp4");
    let cancelResend = () => {};
    let worst: Answer | undefined;
    let ended = false;
    const end = (settle: () => void) => {
      // What comes late has nobody to tell, and closing twice throws.
      if (ended) return;
      ended = true;
      cancelResend();
      signal.removeEventListener("abort", stop);
      socket.close();
      settle();
    };
    let lives = false;
    // What was malformed is told only when nothing better came.
    const stop = () => {
      const best = worst ?? (lives ? upstream : undefined);
      end(() => (best === undefined ? reject(new Error("stopped")) : resolve(best)));
    };
    socket.on("error", (error) => end(() => reject(error)));
    socket.on("message", (message) => {
      lives ||= answersId(message, selfId);
      const answer = readAnswer(message, question);
      if (answer?.kind === "failed") worst = answer;
      else if (answer !== undefined) end(() => resolve(answer));
    });
    socket.once("connect", () => {
      if (ended) return;
      // Without a callback an error of sending is an `error` event.
      socket.send(bytes);
      cancelResend = clock.after(timeoutMs / 2, () => {
        socket.send(bytes);
        socket.send(encodeSelfQuestion(selfId));
      });
    });
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    socket.connect(server.port, server.address);
  });
}

const upstream: Answer = {
  kind: "failed",
  reason: "upstream",
  detail: "no answer in time, though the resolver itself lives: those that it asks give it none",
};
