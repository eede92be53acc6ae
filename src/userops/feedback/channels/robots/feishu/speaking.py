"""Answers in 飞书 or Lark: a reply to the message, named so that the platform takes it once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from userops.feedback.channels.robots import calling
from userops.feedback.channels.robots.hearing import plain
from userops.feedback.channels.robots.speaking import Said, Saying, fitting, has, silent

BASES = {"feishu": "https://open.feishu.cn", "lark": "https://open.larksuite.com"}
LONGEST = 100_000


def base_of(settings: Mapping[str, str]) -> str:
    return BASES[settings.get("site") or "feishu"]


def say(saying: Saying, settings: Mapping[str, str]) -> Said:
    """Raises `Refused`, `StoreFailed`."""
    if not has(settings, "app_id", "app_secret") or not saying.heard:
        raise silent()
    body = {
        "msg_type": "text",
        "content": json.dumps({"text": fitting(saying.text, LONGEST)}, ensure_ascii=False),
        "uuid": saying.name,
    }
    where = f"{base_of(settings)}/open-apis/im/v1/messages/{quote(saying.heard, safe='')}/reply"
    found = _taken(calling.post(where, body, headers=_headers(settings)))
    return Said(plain(found, "data", "message_id"))


def token_of(settings: Mapping[str, str]) -> str:
    """Raises `Refused`, `StoreFailed`."""
    given = {"app_id": settings["app_id"], "app_secret": settings["app_secret"]}
    where = f"{base_of(settings)}/open-apis/auth/v3/tenant_access_token/internal"
    return plain(_taken(calling.post(where, given, harmless=True)), "tenant_access_token")


def attempt(settings: Mapping[str, str]) -> bool:
    """Whether the application's credentials are good; False where there are none. Raises `Refused`."""
    return has(settings, "app_id", "app_secret") and bool(token_of(settings))


def picture(named: Mapping[str, str], settings: Mapping[str, str]) -> bytes:
    """Raises `Refused`, `StoreFailed`."""
    if not has(settings, "app_id", "app_secret"):
        raise silent()
    message, key = (quote(named.get(each, ""), safe="") for each in ("message", "key"))
    where = f"{base_of(settings)}/open-apis/im/v1/messages/{message}/resources/{key}?type=image"
    return calling.fetch(where, headers=_headers(settings))


def _headers(settings: Mapping[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_of(settings)}"}


def _taken(found: dict[str, Any]) -> dict[str, Any]:
    if plain(found, "code") != "0":
        raise calling.not_taken(f"{plain(found, 'code')} {plain(found, 'msg')}")
    return found
