import assert from "node:assert/strict";
import { test } from "node:test";
import { createLog } from "../../src/lib/log.ts";
import { readableOutput } from "../../src/lib/readable-log.ts";

function logged(level: "debug" | "info", fields: object, secrets: string[] = []): string {
  let text = "";
  createLog(
    level,
    {
      write: (line) => {
        text += line;
      },
    },
    secrets,
  ).info("message", fields);
  return text;
}

test("no secret reaches the log, however deep it lies", () => {
  const cause = new Error("cannot log in with hunter22");
  const text = logged(
    "info",
    {
      error: cause,
      list: [{ deep: { er: { router: { password: "one" } } } }],
      url: "mqtt://user:two@broker:1883",
      mqtt_password: "three",
      apiKey: "four",
      headers: { Authorization: "Bearer five" },
      note: "the key is hunter22",
    },
    ["hunter22"],
  );
  for (const secret of ["hunter22", '"one"', "two@", "three", "four", "five"])
    assert.ok(!text.includes(secret), secret);
  assert.ok(text.includes("//***@broker:1883"));
});

test("endless and circular fields are cut", () => {
  const circle: Record<string, unknown> = { long: "x".repeat(100_000) };
  circle["self"] = circle;
  assert.ok(logged("info", { circle, many: Array.from({ length: 10_000 }, () => "item") }).length < 40_000);
});

test("a level below the wanted one costs nothing and says nothing", () => {
  let touched = false;
  const log = createLog("info", {
    write: () => {
      touched = true;
    },
  });
  log.debug("quiet");
  assert.equal(touched, false);
});

test("at a terminal a line is for people, and control characters from the network do nothing", () => {
  let text = "";
  const log = createLog(
    "info",
    readableOutput({
      write: (line) => {
        text += line;
      },
    }),
  );
  log.warn("a device joined", { name: "\u001b[2Jevil\nname", count: 2 });
  assert.match(text, /^\d\d:\d\d:\d\d WARN {2}a device joined name=·\[2Jevil·name count=2\n$/);
});
