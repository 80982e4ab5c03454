import { createDeriveNetwork } from "../../../src/model/devices/derive.ts";
import { createFoldNetwork, type FoldNetwork } from "../../../src/model/devices/fold.ts";
import { rememberNetwork } from "../../../src/model/devices/memory.ts";
import { emptyNetwork, type NetworkState } from "../../../src/model/devices/network.ts";
import type {
  ClientSighting,
  SourceErrorCode,
  SourceReading,
  SourceSettings,
} from "../../../src/model/devices/sighting.ts";
import type { DevicesView, DeviceView } from "../../../src/model/devices/view.ts";
import type { DeviceSettings, Settings } from "../../../src/model/settings.ts";
import type { Command } from "../../../src/model/types.ts";
import type { DomainEvent } from "../../../src/model/view.ts";
import { settings, start } from "../simulation.ts";

export const router = (id: string, intervalMs = 10_000): SourceSettings => ({
  id,
  name: id[0]?.toUpperCase() + id.slice(1),
  kind: "amplifi",
  host: `${id}.home`,
  isRouter: true,
  intervalMs,
});

export const reports: SourceSettings = {
  id: "macupd",
  name: "MACupd",
  kind: "macupd",
  host: "0.0.0.0:2056",
  isRouter: false,
  intervalMs: 10_000,
};

export const phone = "a2:00:00:00:00:01";
export const laptop = "3c:00:00:00:00:02";

export const client = (mac: string, more: Partial<ClientSighting> = {}): ClientSighting => ({
  mac,
  connected: true,
  link: "wifi",
  ...more,
});

/** Plays sources to the model on a clock of its own, and keeps all that it told. */
export class Home {
  at = start;
  network: NetworkState;
  view: DevicesView;
  readonly events: DomainEvent[] = [];
  readonly settings: Settings;
  private fold: FoldNetwork;
  private derive: ReturnType<typeof createDeriveNetwork>;

  constructor(sources: readonly SourceSettings[], devices: Partial<DeviceSettings> = {}) {
    this.settings = { ...settings, sources, devices: { ...settings.devices, ...devices } };
    this.fold = createFoldNetwork(this.settings, vendors);
    this.derive = createDeriveNetwork(this.settings);
    this.network = emptyNetwork(sources, this.at);
    this.view = this.derive(this.network, this.at);
  }

  /** A full reading of a router with these clients. */
  read(source: string, clients: readonly ClientSighting[], more: Partial<SourceReading> = {}): void {
    const reading: SourceReading = { clients, coverage: "full", ...more };
    this.put({ type: "reading", source, reading, at: this.at });
  }

  report(clients: readonly ClientSighting[], part = { id: "attic", name: "Attic" }): void {
    this.put({ type: "reading", source: "macupd", reading: { clients, coverage: "partial", part }, at: this.at });
  }

  fail(source: string, code: SourceErrorCode = "timeout"): void {
    this.put({ type: "source-failed", source, code, message: `${source} does not answer`, at: this.at });
  }

  command(command: Command): void {
    this.put({ type: "command", command, at: this.at });
  }

  /** Time passes, with a tick each second. */
  wait(seconds: number, each: () => void = () => undefined): void {
    for (let passed = 0; passed < seconds; passed += 1) {
      this.at += 1_000;
      this.tick(1_000, 0);
      each();
    }
  }

  tick(elapsed: number, slept: number, utcOffsetMs = 0): void {
    const day = new Date(this.at + utcOffsetMs).toISOString().slice(0, 10);
    this.put({ type: "tick", at: this.at, elapsed, slept, stepped: false, day, active: true, utcOffsetMs });
  }

  /** Stops, and starts anew with what was kept, after some time. */
  restart(
    seconds: number,
    sources: readonly SourceSettings[] = this.settings.sources,
    devices: Partial<DeviceSettings> = {},
  ): void {
    const kept = JSON.parse(JSON.stringify([...this.network.devices.values()]));
    const { decisions, leftOut, externalIp, firmwareTold } = this.network;
    const memory = { decisions, leftOut, firmwareTold, ...(externalIp === undefined ? {} : { externalIp }) };
    this.at += seconds * 1_000;
    const again = { ...this.settings, sources, devices: { ...this.settings.devices, ...devices } };
    this.fold = createFoldNetwork(again, vendors);
    this.derive = createDeriveNetwork(again);
    this.network = rememberNetwork(emptyNetwork(sources, this.at), { memory, devices: kept, at: this.at }, again);
    this.view = this.derive(this.network, this.at);
  }

  /** The device that uses this MAC. */
  device(mac: string): DeviceView {
    const all = [...this.view.devices, ...this.view.unseen];
    const found = all.find(({ macs }) => macs.includes(mac));
    if (found === undefined) throw new Error(`there is no device ${mac}`);
    return found;
  }

  /** What was told, by type. */
  told(...types: readonly DomainEvent["event_type"][]): readonly DomainEvent[] {
    return this.events.filter(({ event_type: type }) => types.length === 0 || types.includes(type));
  }

  private put(observation: Parameters<FoldNetwork>[1][number]): void {
    const { network, events } = this.fold(this.network, [observation]);
    this.network = network;
    this.events.push(...events);
    this.view = this.derive(network, this.at);
  }
}

function vendors(mac: string): string | undefined {
  return mac.startsWith("3c:00") ? "Acme" : undefined;
}
