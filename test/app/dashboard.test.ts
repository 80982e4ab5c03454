import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { entityIdsIn, freshEntities } from "./entities.ts";
import { readYaml } from "./manifest.ts";

interface Card {
  readonly type: string;
  readonly content?: string;
}

interface Dashboard {
  readonly views: readonly {
    readonly title: string;
    readonly type: string;
    readonly sections: readonly { readonly cards: readonly Card[] }[];
  }[];
}

const dashboard = readYaml("ha-addon/lovelace/netwarden.yaml") as Dashboard;
const stock = new Set(["heading", "tile", "markdown", "history-graph", "entities", "logbook"]);

suite("the dashboard", () => {
  test("shows only entities that a fresh installation has", () => {
    const shown = entityIdsIn(dashboard);
    assert.ok(shown.length > 20);
    for (const id of shown) assert.ok(freshEntities.has(id), id);
  });

  test("shows whether each default target is reachable", () => {
    const shown = new Set(entityIdsIn(dashboard));
    for (const id of freshEntities) if (/_target_.*_reachable$/.test(id)) assert.ok(shown.has(id), id);
  });

  test("shows who is on the network in a view of its own", () => {
    const [, devices] = dashboard.views;
    assert.equal(devices?.title, "Devices");
    const shown = new Set(entityIdsIn(devices));
    for (const id of ["sensor.home_hub_devices_online", "sensor.home_hub_unknown_devices"])
      assert.ok(shown.has(id), id);
  });

  test("is made of stock cards in sections", () => {
    for (const view of dashboard.views) {
      assert.equal(view.type, "sections");
      for (const { type } of view.sections.flatMap(({ cards }) => cards)) assert.ok(stock.has(type), type);
    }
  });
});
