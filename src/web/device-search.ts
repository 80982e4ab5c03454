import type { DeviceView } from "../model/devices/view.ts";

/** Says which devices have every word of `q` in what names them; `undefined`: there is no word, so all fit. */
export function searchFor(q: string): ((device: DeviceView) => boolean) | undefined {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return undefined;
  return (device) => {
    const told = searchedText(device);
    return words.every((word) => told.includes(word));
  };
}

/** All that a person may look for a device by, in lower case; a line each, so that no word spans two of them. */
function searchedText(device: DeviceView): string {
  const { name, hostname, vendor, ip, ipv6, macs, place, sources } = device;
  const digits = macs.map((mac) => mac.replaceAll(":", ""));
  const where = [place?.router, place?.accessPoint, place?.ssid, place?.interface];
  return [name, hostname, vendor, ip, ...ipv6, ...macs, ...digits, ...where, ...sources]
    .filter((text) => text !== undefined)
    .join("\n")
    .toLowerCase();
}
