import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { suite, test } from "node:test";
import { eventPayload } from "../../../src/entities/render.ts";
import { createCommandSink } from "../../../src/sinks/alerter/command.ts";
import { eventually } from "../../ha/eventually.ts";
import { fakeProgram } from "../../probes/icmp/fake-program.ts";
import { hastyClock, joined, keptLog, started } from "./harness.ts";

function sinkFor(command: readonly string[], given: Parameters<typeof hastyClock>[0] = {}) {
  const kept = keptLog();
  return { kept, ...started(createCommandSink({ command, clock: hastyClock(given).clock, log: kept.log })) };
}

const read = (file: string) => (existsSync(file) ? readFileSync(file, "utf8") : "");
const count = (file: string, word: string) => read(file).split(`${word}\n`).length - 1;

suite("the command", () => {
  test("gets the event on its standard input, and its arguments as configured; no name ever reaches a shell", async () => {
    // The script notes how many arguments there are, each on a line, and then what it is sent.
    using program = fakeProgram('echo "$#" >>"$NOTES"; printf "%s\\n" "$@" >>"$NOTES"; cat >>"$NOTES"');
    const args = ["--urgent", "$(touch pwned-by-argument)", "a b"];
    await using sink = sinkFor([program.file, ...args]);
    const event = joined("--help $(touch pwned) `touch pwned` ; touch pwned | 'a' \"b\" \\ \n -rf /");
    sink.tell(event);
    await eventually("it ran", () => read(program.notes).endsWith("}\n"));
    assert.deepEqual(read(program.notes).split("\n"), ["3", ...args, eventPayload(event), ""]);
    assert.ok(!existsSync("pwned") && !existsSync("pwned-by-argument"));
  });

  test("runs once for each event, and at most twice at a time", async () => {
    using program = fakeProgram(
      'echo begin >>"$NOTES"; while [ ! -e "$NOTES.go" ]; do sleep 0.02; done; echo end >>"$NOTES"',
    );
    await using sink = sinkFor([program.file]);
    sink.tell(...["a", "b", "c", "d", "e"].map(joined));
    await eventually("two run", () => count(program.notes, "begin") === 2);
    writeFileSync(`${program.notes}.go`, "");
    await eventually("all have run", () => count(program.notes, "end") === 5);
    let [now, most] = [0, 0];
    for (const word of read(program.notes).trim().split("\n")) {
      now += word === "begin" ? 1 : -1;
      most = Math.max(most, now);
    }
    assert.equal(most, 2);
  });

  test("that fails is complained of once, and praised once when it works again", async () => {
    using program = fakeProgram('echo ran >>"$NOTES"; [ -e "$NOTES.good" ] || exit 7');
    await using sink = sinkFor([program.file]);
    sink.tell(joined("a"), joined("b"), joined("c"));
    await eventually("all have run", () => count(program.notes, "ran") === 3);
    writeFileSync(`${program.notes}.good`, "");
    sink.tell(joined("d"));
    await eventually("it works again", () => sink.kept.lines().length === 2);
    assert.deepEqual(sink.kept.lines(), ["40 the alert's command failed", "30 the alert's command works again"]);
    assert.match(sink.kept.text(), /it ended with code 7/);
  });

  for (const [what, file, reason] of [
    ["is not there", "/nonexistent/notify", "there is no such program"],
    ["may not be executed", "/etc", "it may not be executed"],
  ] as const) {
    test(`that ${what} is one clear error`, async () => {
      const sink = sinkFor([file]);
      sink.tell(joined("a"), joined("b"), joined("c"));
      await sink.stop();
      assert.deepEqual(sink.kept.lines(), ["50 the alert's command can't be started: see alerts.command"]);
      assert.ok(sink.kept.text().includes(reason));
    });
  }

  test("that does not end is killed after its deadline", async () => {
    using program = fakeProgram('trap "" TERM; echo $$ >"$NOTES"; exec sleep 600');
    await using sink = sinkFor([program.file], { deadlines: 0.05 });
    sink.tell(joined("a"));
    await eventually("it was killed", () => sink.kept.text().includes("took longer than 30 s and was killed"));
    const pid = Number(read(program.notes));
    assert.ok(pid > 1);
    assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
  });

  test("that still runs at the end is waited for, and killed when that takes too long", async () => {
    using program = fakeProgram('echo $$ >"$NOTES"; exec sleep 600');
    const sink = sinkFor([program.file], { deadlines: 0.1 });
    sink.tell(joined("a"));
    await eventually("it runs", () => read(program.notes).endsWith("\n"));
    await sink.stop();
    assert.throws(() => process.kill(Number(read(program.notes)), 0), { code: "ESRCH" });
  });

  test("need not read what it is sent", async () => {
    using program = fakeProgram('echo ran >>"$NOTES"');
    await using sink = sinkFor([program.file]);
    sink.tell(joined("x".repeat(1_000_000)), joined("b"));
    await eventually("both have run", () => count(program.notes, "ran") === 2);
    assert.deepEqual(sink.kept.lines(), []);
  });

  test("may talk: some of it shows in the debug log, and not more", async () => {
    using program = fakeProgram(
      'i=0; while [ $i -lt 5000 ]; do echo "chatter $i"; i=$((i+1)); done; echo ran >>"$NOTES"',
    );
    const sink = sinkFor([program.file]);
    sink.tell(joined("a"));
    await eventually("it has run", () => count(program.notes, "ran") === 1);
    await sink.stop();
    assert.equal(sink.kept.text().split("chatter").length - 1, 20);
    assert.deepEqual(sink.kept.lines(), []);
  });
});
