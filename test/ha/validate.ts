import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { homeAssistantFolder } from "./folder.ts";

const here = fileURLToPath(new URL(".", import.meta.url));

/** A retained message of the broker. */
export interface Message {
  readonly topic: string;
  readonly payload: string;
}

/** What Home Assistant would refuse, drop or warn of in discovery messages; empty when it takes all of them whole. */
export function validateDiscovery(messages: readonly Message[]): string[] {
  return validate([`${here}validate_discovery.py`], messages.map((message) => JSON.stringify(message)).join("\n"));
}

/** What Home Assistant would refuse in a blueprint, and in what it becomes with each set of inputs. */
export function validateBlueprint(file: string, inputs: readonly Readonly<Record<string, unknown>>[]): string[] {
  return validate([`${here}validate_blueprint.py`, file], JSON.stringify(inputs));
}

function validate(args: readonly string[], input: string): string[] {
  const { status, stdout, stderr, error } = spawnSync(`${homeAssistantFolder()}/venv/bin/python`, args, {
    input,
    encoding: "utf8",
    timeout: 60_000,
    env: { ...process.env, PYTHONPATH: `${here}guard` },
  });
  if (status !== 0) throw error ?? new Error(stderr);
  return stdout.split("\n").filter((line) => line !== "");
}
