import { createHash } from "node:crypto";
import type { Limits } from "../../../lib/deadline.ts";
import type { TextCodec } from "../code-page.ts";
import type { CommandAnswer } from "./channel.ts";
import { WireFailure } from "./failure.ts";
import type { Session } from "./session.ts";

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/**
 * Logs in as 6.43 and later want it, and answers the challenge where an older release gives one instead. Text goes as UTF-8;
 * where that is refused, and there is more than ASCII in it, once more as WinBox may have set it: in the code page.
 * Rejects with a `WireFailure`: "login" with the router's words.
 */
export async function logIn(
  session: Session,
  { username, password, codec }: Credentials & { readonly codec: TextCodec },
  limits: Limits,
): Promise<void> {
  const utf8 = { name: Buffer.from(username, "utf8"), password: Buffer.from(password, "utf8") };
  try {
    return await logInWith(session, utf8, limits);
  } catch (error) {
    const other = inCodePage({ username, password }, codec);
    const worthIt = error instanceof WireFailure && error.kind === "login" && session.alive;
    if (!worthIt || other === undefined || same(utf8, other)) throw error;
    return await logInWith(session, other, limits);
  }
}

interface Secrets {
  readonly name: Buffer;
  readonly password: Buffer;
}

async function logInWith(session: Session, { name, password }: Secrets, limits: Limits): Promise<void> {
  const nameWord = pair("name", name);
  const { ret } = granted(await session.run(["/login", nameWord, pair("password", password)], limits));
  if (ret === undefined) return;
  if (!/^([0-9a-f]{2}){1,64}$/i.test(ret)) throw new WireFailure("malformed", "a challenge that is none");
  const challenge = Buffer.from(ret, "hex");
  const digest = createHash("md5").update(Buffer.of(0)).update(password).update(challenge).digest("hex");
  granted(await session.run(["/login", nameWord, `=response=00${digest}`], limits));
}

function granted({ traps, done }: CommandAnswer): CommandAnswer["done"] {
  const [trap] = traps;
  if (trap !== undefined) throw new WireFailure("login", trap.message);
  return done;
}

function inCodePage({ username, password }: Credentials, codec: TextCodec): Secrets | undefined {
  const name = codec.encodeInCodePage(username);
  const bytes = codec.encodeInCodePage(password);
  return name === undefined || bytes === undefined ? undefined : { name, password: bytes };
}

function same(one: Secrets, other: Secrets): boolean {
  return one.name.equals(other.name) && one.password.equals(other.password);
}

function pair(name: string, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`=${name}=`), value]);
}
