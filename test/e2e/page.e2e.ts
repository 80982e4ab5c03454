import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { BrowserContextOptions } from "playwright-core";
import type { Outage, View } from "../../src/model/view.ts";
import { okView, outageStarted, outageView, pastOutage } from "../web/fixtures.ts";
import { desktop, overflow, type PageBench, phone, screens, startPageBench, violations } from "./page-bench.ts";

describe("the page in a browser, below a path prefix", () => {
  let bench: PageBench;
  const open = (options: BrowserContextOptions, path?: string) => bench.open(options, path);
  const show = (view: View) => bench.show(view);
  const outages = (list: readonly Outage[]) => bench.history({ outages: async () => list });

  before(async () => {
    bench = await startPageBench();
  });
  after(() => bench.close());

  for (const [name, options] of [
    ["phone-dark", phone],
    ["desktop-light", desktop],
  ] as const) {
    it(`says at one look that all is well (${name})`, async () => {
      show(okView(Date.now()));
      outages([pastOutage(Date.now())]);
      const { page, problems, close } = await open(options);
      await page.getByRole("heading", { name: "All is well" }).waitFor();
      await page.getByText("lasted 1 h", { exact: false }).waitFor();
      assert.equal(await page.getByRole("row", { name: /Quad9/ }).getByText("Yes").count(), 2);
      assert.equal(await page.getByText("Not working").count(), 0);
      await page.screenshot({ path: join(screens, `ok-${name}.png`), fullPage: true });
      assert.deepEqual(await violations(page), []);
      assert.equal(await overflow(page), 0);
      assert.deepEqual(problems, []);
      await close();
    });

    it(`says whose fault an outage is, since when, where and what to do (${name})`, async () => {
      show(outageView(Date.now()));
      outages([
        pastOutage(Date.now()),
        { ...pastOutage(Date.now()), started: Date.now() - 725_000, ended: undefined } as unknown as Outage,
      ]);
      const { page, problems, close } = await open(options);
      await page.getByRole("heading", { name: "The provider's line is down" }).waitFor();
      for (const words of [
        "the provider",
        "87 %",
        "between the router and the provider's first hop",
        "Switch the modem off",
      ])
        assert.ok((await page.getByText(words).count()) > 0, words);
      assert.match((await page.locator(".since").textContent()) ?? "", /^12 min \d+ s$/);
      const provider = page.getByRole("listitem").filter({ hasText: "Provider" }).first();
      assert.match((await provider.textContent()) ?? "", /Not working/);
      const unmeasured = page.getByRole("row", { name: /Quad9/ });
      assert.equal(await unmeasured.getByText("Unknown").count(), 2, "what nobody measured is unknown, not down");
      await page.screenshot({ path: join(screens, `outage-${name}.png`), fullPage: true });
      assert.deepEqual(await violations(page), []);
      assert.equal(await overflow(page), 0);
      assert.deepEqual(problems, []);
      await close();
    });
  }

  it("follows a change without a reload and lets the duration run", async () => {
    show(okView(Date.now()));
    const { page, problems, close } = await open(desktop);
    await page.getByRole("heading", { name: "All is well" }).waitFor();
    bench.show(outageView(Date.now()), [outageStarted(Date.now())]);
    await page.getByRole("heading", { name: "The provider's line is down" }).waitFor();
    await page.getByText("The Internet is down: the provider's line.").waitFor();
    assert.equal(await page.title(), "The provider's line is down – Netwarden");
    const first = await page.locator(".since").textContent();
    await page
      .locator(".since")
      .filter({ hasNotText: first ?? "" })
      .waitFor();
    assert.deepEqual(problems, []);
    await close();
  });

  it("shows quietly that a suspicion is being looked into", async () => {
    show({ ...okView(Date.now()), episode: { state: "suspect", suspectSince: Date.now() } });
    const { page, close } = await open(phone);
    await page.getByText("A probe went unanswered: looking closer").waitFor();
    await page.getByRole("heading", { name: "All is well" }).waitFor();
    assert.deepEqual(await violations(page), []);
    await page.screenshot({ path: join(screens, "suspect-phone-dark.png") });
    await close();
  });

  it("shows switched-off monitoring and first start as unknown, not as down", async () => {
    const { verdict: _, since: __, ...unmeasured } = okView(Date.now()).verdict;
    const fresh = { ...okView(Date.now()), verdict: { ...unmeasured, severity: "no_data", evidence: [] } } as const;
    show(fresh);
    const { page, problems, close } = await open(desktop);
    await page.getByRole("heading", { name: "Measuring for the first time" }).waitFor();
    show({ ...fresh, monitoring: false });
    await page.getByRole("heading", { name: "Monitoring is off" }).waitFor();
    assert.equal(await page.getByRole("button", { name: "Run a test" }).isEnabled(), false);
    assert.equal(await page.getByRole("switch", { name: "Monitoring" }).getAttribute("aria-checked"), "false");
    await page.screenshot({ path: join(screens, "off-desktop-light.png") });
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(problems, []);
    await close();
  });

  it("shows what the network calls itself as text, and every target on request", async () => {
    const name = "<img src=x onerror=alert(1)>";
    const targets = Array.from({ length: 60 }, (_, n) => ({ slug: `t${n}`, name: `${name} ${n}`, host: "192.0.2.1" }));
    show({ ...okView(Date.now()), targets });
    const { page, problems, close } = await open(phone);
    await page.getByRole("rowheader", { name: `${name} 49` }).waitFor();
    assert.equal(await page.getByRole("rowheader").count(), 50);
    await page.getByRole("button", { name: "Show all 60" }).click();
    await page.getByRole("rowheader", { name: `${name} 59` }).waitFor();
    assert.equal(await page.locator("img").count(), 0);
    assert.equal(await overflow(page), 0);
    assert.deepEqual(problems, []);
    await close();
  });

  it("sends commands by keyboard and by click", async () => {
    show(okView(Date.now()));
    const { page, problems, close } = await open(phone);
    const { commands } = bench;
    commands.length = 0;
    await page.getByRole("button", { name: "Run a test" }).click();
    await page.getByText("The test is running").waitFor();
    assert.deepEqual(commands, [{ name: "run_test", scope: "all" }]);
    await page.getByRole("switch", { name: "Monitoring" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("Monitoring is off: nothing is measured.").waitFor();
    assert.deepEqual(commands[1], { name: "monitoring", on: false });
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(problems, []);
    await close();
  });

  it("greys what it knows when the program is gone, and comes back by itself", async () => {
    show(okView(Date.now()));
    const { page, close } = await open(desktop);
    await page.getByText("Live", { exact: true }).waitFor();
    await page.evaluate("window.notReloaded = true");
    await bench.end();
    await page.getByRole("alert").getByText("Connection to Netwarden lost").waitFor();
    assert.equal(await page.locator("main.stale").count(), 1);
    assert.equal(await page.getByRole("button", { name: "Run a test" }).isEnabled(), false);
    assert.deepEqual(await violations(page), []);
    await page.screenshot({ path: join(screens, "lost-desktop-light.png") });
    await page.waitForResponse((response) => response.status() === 502);
    await bench.start(outageView(Date.now()));
    await page.getByRole("heading", { name: "The provider's line is down" }).waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
    assert.equal(await page.locator("main.stale").count(), 0);
    assert.equal(await page.evaluate("window.notReloaded"), true);
    await close();
  });

  it("lives in a frame of Home Assistant", async () => {
    show(okView(Date.now()));
    const { page, problems, close } = await open(desktop, "/");
    await page.frameLocator("iframe").getByRole("heading", { name: "All is well" }).waitFor();
    assert.deepEqual(problems, []);
    await close();
  });
});
