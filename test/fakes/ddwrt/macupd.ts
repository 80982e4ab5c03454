import { createSocket } from "node:dgram";
import type { Household } from "./household.ts";

/**
 * A report as this fake's daemon words it. That is a guess: no capture was found. It fits what two receivers read out of it: after a
 * word that nobody uses a row of `/proc/net/arp`.
 */
export function report({ ip, mac, interface: device }: { ip: string; mac: string; interface: string }): string {
  return `arp ${ip} 0x1 0x2 ${mac} * ${device}\n`;
}

/** Sends one datagram for each client that is there, all at once as the daemon does; resolves to their number. */
export async function sendReports(house: Household, to: { host: string; port: number }): Promise<number> {
  const there = [...house.clients.values()].filter(({ place }) => place !== "away");
  await sendDatagrams(
    there.map(({ ip, mac }) => report({ ip, mac, interface: "br0" })),
    to,
  );
  return there.length;
}

/** Sends texts or bytes, in order, from a socket of its own; `from` is its address. */
export async function sendDatagrams(
  datagrams: readonly (string | Uint8Array)[],
  { host, port, from }: { readonly host: string; readonly port: number; readonly from?: string },
): Promise<void> {
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  try {
    await new Promise<void>((resolve, reject) =>
      socket.once("error", reject).bind({ port: 0, ...(from === undefined ? {} : { address: from }) }, resolve),
    );
    for (const datagram of datagrams) {
      await new Promise<void>((resolve, reject) =>
        socket.send(datagram, port, host, (error) => (error === null ? resolve() : reject(error))),
      );
    }
  } finally {
    await new Promise<void>((resolve) => socket.close(() => resolve()));
    // All of the above may have happened without a turn of the event loop: who listens in this process gets one now.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
