import type { DeviceView } from "../../model/devices/view.ts";
import type { Outage } from "../../model/view.ts";
import type { DevicesBody } from "../devices.ts";

/** Outages of the last 30 days, newest first. Rejects when the program or its history does not answer. */
export async function fetchOutages(): Promise<readonly Outage[]> {
  const { outages } = await getJson<{ readonly outages: readonly Outage[] }>("api/outages");
  return outages.toReversed();
}

/** All devices. */
export function fetchDevices(): Promise<DevicesBody> {
  return getJson("api/devices");
}

/** One device with its history. */
export interface DeviceDetails {
  readonly device: DeviceView;
  /** The oldest day first. */
  readonly activity: readonly { readonly day: string; readonly cells: readonly number[] }[];
  /** The newest last. */
  readonly events: readonly { readonly event_type: string; readonly at: string; readonly text: string }[];
}

/** One device with its history. */
export function fetchDevice(id: string): Promise<DeviceDetails> {
  return getJson(`api/devices/${id}`);
}

async function getJson<T>(path: string): Promise<T> {
  const response = await fetch(new URL(path, document.baseURI));
  if (!response.ok) throw new Error(response.statusText);
  return (await response.json()) as T;
}

/** Sends a command; rejects with a reason for people. */
export async function sendCommand(name: string, body: object): Promise<void> {
  const response = await fetch(new URL(`api/commands/${name}`, document.baseURI), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (response.ok) return;
  const answer = (await response.json().catch(() => ({}))) as { readonly error?: string };
  throw new Error(answer.error ?? `${response.status} ${response.statusText}`);
}
