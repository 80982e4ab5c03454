import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { homeAssistantFolder } from "../../ha/folder.ts";
import { type Reply, type RouterosServerOptions, startRouterosServer } from "./wire.ts";
import { encodeSentence } from "./words.ts";

// librouteros turns numbers and booleans into its own; text that is neither stays as it is.
const leases = Array.from({ length: 5_000 }, (_, n) => ({
  ".id": `*${n.toString(16)}h`,
  address: `10.0.${n >> 8}.${n & 255}`,
  comment: n % 7 === 0 ? `Küche ${"x".repeat(n % 300)}` : "",
}));

const replies: Readonly<Record<string, Reply>> = {
  "/lease/print": { rows: leases },
  "/none/print": { rows: [] },
  "/add": { rows: [], done: { ret: "*1F" } },
  "/absent/print": { trap: { category: 0, message: "no such command prefix" } },
  "/partly/print": { rows: leases.slice(0, 3), trap: { message: "interrupted" } },
  "/twice/print": {
    raw: Buffer.concat([
      encodeSentence(["!trap", "=message=one"]),
      encodeSentence(["!trap", "=message=two"]),
      encodeSentence(["!done"]),
    ]),
  },
  "/fatal": { fatal: "session terminated" },
};

interface Asked {
  readonly server?: Partial<RouterosServerOptions>;
  readonly login?: "plain" | "token";
  readonly password?: string;
  readonly commands?: readonly (readonly string[])[];
}

/** What librouteros made of it: of the login first, then of each command. */
async function ask({
  server: options,
  login = "plain",
  password = "secret",
  commands = [],
}: Asked): Promise<unknown[]> {
  const server = await startRouterosServer({
    user: "api",
    password: "secret",
    answer: ({ path }) => replies[path] ?? "mute",
    ...options,
  });
  try {
    const python = join(homeAssistantFolder(), "venv", "bin", "python");
    const script = fileURLToPath(new URL("./librouteros_check.py", import.meta.url));
    const anonymous = options?.tls === "anonymous";
    const question = { port: server.port, username: "api", password, login, anonymous, commands };
    const told = await new Promise<string>((resolve, reject) => {
      const done = (error: Error | null, out: string) => (error === null ? resolve(out) : reject(error));
      const child = execFile(python, [script], { maxBuffer: 50_000_000, timeout: 60_000 }, done);
      child.stdin?.end(JSON.stringify(question));
    });
    return JSON.parse(told) as unknown[];
  } finally {
    await server.close();
  }
}

const loggedIn = { rows: [] };

test("librouteros logs in and reads the rows, nothing, a returned value, traps and the end", async () => {
  const commands = Object.keys(replies).map((path) => [path]);
  assert.deepEqual(await ask({ commands }), [
    loggedIn,
    { rows: leases },
    { rows: [] },
    { rows: [{ ret: "*1F" }] },
    { error: "TrapError", message: "no such command prefix", category: 0 },
    { error: "TrapError", message: "interrupted" },
    { error: "MultiTrapError", message: "one, two" },
    { error: "FatalError", message: "session terminated" },
  ]);
});

test("librouteros gets only the properties that it asks for", async () => {
  const commands = [["/lease/print", "=.proplist=address"]];
  assert.deepEqual(await ask({ commands }), [loggedIn, { rows: leases.map(({ address }) => ({ address })) }]);
});

for (const chunk of [1, 3, 64])
  test(`librouteros reads answers that are cut into ${chunk} bytes each`, async () => {
    const commands = [["/none/print"], ["/absent/print"], ["/add"]];
    const [first, ...rest] = await ask({ server: { chunk }, commands });
    assert.deepEqual(first, loggedIn);
    assert.equal(rest.length, 3);
    assert.deepEqual(rest[2], { rows: [{ ret: "*1F" }] });
  });

test("librouteros answers the challenge of an old release", async () => {
  const commands = [["/none/print"]];
  assert.deepEqual(await ask({ server: { legacyLogin: true, saysEmpty: false }, login: "token", commands }), [
    loggedIn,
    { rows: [] },
  ]);
});

for (const login of ["plain", "token"] as const)
  test(`librouteros is refused with a wrong password (${login})`, async () => {
    const refused = { error: "TrapError", message: "invalid user name or password (6)" };
    assert.deepEqual(await ask({ server: { legacyLogin: login === "token" }, login, password: "wrong" }), [refused]);
  });

test("librouteros gets in without a certificate by anonymous Diffie-Hellman", async () => {
  const commands = [["/add"]];
  assert.deepEqual(await ask({ server: { tls: "anonymous" }, commands }), [loggedIn, { rows: [{ ret: "*1F" }] }]);
});
