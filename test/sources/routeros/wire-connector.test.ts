import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { test } from "node:test";
import { createTextCodec } from "../../../src/sources/routeros/code-page.ts";
import { SafeConnector } from "../../../src/sources/routeros/wire/connector.ts";
import { WireFailure } from "../../../src/sources/routeros/wire/failure.ts";
import { encodeSentence } from "../../fakes/routeros/words.ts";

/** What a socket is told, as the network can't show it: how it is written to, and its options. */
class RecordingSocket extends Duplex {
  readonly written: Buffer[] = [];
  readonly told: unknown[] = [];

  override _read(): void {
    // Nothing ever comes.
  }
  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.written.push(bytes);
    done();
  }
  setNoDelay(on: boolean): this {
    this.told.push(["no delay", on]);
    return this;
  }
  setKeepAlive(on: boolean): this {
    this.told.push(["keep alive", on]);
    return this;
  }
}

function connected() {
  const socket = new RecordingSocket();
  const lost: unknown[] = [];
  const connector = new SafeConnector({
    socket: socket as unknown as Socket,
    codec: createTextCodec("windows-1252"),
    limits: { wordBytes: 100, sentenceBytes: 100, sentenceWords: 10, strayBytes: 100 },
    lost: (failure) => lost.push(failure),
  });
  return { socket, lost, connector: connector.connect() };
}

test("a sentence is one write, and none is delayed", () => {
  const { socket, connector } = connected();
  const words = ["/ip/arp/print", "=.proplist=address", "=comment=Küche", ".tag=1"];
  connector.write(words);
  assert.deepEqual(socket.written, [encodeSentence(words)]);
  assert.deepEqual(socket.told, [
    ["no delay", true],
    ["keep alive", true],
  ]);
});

test("a connection is lost once, whatever comes after it, and takes nothing more", () => {
  const { socket, lost, connector } = connected();
  connector.onError(new Error("broken"));
  connector.onEnd();
  connector.onData(Buffer.of(0xff));
  connector.write(["/ip/arp/print"]);
  assert.equal(lost.length, 1);
  assert.ok(lost[0] instanceof WireFailure && lost[0].kind === "lost");
  assert.ok(socket.destroyed);
  assert.deepEqual(socket.written, []);
});

test("a bug in what takes a reply ends the connection as that bug, and nothing is thrown into the event loop", () => {
  const { lost, connector } = connected();
  const bug = new TypeError("a bug");
  connector.read("1", () => {
    throw bug;
  });
  connector.onData(encodeSentence(["!done", ".tag=1"]));
  assert.deepEqual(lost, [bug]);
});
