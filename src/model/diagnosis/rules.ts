import type { Rule } from "./rule.ts";
import { pathRules } from "./rules-path.ts";
import { qualityRules } from "./rules-quality.ts";
import { serviceRules } from "./rules-service.ts";

/** The first rule that holds wins: from this machine outwards, then upwards from packets to pages, then how well it works. */
export const rules: readonly Rule[] = [...pathRules, ...serviceRules, ...qualityRules];
