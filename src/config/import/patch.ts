import type { z } from "zod";
import type { configSchema } from "../schema.ts";

type ConfigInput = z.input<typeof configSchema>;

/** Keys to bring into a configuration file. */
export type ConfigPatch = Pick<
  ConfigInput,
  "known" | "macupd" | "evidence" | "routers" | "gateway" | "interval" | "dns" | "http" | "trace" | "analyze_on_outage"
> & {
  /** Addresses. */
  readonly isp_targets?: readonly string[];
  /** Addresses or host names, with a port for the TCP check where it is not the usual one. */
  readonly targets?: readonly (string | { readonly host: string; readonly tcp_port: number })[];
};
