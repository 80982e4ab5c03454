import { readFile } from "node:fs/promises";
import { platform as systemPlatform } from "node:os";

/** Something this machine lacks, and the one command that mends it. */
export interface Problem {
  readonly capability: string;
  readonly mend: string;
}

type Tool = "fping" | "ping" | "mtr";

interface PackageSystem {
  /** As in `ID` or `ID_LIKE` of os-release. */
  readonly systems: readonly string[];
  readonly install: string;
  readonly packages: Readonly<Record<Tool, string>>;
}

const debian: PackageSystem = {
  systems: ["debian", "ubuntu"],
  install: "sudo apt-get install -y",
  packages: { fping: "fping", ping: "iputils-ping", mtr: "mtr-tiny" },
};
const others: readonly PackageSystem[] = [
  { systems: ["alpine"], install: "apk add", packages: { fping: "fping", ping: "iputils", mtr: "mtr" } },
  {
    systems: ["fedora", "rhel", "centos"],
    install: "sudo dnf install -y",
    packages: { fping: "fping", ping: "iputils", mtr: "mtr" },
  },
  { systems: ["arch"], install: "sudo pacman -S", packages: { fping: "fping", ping: "iputils", mtr: "mtr" } },
  {
    systems: ["suse", "opensuse"],
    install: "sudo zypper install",
    packages: { fping: "fping", ping: "iputils", mtr: "mtr" },
  },
];

/** The command that installs a tool on this system; Debian's where the system is not known. `release`: the text of os-release. */
export function installCommand(
  tool: Tool,
  { platform, release }: { readonly platform: string; readonly release: string },
): string {
  if (platform === "darwin") return `brew install ${tool}`;
  const names = release
    .split("\n")
    .flatMap((line) => /^ID(?:_LIKE)?=(.*)$/.exec(line)?.[1] ?? [])
    .flatMap((value) => value.replaceAll(/["']/g, "").split(/\s+/));
  const system = [debian, ...others].find(({ systems }) => systems.some((name) => names.includes(name))) ?? debian;
  return `${system.install} ${system.packages[tool]}`;
}

/** The command that installs a tool on this machine. */
export async function installHint(tool: Tool): Promise<string> {
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  return installCommand(tool, { platform: systemPlatform(), release });
}

/** Gives a program the right to send raw packets. Debian's have it, but an unpacked image, a copy or a container may have lost it. */
export function permissionHint(program: string): string {
  return `sudo setcap cap_net_raw+ep "$(readlink -f "$(command -v ${program})")"  (in a container: --cap-add NET_RAW)`;
}
