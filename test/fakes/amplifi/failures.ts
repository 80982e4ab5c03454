import type { RequestListener } from "node:http";
import { dripping, endless, hanging } from "../http-server.ts";

/** What may be wrong with an answer. */
export type AmplifiFailure =
  | "html"
  | "object"
  | "cut-json"
  | "cut-connection"
  | "huge"
  | "drip"
  | "mute"
  | "to-https"
  | "elsewhere"
  | "error-500"
  | "close";

/** Answers wrong in one way. `body` is what a right answer would be. */
export function failing(failure: AmplifiFailure, body: string): RequestListener {
  const half = body.slice(0, Math.floor(body.length / 2));
  const answers: Readonly<Record<AmplifiFailure, RequestListener>> = {
    html: (_request, response) => response.writeHead(200, { "Content-Type": "text/html" }).end("<h1>Busy</h1>"),
    object: (_request, response) => response.writeHead(200).end('{"error":"no"}'),
    "cut-json": (_request, response) => response.writeHead(200).end(half),
    "cut-connection": (_request, response) => {
      response.writeHead(200, { "Content-Length": Buffer.byteLength(body) });
      response.write(half, () => response.destroy());
    },
    huge: endless,
    drip: dripping,
    mute: hanging,
    "to-https": (_request, response) => response.writeHead(301, { Location: "https://192.168.1.1/login.php" }).end(),
    elsewhere: (_request, response) => response.writeHead(302, { Location: "http://elsewhere.example/" }).end(),
    "error-500": (_request, response) => response.writeHead(500).end("Internal Server Error"),
    close: (request) => request.destroy(),
  };
  return answers[failure];
}
