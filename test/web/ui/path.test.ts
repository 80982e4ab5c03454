import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { View } from "../../../src/model/view.ts";
import { stateBody } from "../../../src/web/state.ts";
import { pathOf } from "../../../src/web/ui/path.ts";
import { okView, outageView } from "../fixtures.ts";

const at = 1_768_478_400_000;
const tones = (view: View) => pathOf(stateBody(view, "1", 0)).map((piece) => piece.tone);

describe("the drawn path", () => {
  it("is whole when all is well, though nobody measured the provider apart", () => {
    assert.deepEqual(tones(okView(at)), ["ok", "ok", "ok", "ok"]);
  });

  it("breaks at the provider in an outage of the provider's", () => {
    assert.deepEqual(tones(outageView(at)), ["ok", "ok", "bad", "bad"]);
  });

  it("is unknown behind a dead router, not broken", () => {
    const ok = okView(at);
    const targets = ok.targets.map(({ slug, name, host }) => ({ slug, name, host }));
    const verdict = { ...ok.verdict, verdict: "gateway_down", severity: "outage", blame: "router" } as const;
    assert.deepEqual(tones({ ...ok, gateway: false, internet: false, targets, verdict }), [
      "ok",
      "bad",
      "unknown",
      "unknown",
    ]);
  });

  it("is unknown where nothing was measured", () => {
    const { link: _link, gateway: _gateway, ...ok } = okView(at);
    const targets = ok.targets.map(({ slug, name, host }) => ({ slug, name, host }));
    const verdict = { ...ok.verdict, severity: "no_data", blame: "self" } as const;
    assert.deepEqual(tones({ ...ok, targets, verdict }), ["unknown", "unknown", "unknown", "unknown"]);
  });

  it("breaks at this machine without a carrier or an address", () => {
    const ok = okView(at);
    const link = {
      carrier: true,
      defaultRoute: true,
      addresses: ["192.168.1.20"],
      neighbour: "unknown",
      resolvers: [],
    } as const;
    assert.equal(tones({ ...ok, link: { ...link, carrier: false } })[0], "bad");
    assert.equal(tones({ ...ok, link: { ...link, addresses: [] } })[0], "bad");
    assert.equal(tones({ ...ok, link })[0], "ok");
  });

  it("is whole in part when some targets answer", () => {
    const ok = okView(at);
    const targets = ok.targets.map((target, n) => ({ ...target, reachable: n > 0 }));
    assert.deepEqual(tones({ ...ok, targets }), ["ok", "ok", "ok", "warn"]);
  });

  it("follows the provider's own hops where they are watched", () => {
    const hop = { slug: "first", name: "First hop", host: "100.64.0.1" };
    const ok = okView(at);
    assert.equal(tones({ ...ok, hops: [{ ...hop, reachable: true, rttMs: 4 }] })[2], "ok");
    assert.equal(
      tones({
        ...ok,
        hops: [
          { ...hop, reachable: true },
          { ...hop, reachable: false },
        ],
      })[2],
      "warn",
    );
    assert.equal(
      tones({ ...ok, hops: [{ ...hop, reachable: false }] })[2],
      "ok",
      "a silent hop is no break while targets answer",
    );
  });
});
