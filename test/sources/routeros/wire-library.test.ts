import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import {
  LibraryChannel,
  LibraryConnector,
  LibraryReceiver,
  LibraryTransmitter,
} from "../../../src/sources/routeros/wire/library.ts";

/** What the replacements replace or call: another version of the library may have dropped any of it. */
const reliedOn: readonly (readonly [name: string, part: { readonly prototype: object }, methods: readonly string[]])[] =
  [
    ["Connector", LibraryConnector, ["connect", "write", "read", "stopRead", "destroy", "onError", "onEnd", "onData"]],
    ["Receiver", LibraryReceiver, ["read", "stop", "processRawData"]],
    ["Transmitter", LibraryTransmitter, ["encodeString"]],
    ["Channel", LibraryChannel, ["write", "close", "readAndWrite", "processPacket"]],
  ];

for (const [name, { prototype }, methods] of reliedOn) {
  test(`node-routeros' ${name} still has the methods that are replaced or called`, () => {
    const missing = methods.filter((method) => typeof Reflect.get(prototype, method) !== "function");
    assert.deepEqual(missing, []);
  });
}

test("the library's connector still hands sockets, tags and packets on as relied upon", () => {
  const source = (file: string) =>
    readFileSync(createRequire(import.meta.url).resolve(`node-routeros/dist/${file}`), "utf8");
  assert.match(source("Channel.js"), /params\.push\('\.tag=' \+ this\.id\)/);
  assert.match(
    source("Channel.js"),
    /this\.connector\.read\(this\.id, \(packet\) => this\.processPacket\(packet\)\);\s+this\.connector\.write\(params\)/,
  );
  assert.match(source("Channel.js"), /this\.connector\.stopRead\(this\.id\)/);
  assert.match(source("connector/Connector.js"), /this\.receiver\.read\(tag, callback\)/);
  assert.match(source("connector/Connector.js"), /this\.receiver\.stop\(tag\)/);
  assert.match(source("connector/Connector.js"), /this\.socket\.destroy\(\);\s+this\.removeAllListeners\(\)/);
  assert.match(source("connector/Receiver.js"), /this\.tags\.set\(tag, \{\s+name: tag,\s+callback: callback/);
});

test("exactly the version is installed whose internals were read", () => {
  const manifest: unknown = createRequire(import.meta.url)("node-routeros/package.json");
  assert.equal((manifest as { readonly version: string }).version, "1.6.9");
});
