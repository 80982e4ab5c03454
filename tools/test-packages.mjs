// Installs what the tests need beside npm's packages: Debian packages, and a Home Assistant of their own.
// Plain JavaScript with built-ins only, as setup.mjs.
import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";

const packages = [
  "chromium", // the page
  "dnsmasq-base", // the simulated home's router
  "fonts-dejavu-core",
  "fping",
  "iproute2", // network namespaces
  "iputils-ping",
  "mosquitto",
  "mosquitto-clients",
  "mtr-tiny",
  "nftables", // what breaks the simulated network
  "openssl",
  "patchelf", // Home Assistant's Python
  "procps",
  "python3", // holds packets back in the simulated network
  "shellcheck",
  "yamllint",
];
const policy = "/usr/sbin/policy-rc.d";
const attempts = 3;

/**
 * Quick when all is there. `run(command, args, env)` gives the exit status, `pause(ms)` blocks, `fail(text)` ends the process.
 */
export function installTestPackages({ run, pause, say, fail }) {
  const missing = missingPackages();
  const install = ["install", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"];
  if (missing.length > 0) {
    if (!isRoot()) fail(`the tests need: sudo apt-get ${install.slice(0, 3).join(" ")} ${missing.join(" ")}`);
    say(`installing ${missing.join(" ")}`);
    const apt = (args) =>
      run("apt-get", ["-qq", "-o", "Dpkg::Use-Pty=0", ...args], { DEBIAN_FRONTEND: "noninteractive" }) === 0;
    const done = withoutServices(missing, run, () =>
      retried(pause, () => apt(["-o", "Acquire::Retries=3", "update"]) && apt([...install, ...missing])),
    );
    if (!done) fail(`apt-get could not install ${missing.join(" ")}: see above`);
  }
  const script = fileURLToPath(new URL("../test/ha/install.sh", import.meta.url));
  if (!retried(pause, () => run("bash", [script, homeAssistantFolder()]) === 0))
    fail("Home Assistant for the tests could not be installed: see above");
}

function missingPackages() {
  const { stdout } = spawnSync("dpkg-query", ["--status", ...packages], { encoding: "utf8" });
  const installed = new Set(
    [...(stdout ?? "").matchAll(/^Package: (.+)\nStatus: .* installed$/gm)].map(([, name]) => name),
  );
  return packages.filter((name) => !installed.has(name));
}

/** Only the binaries are wanted: a package must not start its service, now or at the next boot. */
function withoutServices(missing, run, work) {
  const mine = !existsSync(policy);
  if (mine) writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    return work();
  } finally {
    if (mine) rmSync(policy, { force: true });
    if (missing.includes("mosquitto") && existsSync("/run/systemd/system")) run("systemctl", ["disable", "mosquitto"]);
  }
}

function retried(pause, work) {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if (work()) return true;
    if (attempt < attempts) pause(5000 * attempt);
  }
  return false;
}

function isRoot() {
  return process.getuid?.() === 0;
}

/** Outside the clone, so that every clone on the machine shares it; test/ha/folder.ts looks at the same place. */
function homeAssistantFolder() {
  const { NETWARDEN_HA_TESTBED: wanted, XDG_CACHE_HOME: cache = `${homedir()}/.cache` } = process.env;
  return wanted || `${isRoot() ? "/opt" : cache}/netwarden-home-assistant`;
}
