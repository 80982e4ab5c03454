// Makes a fresh clone ready: exact dependencies (among them the Node 24 that runs the program), then the build.
// Plain JavaScript with built-ins only: it runs on the machine's own Node (>= 20) while node_modules is still empty.
// It prints to stderr only, so that `npm start --silent -- config schema` stays clean.
//   --build   build even if nothing changed      --test   also installs what the tests need (see test-packages.mjs)
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const lockFile = `${root}.setup-lock`;
const node24 = `${root}node_modules/.bin/node`;
const installStamp = `${root}node_modules/.setup-stamp`;
const buildStamp = `${root}dist/.setup-stamp`;
const wanted = new Set(process.argv.slice(2));
let isLockMine = false;
const dependencies = createHash("sha256")
  .update(readFileSync(`${root}package-lock.json`))
  .update(process.platform + process.arch)
  .digest("hex");

if (Number(process.versions.node.split(".")[0]) < 20)
  fail(`Node ${process.versions.node} is too old: install Node 20 or newer`);
if (!isInstalled() || !isBuilt() || wanted.has("--build")) {
  takeLock();
  try {
    if (!isInstalled()) install();
    if (!isBuilt() || wanted.has("--build")) build();
  } finally {
    releaseLock();
  }
}
if (wanted.has("--test")) {
  const { installTestPackages } = await import("./test-packages.mjs");
  installTestPackages({ run, pause, say, fail });
}

function install() {
  say("installing exact dependencies (first start, or the lock file changed)");
  // npm's own Node and CLI: the Node in node_modules/.bin, first on PATH inside an npm script, is deleted by `npm ci`.
  const { npm_node_execpath: node = process.execPath, npm_execpath: npm } = process.env;
  const args = [
    "ci",
    "--include=dev",
    "--include=optional",
    "--ignore-scripts=false",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    if (run(npm ? node : "npm", npm ? [npm, ...args] : args) === 0) {
      writeFileSync(installStamp, dependencies);
      return;
    }
    pause(2000 * attempt);
  }
  fail("npm ci failed three times: see above");
}

function build() {
  say("building");
  rmSync(buildStamp, { force: true });
  const startedAt = new Date();
  if (run(node24, [`${root}node_modules/typescript/bin/tsc`, "-p", "tsconfig.build.json"]) !== 0)
    fail("the build failed: see above");
  if (run(node24, [`${root}node_modules/vite/bin/vite.js`, "build", "--logLevel", "warn", "src/web/ui"]) !== 0)
    fail("the build of the page failed: see above");
  if (run(node24, [`${root}tools/vendors.mjs`]) !== 0) fail("the list of manufacturers can't be made: see above");
  writeFileSync(buildStamp, dependencies);
  // What is changed while it is being built is newer than this.
  utimesSync(buildStamp, startedAt, startedAt);
}

function isInstalled() {
  return read(installStamp) === dependencies && existsSync(node24);
}

function isBuilt() {
  return read(buildStamp) === dependencies && statSync(buildStamp).mtimeMs > newestSource();
}

function newestSource() {
  const entries = readdirSync(`${root}src`, { recursive: true, withFileTypes: true });
  const sources = entries.map((entry) => `${entry.parentPath ?? entry.path}/${entry.name}`);
  const own = ["src", "package.json", "tsconfig.json", "tsconfig.build.json", "tools/vendors.mjs"];
  const settings = own.map((file) => `${root}${file}`);
  return Math.max(...[...sources, ...settings].map((file) => statSync(file).mtimeMs));
}

/** Two `npm start` at once must not delete each other's node_modules; the lock of a dead process is taken over. */
function takeLock() {
  for (let told = false; ; told = true) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: "wx" });
      isLockMine = true;
      return;
    } catch (error) {
      if (error.code !== "EEXIST") fail(`cannot write ${lockFile}: ${error.message}`);
    }
    if (isAbandoned()) {
      rmSync(lockFile, { force: true });
      continue;
    }
    if (!told) say("another set-up is under way, waiting");
    pause(300);
  }
}

/** Its owner has ended; or its number is another program's since a restart; or a power cut left the file empty. */
function isAbandoned() {
  const owner = Number(read(lockFile));
  if (owner === 0) return Date.now() - (statSync(lockFile, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) > 5000;
  const commandLine = read(`/proc/${owner}/cmdline`);
  return !isAlive(owner) || (commandLine !== "" && !commandLine.includes("setup.mjs"));
}

function releaseLock() {
  if (isLockMine) rmSync(lockFile, { force: true });
  isLockMine = false;
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function run(command, args, env = {}) {
  return spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", 2, 2],
    env: { ...process.env, NODE_ENV: "development", ...env },
  }).status;
}

function pause(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function say(text) {
  process.stderr.write(`setup: ${text}\n`);
}

function fail(text) {
  say(text);
  releaseLock();
  process.exit(1);
}
