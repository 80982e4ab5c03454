/**
 * Imported first, it moves the whole test file into a network of its own that has nothing but a loopback: the program and the
 * simulated routers meet there, and nothing can reach anybody else. The test runner does not notice: the process stays the same.
 */
const mark = "TEST_HAS_OWN_NETWORK";
const inOwnNetwork = 'ip link set lo up && exec "$@"';

if (process.env[mark] === undefined) {
  const self = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const args = ["env", "unshare", "--net", "sh", "-c", inOwnNetwork, "sh", ...self];
  process.execve?.("/usr/bin/env", args, { ...process.env, [mark]: "yes" });
}
