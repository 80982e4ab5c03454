// A simulated router with many leases and as many ARP entries, in a process of its own so that what a driver costs can be measured:
//   router.ts COUNT         sends its address to the parent and ends with it
import { startFakeRouter } from "../../../fakes/routeros/router.ts";

const { host } = await startFakeRouter({ extraLeases: Number(process.argv[2] ?? 5_000), password: "secret" });
process.once("disconnect", () => process.exit());
process.send?.(host);
