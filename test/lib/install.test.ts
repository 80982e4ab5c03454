import assert from "node:assert/strict";
import { test } from "node:test";
import { installCommand } from "../../src/lib/install.ts";

test("each system gets its own command", () => {
  const cases = [
    ["linux", 'PRETTY_NAME="Debian"\nID=debian\n', "mtr", "sudo apt-get install -y mtr-tiny"],
    ["linux", 'ID=raspbian\nID_LIKE="debian"\n', "ping", "sudo apt-get install -y iputils-ping"],
    ["linux", "ID=alpine\n", "ping", "apk add iputils"],
    ["linux", 'ID="rocky"\nID_LIKE="rhel centos fedora"\n', "fping", "sudo dnf install -y fping"],
    ["linux", "", "fping", "sudo apt-get install -y fping"],
    ["darwin", "", "fping", "brew install fping"],
  ] as const;
  for (const [platform, release, tool, expected] of cases)
    assert.equal(installCommand(tool, { platform, release }), expected);
});
