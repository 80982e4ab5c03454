"""Prints the pip requirements of the Home Assistant integrations that a minimal instance loads: those it always loads, the
ones named on the command line, and their dependencies. With --domains it prints the integrations themselves.

Run it with the interpreter that has `homeassistant` installed."""

import json
import pathlib
import sys

import homeassistant
from homeassistant.bootstrap import DEFAULT_INTEGRATIONS

# Native code without a wheel for this Python, for microphones only: guard/ has stand-ins.
WITHOUT_WHEEL = {"pymicro-vad", "pyspeex-noise"}
CORE = ["homeassistant", "persistent_notification", "webhook", "device_automation"]
COMPONENTS = pathlib.Path(homeassistant.__file__).parent / "components"

domains: set[str] = set()
requirements: set[str] = set()


def visit(domain: str) -> None:
    if domain in domains:
        return
    domains.add(domain)
    manifest = COMPONENTS / domain / "manifest.json"
    if not manifest.exists():
        return
    facts = json.loads(manifest.read_text())
    requirements.update(r for r in facts.get("requirements", []) if r.split("==")[0].lower() not in WITHOUT_WHEEL)
    for dependency in facts.get("dependencies", []):
        visit(dependency)


for name in [*sorted(DEFAULT_INTEGRATIONS), *CORE, *(a for a in sys.argv[1:] if not a.startswith("-"))]:
    visit(name)
print("\n".join(sorted(domains if "--domains" in sys.argv else requirements)))
