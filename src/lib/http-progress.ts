import { type ClientRequest, type IncomingMessage, type RequestOptions, request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import type { Socket } from "node:net";

/** How far a request came: to a connection, through TLS, to the headers of the answer, into its body. */
export type HttpStage = "connect" | "tls" | "answer" | "body";

/** Written on the way, for the case that it breaks off. `receivedBytes`: of the body. */
export interface HttpProgress {
  stage: HttpStage;
  receivedBytes: number;
}

/** What axios takes in place of `node:http` and `node:https`: the same, and it notes how far it came. */
export function watchedTransport(progress: HttpProgress) {
  return {
    request: (options: RequestOptions, onResponse: (response: IncomingMessage) => void): ClientRequest => {
      const isSecure = options.protocol === "https:";
      const request = (isSecure ? requestSecure : requestPlain)(options, onResponse);
      request.once("socket", (socket: Socket) => {
        const advance = (stage: HttpStage) => () => {
          progress.stage = stage;
        };
        // One that is used again, or that was handed out after its handshake, is past all that.
        if (!socket.connecting) return advance("answer")();
        socket.once("connect", advance(isSecure ? "tls" : "answer"));
        socket.once("secureConnect", advance("answer"));
      });
      return request;
    },
  };
}
