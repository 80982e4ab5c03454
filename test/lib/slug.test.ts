import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { slug, uniqueSlugs } from "../../src/lib/slug.ts";

test("names become parts of topics", () => {
  assert.equal(slug("Küche (Büro)"), "kuche_buro");
  assert.equal(slug("Straße 7"), "strasse_7");
  assert.equal(slug("1.1.1.1"), "1_1_1_1");
  assert.equal(slug("Кухня"), slug("Кухня"));
  assert.notEqual(slug("Кухня"), slug("Дом"));
});

test("any name gives something that a topic may hold, and a list never repeats itself", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" }), { maxLength: 8 }), (names) => {
      const slugs = uniqueSlugs(names);
      for (const one of slugs) assert.match(one, /^[a-z0-9_]{1,60}$/);
      assert.equal(new Set(slugs).size, names.length);
    }),
  );
});
