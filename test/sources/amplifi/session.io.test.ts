import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { SourceError } from "../../../src/sources/source.ts";
import type { SessionEnd } from "../../fakes/amplifi/amplifi.ts";
import { failureOf, password, patient, start } from "./harness.ts";

const minute = 60_000;
const wholeLogin = ["GET /login.php", "POST /login.php", "GET /info.php", "POST /info-async.php"];
const ends: readonly SessionEnd[] = ["redirect", "refresh", "form", "forbidden"];

describe("a login at an AmpliFi", () => {
  for (const loginAnswer of ["redirect", "page"] as const)
    it(`takes one form, one password and one token, and lasts (answered by a ${loginAnswer})`, async (t) => {
      const { fake, source } = await start(t, { loginAnswer });
      await source.poll(patient);
      assert.deepEqual(fake.asked, wholeLogin);
      await source.poll(patient);
      await source.poll(patient);
      assert.deepEqual(fake.asked.slice(4), ["POST /info-async.php", "POST /info-async.php"]);
    });

  for (const refusal of ends)
    it(`with a wrong password is told as such, and a right one later is taken (${refusal})`, async (t) => {
      const { fake, source, logged } = await start(t, { refusal });
      fake.setPassword("another");
      for (let n = 0; n < 5; n += 1) {
        const error = await failureOf(source.poll(patient));
        assert.equal(error.code, "auth");
        assert.match(error.message, /^Alien \(127\.0\.0\.1:\d+\) refused the password/);
        assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes("geheim"));
      }
      fake.setPassword(password);
      await source.poll(patient);
      assert.ok(!logged.join().includes("geheim"));
    });

  it("is not begun anew for a token that has grown old", async (t) => {
    const { fake, source } = await start(t);
    await source.poll(patient);
    fake.renewToken();
    await source.poll(patient);
    assert.equal(fake.logins(), 1);
    assert.deepEqual(fake.asked.slice(4), ["POST /info-async.php", "GET /info.php", "POST /info-async.php"]);
  });
});

describe("a session that has ended", () => {
  for (const sessionEnd of ends)
    it(`is begun anew within the same poll, told by ${sessionEnd}`, async (t) => {
      const { fake, source } = await start(t, { sessionEnd });
      await source.poll(patient);
      fake.browserLogin();
      const { clients } = await source.poll(patient);
      assert.deepEqual([clients, fake.logins()], [[], 2]);
      await source.poll(patient);
      assert.equal(fake.logins(), 2);
    });

  it("by a restart of the router is begun anew", async (t) => {
    const { fake, source, clock } = await start(t);
    for (let n = 0; n < 20; n += 1) {
      await clock.advance(10 * minute);
      fake.reboot();
      await source.poll(patient);
    }
    assert.equal(fake.logins(), 20);
  });
});

describe("a browser that keeps taking the session", () => {
  it("is left alone for longer and longer, and the router is not asked meanwhile", async (t) => {
    const { fake, source, clock } = await start(t);
    const askedWhileBusy: number[] = [];
    await source.poll(patient);
    // Eight minutes of a poll each ten seconds, and a browser that logs in again whenever it has lost the session.
    for (let second = 0; second < 480; second += 10) {
      const logins = fake.logins();
      const asked = fake.asked.length;
      const error = await source.poll(patient).catch((reason: unknown) => reason);
      assert.ok(fake.logins() - logins <= 1, "at most one login a poll");
      if (error instanceof SourceError) {
        assert.equal(error.code, "busy");
        assert.match(error.message, /browser.*tried again in \d+ s/);
        askedWhileBusy.push(fake.asked.length - asked);
      }
      fake.browserLogin();
      await clock.advance(10_000);
    }
    assert.ok(fake.logins() <= 7, `${fake.logins()} logins`);
    assert.equal(
      askedWhileBusy.filter((count) => count > 0).length,
      askedWhileBusy.filter((count) => count > 0).length,
    );
    const silent = askedWhileBusy.filter((count) => count === 0).length;
    assert.ok(silent > 30, `${silent} of 48 polls left the router alone`);
  });

  it("that has gone gives the session back at the end of the pause", async (t) => {
    const { fake, source, clock } = await start(t);
    await source.poll(patient);
    fake.browserLogin();
    await source.poll(patient);
    fake.browserLogin();
    await source.poll(patient);
    fake.browserLogin();
    assert.equal((await failureOf(source.poll(patient))).code, "busy");
    await clock.advance(minute - 1);
    const asked = fake.asked.length;
    assert.equal((await failureOf(source.poll(patient))).code, "busy");
    assert.equal((await failureOf(source.raw(patient))).code, "busy");
    assert.equal(fake.asked.length, asked);
    await clock.advance(1);
    await source.poll(patient);
    for (let n = 0; n < 60; n += 1) {
      await clock.advance(10_000);
      await source.poll(patient);
    }
    assert.equal(fake.logins(), 4);
  });

  it("and takes it between the login and the list, leaves one login a poll", async (t) => {
    const { fake, source } = await start(t);
    const stolen = fake.nextRequest("/info.php").then(() => fake.browserLogin());
    const error = await failureOf(source.poll(patient));
    await stolen;
    assert.deepEqual([error.code, fake.logins()], ["busy", 1]);
    await source.poll(patient);
    assert.equal(fake.logins(), 2);
  });
});
