"""Asks a RouterOS API with PyPI's librouteros, a client that knows nothing of ours, and prints what it made of the answers.

Reads {"port", "username", "password", "login": "plain" | "token", "anonymous": bool, "commands": [[command, word, …], …]} as
JSON from standard input; prints a JSON list: for the login and then for each command {"rows": […]} or {"error", "message"}."""

import json
import ssl
import sys

import librouteros
from librouteros.exceptions import LibRouterosError
from librouteros.login import plain, token

wanted = json.load(sys.stdin)


def anonymous():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ADH-AES256-SHA256:ADH-AES256-SHA:@SECLEVEL=0")
    return context.wrap_socket


def outcome(ask):
    try:
        return {"rows": list(ask())}
    except (LibRouterosError, OSError) as error:
        category = getattr(error, "category", None)
        told = {"error": type(error).__name__, "message": str(error)}
        return told if category is None else {**told, "category": category}


api = None


def log_in():
    global api
    api = librouteros.connect(
        "127.0.0.1",
        wanted["username"],
        wanted["password"],
        port=wanted["port"],
        timeout=10,
        encoding="utf-8",
        login_method=token if wanted["login"] == "token" else plain,
        ssl_wrapper=anonymous() if wanted["anonymous"] else None,
    )
    return []


told = [outcome(log_in)]
if api is not None:
    told += [outcome(lambda: api.rawCmd(*words)) for words in wanted["commands"]]
    api.close()
json.dump(told, sys.stdout)
