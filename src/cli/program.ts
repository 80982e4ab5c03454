import { resolve } from "node:path";
import { Command, CommanderError } from "commander";
import { ConfigError } from "../config/error.ts";
import { type LoadedConfig, loadConfig } from "../config/load.ts";
import { addAnalysisCommands } from "./analysis-commands.ts";
import { configCommand } from "./config.ts";
import { purgeCommand } from "./mqtt.ts";
import { addNetworkCommands, type Wiring } from "./network-commands.ts";
import { addPathCommands } from "./path-commands.ts";
import type { Surroundings } from "./surroundings.ts";

/** Exit codes that scripts may rely on. */
export const exitCodes = { fine: 0, bad: 1, usage: 2, cannotRun: 3 } as const;

interface GlobalOptions {
  readonly config?: string;
  readonly data: string;
  readonly verbose?: boolean;
}

/** Runs the command line; resolves with the exit code. */
export async function runProgram(args: readonly string[], world: Surroundings): Promise<number> {
  let code: number = exitCodes.fine;
  const program = createProgram(world, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.fine : exitCodes.usage;
    if (error instanceof ConfigError) {
      world.err(`${error.message}\n`);
      return exitCodes.usage;
    }
    throw error;
  }
}

function createProgram(world: Surroundings, done: (code: number) => void): Command {
  const program = new Command("netwarden")
    .description(
      "Watches the network and tells Home Assistant whether the Internet works, and if not, whose fault it is.",
    )
    .version(world.version)
    .option(
      "--config <file>",
      "configuration file (YAML); without one the defaults are used",
      world.env["NETWARDEN_CONFIG"],
    )
    .option("--data <folder>", "folder for history and evidence", world.env["NETWARDEN_DATA"] ?? "data")
    .configureOutput({ writeOut: (text) => world.out(text), writeErr: (text) => world.err(text) })
    .exitOverride();
  const options = () => program.opts<GlobalOptions>();
  const load = (): Promise<LoadedConfig> => {
    const { config, data } = options();
    return loadConfig({
      env: world.env,
      cwd: world.cwd,
      dataDir: data,
      ...(config === undefined ? {} : { configFile: config }),
    });
  };
  program
    .command("run", { isDefault: true })
    .description("monitor until stopped (the default)")
    .option("--verbose", "log each step")
    .action(async ({ verbose }: { verbose?: boolean }) => {
      // The monitor's libraries take half a second and 30 MB, of which no other command needs any.
      const { runApp } = await import("../app.ts");
      done(await runApp({ world, loaded: await load(), dataDir: options().data, verbose: verbose === true }));
    });
  program
    .command("check")
    .description(
      "one full cycle: whether the Internet works, and if not, whose fault it is; exit code 1 when it does not",
    )
    .option("--json", "all that was found, as JSON")
    .option("--no-record", "leave no row, traces or diagnosis in the evidence folder")
    .action(async ({ json, record }: { json?: boolean; record: boolean }) => {
      const dataDir = resolve(world.cwd, options().data);
      const { checkCommand } = await import("./check.ts");
      done(await checkCommand(await load(), { dataDir, json: json === true, record }, world));
    });
  addConfigCommands(program, { world, load, done });
  addNetworkCommands(program, { world, load, done, options });
  addAnalysisCommands(program, { world, load, done, options });
  addPathCommands(program, { world, load, done, options });
  program
    .command("mqtt")
    .description("the broker")
    .command("purge")
    .description("remove everything of this site from the broker, and so from Home Assistant")
    .action(async () => done(await purgeCommand(await load(), world)));
  return program;
}

function addConfigCommands(program: Command, { world, load, done }: Omit<Wiring, "options">): void {
  const config = program.command("config").description("the configuration");
  const actions = [
    ["validate", "check it: every problem with its line; exit code 2 when there is any"],
    ["schema", "print its JSON Schema"],
    ["example", "print a commented example"],
  ] as const;
  for (const [action, description] of actions) {
    config
      .command(action)
      .description(description)
      .action(async () => done(await configCommand(action, { out: world.out, err: world.err, load })));
  }
}
