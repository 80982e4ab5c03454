import { ConfigError } from "../config/error.ts";
import { exampleYaml } from "../config/example.ts";
import type { LoadedConfig } from "../config/load.ts";
import { configJsonSchema } from "../config/schema.ts";

/** What `netwarden config` needs of its surroundings; texts end with a newline. */
export interface ConfigCommandIo {
  out(text: string): void;
  err(text: string): void;
  load(): Promise<LoadedConfig>;
}

/** `netwarden config validate|schema|example`: gives the exit code. */
export async function configCommand(action: "validate" | "schema" | "example", io: ConfigCommandIo): Promise<number> {
  switch (action) {
    case "schema":
      io.out(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
      return 0;
    case "example":
      io.out(exampleYaml());
      return 0;
    case "validate":
      return validate(io);
  }
}

async function validate(io: ConfigCommandIo): Promise<number> {
  try {
    const { config, source, warnings } = await io.load();
    for (const warning of warnings) io.err(`warning: ${warning}\n`);
    io.out(`ok: ${source} (site ${config.site}, ${config.targets.length} targets, ${config.routers.length} routers)\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    io.err(`${error.message}\n`);
    return 2;
  }
}
