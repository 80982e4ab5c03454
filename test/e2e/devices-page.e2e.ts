import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Page } from "playwright-core";
import { exampleNetwork, lostRouter } from "../fakes/example-network.ts";
import { okView } from "../web/fixtures.ts";
import { hostile, house, many, minute, morning, network } from "./devices-house.ts";
import { desktop, overflow, type PageBench, phone, prefix, screens, startPageBench, violations } from "./page-bench.ts";

const path = `${prefix}#/devices`;
/** Notes in `window.longest` for how long the page stood still at most, in ms. */
const watchLongTasks = `window.longest = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
  }).observe({ type: "longtask" });`;

describe("the page of devices in a browser, below a path prefix", () => {
  let bench: PageBench;
  before(async () => {
    bench = await startPageBench();
  });
  beforeEach(() => {
    bench.commands.length = 0;
    bench.history({
      activity: async ({ id = "" }) => [
        { id, day: "2026-11-20", cells: morning },
        { id, day: "2026-11-21", cells: morning },
      ],
      deviceEvents: async () => [
        { event_type: "device_joined", at: Date.now() - 90 * minute, text: `${hostile} joined Attic`, fields: {} },
      ],
    });
  });
  after(() => bench.close());

  const rows = (page: Page) => page.locator("nw-devices-table tbody tr");

  for (const [name, options] of [
    ["phone-dark", phone],
    ["desktop-light", desktop],
    ["phone-light", { ...phone, colorScheme: "light" }],
    ["desktop-dark", { ...desktop, colorScheme: "dark" }],
    ["tablet-light", { viewport: { width: 820, height: 1100 }, colorScheme: "light" }],
  ] as const)
    it(`shows who is here, where, since when, and how the routers are (${name})`, async () => {
      bench.show(network());
      const { page, problems, close } = await bench.open(options, path);
      await page.getByRole("heading", { name: "Devices", exact: true }).waitFor();
      await rows(page).first().waitFor();
      assert.equal(await rows(page).count(), 4);
      const row = (name: string) => page.getByRole("row", { name });
      assert.match((await row("Anna's phone").textContent()) ?? "", /Online.*Attic · Alien.*5 GHz.*192\.0\.2\.77/s);
      assert.match((await row("Printer").textContent()) ?? "", /Away.*Hex.*wired, ether3.*2 h 5 min ago/s);
      assert.match((await row("Laptop").textContent()) ?? "", /Unknown.*1 d 2 h ago/s);
      assert.match((await row("onerror").textContent()) ?? "", /New.*guest network.*34 %/s);
      await row("Anna's phone").getByRole("img", { name: "Seen in 4 hours" }).waitFor();
      assert.match((await page.locator("nw-routers section").textContent()) ?? "", /Hex refused the password/);
      for (const words of ["2 of 4 online", "firmware 7.17 is available", 'same host name "anna"; never at once'])
        assert.ok((await page.getByText(words).count()) > 0, words);
      const mesh = page.locator("nw-routers li").filter({ hasText: "onerror" });
      assert.match((await mesh.textContent()) ?? "", /Lost/);
      await page.screenshot({ path: join(screens, `devices-${name}.png`), fullPage: true });
      assert.equal(await page.locator("img[src]").count(), 0, "a name is text");
      assert.deepEqual(await violations(page), []);
      assert.equal(await overflow(page), 0);
      assert.deepEqual(problems, []);
      await close();
    });

  for (const [name, options] of [
    ["phone-dark", phone],
    ["desktop-light", desktop],
  ] as const)
    it(`tells all of one device, with its days and what happened (${name})`, async () => {
      bench.show(network());
      const { page, problems, close } = await bench.open(options, path);
      await rows(page).getByRole("button", { name: "onerror" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("joined Attic").waitFor();
      const told = (await dialog.textContent()) ?? "";
      for (const words of [
        /lease says 10\.0\.0\.5, ARP says 10\.0\.0\.9/,
        /00:11:22:00:00:02/,
        /counted by Alien/,
        /34 %/,
      ])
        assert.match(told, words);
      assert.equal(await dialog.getByRole("img", { name: "2026-11-20: Seen in 4 hours" }).count(), 1);
      await page.screenshot({ path: join(screens, `device-${name}.png`) });
      assert.equal(await page.locator("img[src]").count(), 0);
      assert.deepEqual(await violations(page), []);
      assert.equal(await overflow(page), 0);
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      assert.deepEqual(problems, []);
      await close();
    });

  it("sends what the user says of a device", async () => {
    bench.show(network());
    const { page, problems, close } = await bench.open(desktop, path);
    const open = (name: string) => rows(page).getByRole("button", { name }).click();
    const dialog = page.getByRole("dialog");
    await open("onerror");
    await dialog.getByLabel("Name").fill("  Guest <b>TV</b> ");
    await dialog.getByRole("button", { name: "This is known" }).click();
    await page.getByText("Guest <b>TV</b> is known now.").waitFor();
    await open("Printer");
    await dialog.getByRole("button", { name: "Ignore" }).click();
    await page.getByText("Printer is ignored.").waitFor();
    await open("Laptop");
    await dialog.getByRole("button", { name: "Take 02:00:00:00:00:aa out" }).click();
    await page.getByText("02:00:00:00:00:aa is a device of its own now.").waitFor();
    await page.getByRole("button", { name: "They are one: Anna's phone and Laptop" }).click();
    await page.getByText("Anna's phone is one device now.").waitFor();
    await page.locator("nw-ignored").getByRole("button").click();
    await page.getByText("is back.").waitFor();
    assert.deepEqual(bench.commands, [
      { name: "acknowledge", mac: "00:11:22:00:00:02", deviceName: "Guest <b>TV</b>" },
      { name: "ignore", mac: "00:11:22:00:00:03" },
      { name: "join", macs: ["02:00:00:00:00:aa"] },
      { name: "join", macs: ["00:11:22:00:00:01", "00:11:22:00:00:04"] },
      { name: "acknowledge", mac: "00:11:22:00:00:77" },
    ]);
    assert.deepEqual(problems, []);
    await close();
  });

  it("stays quick with a thousand devices: search, filter, sort and scrolling to the end", async () => {
    const devices = many(1_000);
    bench.show(network({ devices, devicesOnline: 666, suggestions: [], ignored: [] }));
    const { page, problems, close } = await bench.open(desktop, path);
    await rows(page).first().waitFor();
    assert.ok((await rows(page).count()) < 200, "not all are drawn at once");
    const took = async (work: () => Promise<void>) => {
      const started = performance.now();
      await work();
      return performance.now() - started;
    };
    const search = page.getByRole("searchbox", { name: "Search" });
    const searching = await took(async () => {
      await search.fill("10.0.3.7 device");
      await page.getByRole("row", { name: /Device 775/ }).waitFor();
      await rows(page).nth(20).waitFor({ state: "detached" });
    });
    assert.ok(searching < 5_000, `${searching} ms`);
    await search.fill("");
    await page.getByRole("button", { name: /^Online/ }).click();
    await page.getByRole("button", { name: "Last seen" }).click();
    await page.getByRole("row", { name: /^Device 1 / }).waitFor();
    await page.getByRole("button", { name: /^All/ }).click();
    await page.getByRole("button", { name: "Name", exact: true }).click();
    const scrolling = await took(async () => {
      for (let round = 0; round < 40 && (await rows(page).count()) < 1_000; round += 1) {
        await page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)");
        await page.waitForTimeout(50);
      }
    });
    assert.equal(await rows(page).count(), 1_000);
    assert.ok(scrolling < 20_000, `${scrolling} ms`);
    await page.getByRole("row", { name: "Device 999" }).scrollIntoViewIfNeeded();
    await page.evaluate(watchLongTasks);
    const moved = devices.map((device, n) => (n === 999 ? { ...device, ip: "10.9.9.9" } : device));
    bench.show(network({ devices: moved, devicesOnline: 666, suggestions: [], ignored: [] }));
    await page.getByRole("row", { name: "Device 999" }).getByText("10.9.9.9").waitFor();
    const longest = (await page.evaluate("window.longest")) as number;
    assert.ok(longest < 1_000, `the page stood still for ${longest} ms`);
    assert.equal(await page.locator("img[src]").count(), 0);
    assert.equal(await overflow(page), 0);
    assert.deepEqual(problems, []);
    await close();
  });

  it("asks for the devices when they changed, at most each two seconds, and else not at all", async () => {
    bench.show(network());
    const { page, problems, close } = await bench.open(desktop, path);
    await rows(page).first().waitFor();
    const asked: number[] = [];
    page.on("request", (request) => {
      if (request.url().endsWith("/api/devices")) asked.push(Date.now());
    });
    const same = network();
    bench.show(same);
    for (let n = 1; n <= 10; n += 1) {
      await page.waitForTimeout(500);
      const devices = same.network.devices.map((device) => ({ ...device, ip: `192.0.2.${n}` }));
      bench.show({ ...same, network: { ...same.network, devices } });
    }
    await page.getByRole("cell", { name: "192.0.2.10", exact: true }).first().waitFor();
    assert.ok(asked.length >= 2 && asked.length <= 5, `${asked.length} times in five seconds`);
    const before = asked.length;
    for (let n = 0; n < 6; n += 1) {
      await page.waitForTimeout(500);
      bench.show({ ...bench.view(), site: `home${n}` });
    }
    assert.equal(asked.length, before, "nothing changed");
    assert.deepEqual(problems, []);
    await close();
  });

  it("goes from page to page by its links and by the address, and back", async () => {
    bench.show(network());
    const { page, problems, close } = await bench.open(phone);
    await page.getByRole("heading", { name: "All is well" }).waitFor();
    await page.getByRole("link", { name: "Devices" }).click();
    await rows(page).first().waitFor();
    assert.equal(await page.getByRole("link", { name: "Devices" }).getAttribute("aria-current"), "page");
    assert.ok(page.url().endsWith(path));
    await page.goBack();
    await page.getByRole("heading", { name: "All is well" }).waitFor();
    await page.goForward();
    await rows(page).first().waitFor();
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(problems, []);
    await close();
  });

  it("says how to add a router when there is none", async () => {
    bench.show({ ...okView(Date.now()), network: exampleNetwork() });
    for (const [name, options] of [
      ["phone-dark", phone],
      ["desktop-light", desktop],
    ] as const) {
      const { page, problems, close } = await bench.open(options, path);
      await page.getByRole("heading", { name: "No router is set up yet" }).waitFor();
      await page.getByText("kind: amplifi").waitFor();
      await page.screenshot({ path: join(screens, `devices-empty-${name}.png`) });
      assert.deepEqual(await violations(page), []);
      assert.equal(await overflow(page), 0);
      assert.deepEqual(problems, []);
      await close();
    }
  });

  it("says that nobody can tell when no router can be read, and does not send everyone away", async () => {
    const { devicesOnline: _, ...rest } = network().network;
    const devices = house().map(({ connected: _connected, presence: _presence, ...device }) => device);
    bench.show({ ...okView(Date.now()), network: { ...rest, devices, routers: [lostRouter()] } });
    const { page, close } = await bench.open(desktop, path);
    await page.getByText("4 known; nobody can tell who is online").waitFor();
    assert.equal(await rows(page).getByText("Unknown").count(), 4);
    assert.equal(await rows(page).getByText("Away").count(), 0);
    await close();
  });

  it("keeps what it has when the program is gone, and comes back by itself", async () => {
    bench.show(network());
    const { page, close } = await bench.open(desktop, path);
    await rows(page).first().waitFor();
    await bench.end();
    await page.getByRole("alert").getByText("Connection to Netwarden lost").waitFor();
    assert.equal(await rows(page).count(), 4);
    assert.equal(await page.getByRole("button", { name: "They are one: Anna's phone and Laptop" }).isEnabled(), false);
    const devices = house().slice(0, 1);
    await bench.start(network({ devices }));
    await page.getByText("Live", { exact: true }).waitFor();
    await rows(page).nth(1).waitFor({ state: "detached" });
    assert.equal(await rows(page).count(), 1);
    await close();
  });
});
