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
