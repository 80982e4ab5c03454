import type { TestContext } from "node:test";
import type { Log } from "../../../src/lib/log.ts";
import { type AmplifiOptions, createAmplifiSource } from "../../../src/sources/amplifi/amplifi.ts";
import { SourceError } from "../../../src/sources/source.ts";
import { type FakeAmplifi, type FakeAmplifiOptions, startAmplifi } from "../../fakes/amplifi/amplifi.ts";
import { FakeClock } from "../../fakes/fake-clock.ts";

export const password = "geheim & süß=1";

/** Never aborted. */
export const patient = new AbortController().signal;

/** A simulated router and the driver that reads it; both end with the test. */
export async function start(t: TestContext, fakeOptions: Partial<FakeAmplifiOptions> = {}) {
  const fake = await startAmplifi({ password, ...fakeOptions });
  t.after(() => fake.close());
  return { fake, ...open(t, fake) };
}

/** A driver for a simulated router, with a clock that stands still. */
export function open(t: TestContext, fake: Pick<FakeAmplifi, "host">, options: Partial<AmplifiOptions> = {}) {
  const clock = new FakeClock();
  const logged: string[] = [];
  const note = (message: string, fields: object = {}) => logged.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug: note, info: note, warn: note, error: note };
  const access = { kind: "amplifi", name: "Alien", host: fake.host, password, tls: "off", fingerprint: "" } as const;
  const source = createAmplifiSource({ ...access, ...options }, { clock, log });
  t.after(() => source.close());
  return { source, clock, logged };
}

/** The `SourceError` with which this ends. */
export async function failureOf(work: Promise<unknown>): Promise<SourceError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SourceError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}
