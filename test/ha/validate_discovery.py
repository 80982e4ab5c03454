"""Checks MQTT discovery messages with Home Assistant's own schemas, without starting it.

Reads JSON lines {"topic": …, "payload": …} from standard input (an empty payload is a removal) and prints one finding a
line: what Home Assistant refuses, and what it takes without a word but drops, ignores or warns of. No output: all is taken
whole. What depends on a running instance (retained leftovers, the user's registry) is not covered."""

import asyncio
import copy
import importlib
import json
import logging
import sys
import tempfile

import probatio
from homeassistant.components.mqtt import discovery, schemas
from homeassistant.components.mqtt.const import ENTITY_PLATFORMS, SUPPORTED_COMPONENTS
from homeassistant.core import HomeAssistant

PREFIX = "homeassistant/"
TOP_LEVEL = {"device", "origin", "components", "child_devices", *schemas.SHARED_OPTIONS}
# Home Assistant takes these out before or by the schema, on purpose.
CONSUMED = {"platform", "availability_topic", "~", "migrate_discovery"}
owners: dict[tuple[str, str], str] = {}


class Warnings(logging.Handler):
    """What Home Assistant logs while it validates: deprecations and the like."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record):
        self.lines.append(record.getMessage().replace("\n", " ")[:300])


def check(topic, payload):
    match = discovery.TOPIC_MATCHER.match(topic.removeprefix(PREFIX))
    if not topic.startswith(PREFIX) or not match:
        yield "illegal discovery topic"
        return
    if payload in ("", None):
        return
    try:
        config = json.loads(payload) if isinstance(payload, str) else payload
    except ValueError as error:
        yield f"not JSON: {error}"
        return
    if not isinstance(config, dict):
        yield "not a JSON object"
        return
    config = discovery.MQTTDiscoveryPayload(copy.deepcopy(config))
    discovery._replace_all_abbreviations(config)
    platform = match.group(1)
    if platform == "device":
        yield from check_device(config)
    elif not discovery._valid_origin_info(config):
        yield "invalid origin"
    else:
        yield from check_component(platform, config, set(config))


def check_device(config):
    keys = set(config)
    try:
        discovery.validate_device_discovery_components(discovery.DEVICE_DISCOVERY_SCHEMA(config))
    except probatio.Invalid as error:
        yield f"refused whole: {error}"
        return
    yield from (f"'{key}' is dropped" for key in sorted(keys - TOP_LEVEL))
    groups = [(None, config.get("components", {}))]
    groups += [(child, child["components"]) for child in config.get("child_devices", [])]
    for child, components in groups:
        for key, own in components.items():
            part = discovery.MQTTDiscoveryPayload(own)
            platform = part.pop("platform")
            if not part:
                continue  # the removal of one component
            own_keys = set(part)
            part["device"] = dict(config["device"])
            if child is not None:
                part["device"]["child_device"] = {name: child[name] for name in ("identifiers", "name") if name in child}
            part["origin"] = config["origin"]
            discovery._merge_common_device_options(part, config)
            yield from (f"{key} ({platform}): {text}" for text in check_component(platform, part, own_keys))


def check_component(platform, config, own_keys):
    if platform not in SUPPORTED_COMPONENTS:
        yield f"'{platform}' is no MQTT platform"
        return
    given = copy.deepcopy(dict(config))
    try:
        taken = schema_of(platform)(dict(config))
    except probatio.Invalid as error:
        yield f"refused: {error}"
        return
    yield from (f"'{key}' is dropped" for key in sorted(own_keys - set(taken) - CONSUMED))
    if platform not in ENTITY_PLATFORMS:
        return
    unique_id = given.get("unique_id")
    if not unique_id:
        yield "no unique_id: no registry entry, no device"
        return
    if not given.get("device"):
        yield "no device"
    owner = f"{given.get('device')}"
    if owners.setdefault((platform, unique_id), owner) != owner:
        yield f"unique_id '{unique_id}' is used by two devices"
    entity_id = given.get("default_entity_id")
    if entity_id is not None and not str(entity_id).startswith(f"{platform}."):
        yield f"default_entity_id '{entity_id}' is not of the domain {platform}"


def schema_of(platform):
    if platform == "device_automation":
        return importlib.import_module("homeassistant.components.mqtt.device_trigger").TRIGGER_DISCOVERY_SCHEMA
    return importlib.import_module(f"homeassistant.components.mqtt.{platform}").DISCOVERY_SCHEMA


async def main():
    warnings = Warnings()
    logging.getLogger().addHandler(warnings)
    with tempfile.TemporaryDirectory() as folder:
        hass = HomeAssistant(folder)  # templates are compiled with Home Assistant's own filters
        for line in sys.stdin:
            message = json.loads(line)
            warnings.lines.clear()
            found = list(check(message["topic"], message["payload"]))
            for text in [*found, *(f"logged: {line}" for line in warnings.lines)]:
                print(f"{message['topic']}: {text}".replace("\n", " "))
        await hass.async_stop(force=True)


asyncio.run(main())
