import { connect } from "node:net";
import { type Answer, encodeQuestion, mostAnswerBytes, type Question, readAnswer } from "./message.ts";
import type { ServerAddress } from "./udp.ts";

/** Asks by TCP: each message behind its length in two bytes (RFC 7766). Rejects with the socket's error, or on abort. */
export function askByTcp(server: ServerAddress, question: Question, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: server.address, port: server.port, signal });
    let received = Buffer.alloc(0);
    const end = (answer: Answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on("error", reject);
    socket.once("connect", () => {
      const bytes = encodeQuestion(question);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(bytes.length);
      socket.write(Buffer.concat([length, bytes]));
    });
    socket.on("data", (segment: Buffer) => {
      received = Buffer.concat([received, segment]);
      if (received.length < 2) return;
      const length = received.readUInt16BE(0);
      if (length > mostAnswerBytes) return end(protocol("too long an answer by TCP"));
      if (received.length < length + 2) return;
      const answer = readAnswer(received.subarray(2, length + 2), question);
      end(answer === undefined || answer.kind === "truncated" ? protocol("another answer by TCP") : answer);
    });
    socket.once("close", () => end(protocol("the connection ended before the answer")));
  });
}

function protocol(detail: string): Answer {
  return { kind: "failed", reason: "protocol", detail };
}
