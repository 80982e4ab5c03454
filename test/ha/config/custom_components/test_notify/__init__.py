"""Stands in for the companion app: each call of notify.<name> is appended to notifications.jsonl in the config folder."""

import json


async def async_setup(hass, config):
    path = hass.config.path("notifications.jsonl")

    def append(record):
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(record, default=str) + "\n")

    async def handle(call):
        await hass.async_add_executor_job(append, {"action": f"notify.{call.service}", **call.data})

    for name in config["test_notify"]["names"]:
        hass.services.async_register("notify", name, handle)
    return True
