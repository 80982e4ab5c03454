import type { z } from "zod";
import type { configSchema } from "../schema.ts";

type ConfigInput = z.input<typeof configSchema>;

/** Keys to bring into a configuration file. */
export type ConfigPatch = Pick<ConfigInput, "known" | "macupd" | "evidence" | "routers"> & {
  /** Addresses. */
  readonly isp_targets?: readonly string[];
};
