"""Checks one automation blueprint with Home Assistant's own schemas, without starting it: validate_blueprint.py FILE.yaml

Reads a JSON list of sets of inputs from standard input. The blueprint itself is checked first, then what it becomes with
each set. Prints one finding a line; no output: all is well. Whether entities and actions exist is not known here."""

import asyncio
import json
import sys
import tempfile

from homeassistant.components.automation import config as automation
from homeassistant.components.blueprint import models
from homeassistant.core import HomeAssistant
from homeassistant.util import yaml


def check(path, sets):
    try:
        content = yaml.load_yaml_dict(path)
        schema = automation.AUTOMATION_BLUEPRINT_SCHEMA
        blueprint = models.Blueprint(content, expected_domain="automation", path=path, schema=schema)
    except Exception as error:  # noqa: BLE001 - each kind of refusal is a finding
        yield f"{type(error).__name__}: {error}"
        return
    yield from blueprint.validate() or []
    for number, inputs in enumerate(sets):
        where = f"inputs {number}"
        yield from (f"{where}: no input '{name}'" for name in sorted(set(inputs) - set(blueprint.inputs)))
        try:
            instance = models.BlueprintInputs(blueprint, {"use_blueprint": {"path": path, "input": inputs}})
            instance.validate()
            config = instance.async_substitute()
            config.pop("use_blueprint", None)
            automation.PLATFORM_SCHEMA({"id": "x", "alias": "x", **config})
        except Exception as error:  # noqa: BLE001
            yield f"{where}: {type(error).__name__}: {error}"


async def main():
    with tempfile.TemporaryDirectory() as folder:
        hass = HomeAssistant(folder)
        for text in check(sys.argv[1], json.load(sys.stdin)):
            print(str(text).replace("\n", " "))
        await hass.async_stop(force=True)


asyncio.run(main())
