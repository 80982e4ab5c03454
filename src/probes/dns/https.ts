import type { Limits } from "../../lib/deadline.ts";
import { type HttpClient, HttpError } from "../../lib/http.ts";
import type { ProbeFailure } from "../../model/types.ts";
import { type Answer, encodeQuestion, mostAnswerBytes, type Question, readAnswer } from "./message.ts";

const messageType = "application/dns-message";

/** Where and with which connections a resolver is asked by HTTPS. */
export interface HttpsServer {
  readonly url: string;
  readonly client: HttpClient;
}

/** Asks by HTTPS (RFC 8484). The id is 0 there: the connection itself proves who answers. Rejects on abort. */
export async function askByHttps(server: HttpsServer, question: Question, limits: Limits): Promise<Answer> {
  const asked = { ...question, id: 0 };
  try {
    const { status, headers, body } = await server.client.request(
      {
        url: server.url,
        method: "POST",
        body: encodeQuestion(asked),
        headers: { "Content-Type": messageType, Accept: messageType, "Accept-Encoding": "identity" },
        maxBytes: mostAnswerBytes,
      },
      limits,
    );
    if (status >= 300 && status < 400) return fail("redirect", `answered ${status}`);
    if (status !== 200) return fail("status", `answered ${status}`);
    if (headers["content-type"]?.split(";")[0]?.trim().toLowerCase() !== messageType) {
      return fail("mismatch", "answered with something that is not DNS");
    }
    const answer = readAnswer(body, asked);
    return answer === undefined || answer.kind === "truncated" ? fail("protocol", "answered another question") : answer;
  } catch (error) {
    if (!(error instanceof HttpError) || error.code === "aborted") throw error;
    return fail(reasonOf(error), saidBy(error));
  }
}

function reasonOf({ code }: HttpError): ProbeFailure {
  switch (code) {
    case "too_large":
      return "protocol";
    case "unresolved":
    case "aborted":
    case "local":
      return "internal";
    case "timeout":
    case "refused":
    case "unreachable":
    case "reset":
    case "tls":
    case "protocol":
      return code;
  }
}

function saidBy({ code, detail }: HttpError): string {
  return code === "unresolved" ? `cannot resolve the resolver's own name (${detail})` : `${code}: ${detail}`;
}

function fail(reason: ProbeFailure, detail: string): Answer {
  return { kind: "failed", reason, detail };
}
