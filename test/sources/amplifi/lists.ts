/** Addresses of the lists that the tests are made of. */
export const router = "f0:9f:c2:00:00:01";
export const kitchen = "f0:9f:c2:00:00:02";
export const attic = "f0:9f:c2:00:00:03";
export const phone = "3c:06:30:00:00:10";
export const nas = "00:11:32:00:00:20";

/** The router's own row in the mesh, with these children. */
export function mesh(children: Record<string, unknown> = {}, more: Record<string, unknown> = {}): unknown {
  const own = { friendly_name: "Home", ip: "192.168.1.1", mac: router, platform_name: "AFi-R-HD", role: "Router" };
  return { [router]: { ...own, level: 1, cost: 0, uptime: 33_652, children, ...more } };
}

/** A mesh point's row. */
export function point(mac: string, name: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const row = { friendly_name: name, mac, ip: "192.168.1.239", platform_name: "AFi-P-HD", role: "Extender" };
  return { ...row, active_band: "5 GHz", rssi_min: -63, uptime: 2_008, ...more };
}

/** Associations of one access point, band and network. */
export function radio(
  clients: Record<string, unknown>,
  at: { accessPoint?: string; band?: string; network?: string } = {},
): Record<string, unknown> {
  const { accessPoint = router, band = "5 GHz", network = "User network" } = at;
  return { [accessPoint]: { [band]: { [network]: clients } } };
}

/** A list of a router whose other parts are empty. */
export function list(parts: { mesh?: unknown; wifi?: unknown; directory?: unknown; ports?: unknown; links?: unknown }) {
  return [parts.mesh ?? mesh(), parts.wifi ?? {}, parts.directory ?? {}, parts.ports ?? {}, parts.links ?? {}, {}];
}
