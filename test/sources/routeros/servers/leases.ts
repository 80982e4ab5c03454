// A simulated router with many leases, in a process of its own so that what a client costs can be measured:
//   leases.ts COUNT         sends its port to the parent and ends with it
import { startRouterosServer } from "../../../fakes/routeros/wire.ts";

const rows = Array.from({ length: Number(process.argv[2] ?? 5_000) }, (_, n) => lease(n));
const { port } = await startRouterosServer({ user: "api", password: "secret", answer: () => ({ rows }) });
process.once("disconnect", () => process.exit());
process.send?.(port);

function lease(n: number) {
  const mac = `AA:BB:CC:${[n >> 16, (n >> 8) & 255, n & 255].map((part) => part.toString(16).padStart(2, "0")).join(":")}`;
  const address = `10.1.${n >> 8}.${n & 255}`;
  return {
    ".id": `*${n.toString(16)}`,
    address,
    "mac-address": mac,
    "client-id": `1:${mac}`,
    server: "defconf",
    status: "bound",
    "expires-after": "9m12s",
    "last-seen": "48s",
    "active-address": address,
    "active-mac-address": mac,
    "active-server": "defconf",
    "host-name": `device-${n}`,
    dynamic: "true",
    disabled: "false",
    comment: n % 10 === 0 ? "Küche" : "",
  };
}
