import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { messageOf, problemsOf } from "../../src/config/messages.ts";
import { configJsonSchema, configSchema } from "../../src/config/schema.ts";
import { deviceSettingsOf, macupdOptionsOf, routerSourcesOf, sourceSettingsOf } from "../../src/config/sources.ts";

const config = (value: unknown) => configSchema.parse(value);
const alien = { kind: "amplifi", name: "Alien", host: "192.168.1.1", password: "one" };
const hex = { kind: "routeros", name: "Hex", host: "192.168.88.1", username: "api", password: "two" };
const attic = { kind: "ddwrt", name: "Attic", host: "192.168.1.2:8080", password: "three", interval: 2.5 };

suite("routers", () => {
  test("are sources in their order, each with what its driver needs", () => {
    const [first, second, third] = routerSourcesOf(config({ routers: [alien, hex, attic] }));
    assert.deepEqual(first, {
      settings: {
        id: "alien",
        name: "Alien",
        kind: "amplifi",
        host: "192.168.1.1",
        isRouter: true,
        intervalMs: 10_000,
      },
      options: {
        kind: "amplifi",
        name: "Alien",
        host: "192.168.1.1",
        password: "one",
        tls: "off",
        fingerprint: "",
      },
    });
    assert.deepEqual(second?.options, {
      kind: "routeros",
      name: "Hex",
      host: "192.168.88.1",
      username: "api",
      password: "two",
      tls: "verify",
      fingerprint: "",
      code_page: "windows-1252",
    });
    assert.deepEqual([third?.settings.host, third?.settings.intervalMs], ["192.168.1.2:8080", 2_500]);
  });

  test("of one name have ids of their own, and none has that of the reports", () => {
    const named = (name: string) => ({ ...alien, name });
    const routers = [named("Alien"), named("alien!"), named("MACupd")];
    assert.deepEqual(
      sourceSettingsOf(config({ routers, macupd: { enabled: true } })).map(({ id }) => id),
      ["alien", "alien_2", "macupd_2", "macupd"],
    );
    assert.deepEqual(
      sourceSettingsOf(config({ routers })).map(({ id }) => id),
      ["alien", "alien_2", "macupd_2"],
    );
  });
});

suite("reports", () => {
  test("are a source when they are switched on", () => {
    assert.deepEqual(sourceSettingsOf(config({})), []);
    assert.deepEqual(sourceSettingsOf(config({ macupd: { enabled: true, host: "::", port: 2057 } })), [
      { id: "macupd", name: "macupd", kind: "macupd", host: "[::]:2057", isRouter: false, intervalMs: 10_000 },
    ]);
    assert.equal(
      macupdOptionsOf(config({ routers: [attic] }), () => undefined),
      undefined,
    );
  });

  const senders = (value: object, gateway?: string) => {
    const options = macupdOptionsOf(
      config({ routers: [alien, attic], macupd: { enabled: true, ...value } }),
      () => gateway,
    );
    return [...(options?.senders() ?? [])];
  };

  test("may come from the ddwrt routers and the gateway when no sender is configured", () => {
    assert.deepEqual(senders({}), [["192.168.1.2", "Attic"]]);
    assert.deepEqual(senders({}, "10.0.0.1"), [
      ["10.0.0.1", "Gateway"],
      ["192.168.1.2", "Attic"],
    ]);
    assert.deepEqual(senders({}, "192.168.1.2"), [["192.168.1.2", "Attic"]]);
    assert.deepEqual(senders({}, "192.168.1.1")[0], ["192.168.1.1", "Alien"]);
  });

  test("may come from the configured senders alone, named as the router at that address", () => {
    assert.deepEqual(senders({ senders: ["192.168.1.2", "10.9.9.9"] }, "10.0.0.1"), [
      ["192.168.1.2", "Attic"],
      ["10.9.9.9", "10.9.9.9"],
    ]);
  });

  test("follow the gateway when it changes", () => {
    let gateway = "10.0.0.1";
    const options = macupdOptionsOf(config({ macupd: { enabled: true } }), () => gateway);
    gateway = "10.0.0.2";
    assert.deepEqual([...(options?.senders() ?? [])], [["10.0.0.2", "Gateway"]]);
  });

  test("from a router whose host is a name are not expected: its address is not known", () => {
    const routers = [{ ...attic, host: "attic.lan" }];
    assert.deepEqual(
      [...(macupdOptionsOf(config({ routers, macupd: { enabled: true } }), () => undefined)?.senders() ?? [])],
      [],
    );
  });
});

suite("devices", () => {
  test("have the defaults of the configuration, in the model's units", () => {
    assert.deepEqual(deviceSettingsOf(config({})), {
      known: [],
      ignore: [],
      awayAfterMs: 180_000,
      forgetAfterMs: 30 * 86_400_000,
      poorSignalPercent: 60,
      poorSignalDbm: -75,
      hogDownBytes: 500_000_000,
      hogUpBytes: 50_000_000,
    });
  });

  test("that are known may have several addresses, each in any spelling", () => {
    const known = ["11:22:33:44:55:66|Laptop", " AA-BB-CC-DD-EE-FF , 0:1:2:3:4:5,a0b0c0d0e0f0 | Anna's phone | new"];
    assert.deepEqual(deviceSettingsOf(config({ known })).known, [
      { macs: ["11:22:33:44:55:66"], name: "Laptop" },
      { macs: ["aa:bb:cc:dd:ee:ff", "00:01:02:03:04:05", "a0:b0:c0:d0:e0:f0"], name: "Anna's phone | new" },
    ]);
  });

  const table: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["no address", ["x|Laptop"], ["known[0]: must begin with a MAC address such as 11:22:33:44:55:66"]],
    [
      "half an address among several",
      ["11:22:33:44:55:66,11:22|Laptop"],
      ["known[0]: must begin with MAC addresses such as 11:22:33:44:55:66, with a comma between two"],
    ],
    [
      "a comma too many",
      ["11:22:33:44:55:66,|Laptop"],
      ["known[0]: must begin with MAC addresses such as 11:22:33:44:55:66, with a comma between two"],
    ],
    ["no name", ["11:22:33:44:55:66| "], ['known[0]: must be "MAC|name", such as "11:22:33:44:55:66|Laptop"']],
    [
      "an address in two entries, spelled in two ways",
      ["11:22:33:44:55:66|Laptop", "22:22:33:44:55:66|Phone", "11-22-33-44-55-66|Other"],
      ["known[2]: has a MAC address that known[0] has already"],
    ],
    [
      "an address twice in one entry",
      ["11:22:33:44:55:66,112233445566|Laptop"],
      ["known[0]: has the same MAC address twice"],
    ],
  ];
  for (const [what, known, messages] of table) {
    test(`with ${what} are refused, and it is said where`, () => {
      const parsed = configSchema.safeParse({ known }, { error: messageOf });
      assert.ok(!parsed.success);
      const problems = problemsOf(parsed.error.issues, configJsonSchema());
      assert.deepEqual(
        problems.map(({ path, message }) => `${path[0]}[${path[1]}]: ${message}`),
        messages,
      );
    });
  }
});
