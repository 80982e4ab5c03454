// Brings the table of settings in DOCS.md into step with the schema.
import { readFileSync, writeFileSync } from "node:fs";
import { withSettings } from "./settings.ts";

const docs = new URL("../../DOCS.md", import.meta.url);
writeFileSync(docs, withSettings(readFileSync(docs, "utf8")));
