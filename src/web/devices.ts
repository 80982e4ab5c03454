import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Mac } from "../lib/mac.ts";
import type { DevicesView, DeviceView } from "../model/devices/view.ts";
import { searchFor } from "./device-search.ts";

/** What `/api/devices` answers. `total`: how many fit the search, of which at most `limit` are here. */
export interface DevicesBody {
  /** Changes whenever a device does. */
  readonly devices_rev: number;
  readonly total: number;
  readonly devices: readonly DeviceView[];
  /** Known from a lease or an old entry alone. */
  readonly unseen: readonly DeviceView[];
}

/** What of the network is asked for. */
export interface DevicesQuery {
  /** Words that must all be found in what names a device. */
  readonly q: string;
  readonly limit: number;
}

type Network = Pick<DevicesView, "devices" | "unseen">;

/** Counts the changes of the devices, so that a page knows when to ask again. `first` differs from run to run. */
export function createRevision(first: number): (network: Network) => number {
  let rev = first;
  let last: Network | undefined;
  return (network) => {
    if (last !== undefined && !isSame(last, network)) rev += 1;
    last = network;
    return rev;
  };
}

function isSame(a: Network, b: Network): boolean {
  const holdsSame = (before: readonly DeviceView[], after: readonly DeviceView[]) =>
    before === after || (before.length === after.length && before.every((device, n) => device === after[n]));
  return holdsSame(a.devices, b.devices) && holdsSame(a.unseen, b.unseen);
}

/** The devices that fit, in the view's order. */
export function devicesBody(network: Network, devicesRev: number, { q, limit }: DevicesQuery): DevicesBody {
  const fits = searchFor(q);
  const devices = fits === undefined ? network.devices : network.devices.filter(fits);
  const unseen = fits === undefined ? network.unseen : network.unseen.filter(fits);
  return {
    devices_rev: devicesRev,
    total: devices.length + unseen.length,
    devices: devices.slice(0, limit),
    unseen: unseen.slice(0, Math.max(0, limit - devices.length)),
  };
}

/** The device that uses the address. */
export function findDevice({ devices, unseen }: Network, mac: Mac): DeviceView | undefined {
  const uses = ({ macs }: DeviceView) => macs.includes(mac);
  return devices.find(uses) ?? unseen.find(uses);
}

/** An answer as text and packed. Packing is left to another thread and done once, however many ask. */
export interface PackedJson {
  readonly json: string;
  readonly packed: () => Promise<Uint8Array<ArrayBuffer>>;
}

const squeeze = promisify(gzip);

/** Makes the JSON of all devices once a revision. */
export function devicesWriter(): (body: DevicesBody) => PackedJson {
  let last: { readonly rev: number; readonly limit: number; readonly answer: PackedJson } | undefined;
  return (body) => {
    const shown = body.devices.length + body.unseen.length;
    if (last?.rev === body.devices_rev && last.limit === shown) return last.answer;
    const answer = packable(JSON.stringify(body));
    last = { rev: body.devices_rev, limit: shown, answer };
    return answer;
  };
}

/** JSON that is packed when somebody wants it so. */
export function packable(json: string): PackedJson {
  let packing: Promise<Uint8Array<ArrayBuffer>> | undefined;
  const pack = async () => new Uint8Array(await squeeze(json, { level: 3 }));
  return {
    json,
    packed: () => {
      packing ??= pack();
      return packing;
    },
  };
}
