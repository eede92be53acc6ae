"""Answers in 钉钉: by the session of the message, which lasts about two hours, else by the robot's interface."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from userops.feedback.channels.robots import calling
from userops.feedback.channels.robots.hearing import plain
from userops.feedback.channels.robots.speaking import Said, Saying, fitting, has, silent

HOSTS = ("dingtalk.com",)
FILES = ("dingtalk.com", "aliyuncs.com")
BASE = "https://api.dingtalk.com"
LONGEST = 18_000


def say(saying: Saying, settings: Mapping[str, str]) -> Said:
    """Raises `Refused`, `StoreFailed`."""
    text = fitting(saying.text, LONGEST)
    if saying.session:
        body: dict[str, Any] = {"msgtype": "text", "text": {"content": text}}
        if saying.group:
            body["at"] = {"atUserIds": [saying.sender]}
        found = calling.post(calling.checked(saying.session, HOSTS), body)
        if plain(found, "errcode") not in ("0", ""):
            raise calling.not_taken(f"{plain(found, 'errcode')} {plain(found, 'errmsg')}")
        return Said()
    if not has(settings, "app_key", "app_secret"):
        raise silent()
    return _by_interface(saying, settings, text)


def _by_interface(saying: Saying, settings: Mapping[str, str], text: str) -> Said:
    where = "groupMessages/send" if saying.group else "oToMessages/batchSend"
    whom = {"openConversationId": saying.chat} if saying.group else {"userIds": [saying.sender]}
    body = {
        "robotCode": robot_of(settings),
        "msgKey": "sampleText",
        "msgParam": json.dumps({"content": text}, ensure_ascii=False),
        **whom,
    }
    headers = {"x-acs-dingtalk-access-token": token_of(settings)}
    found = calling.post(f"{BASE}/v1.0/robot/{where}", body, headers=headers)
    if not plain(found, "processQueryKey"):
        raise calling.not_taken(f"{plain(found, 'code')} {plain(found, 'message')}")
    return Said(plain(found, "processQueryKey"))


def robot_of(settings: Mapping[str, str]) -> str:
    """The robot's code, which for applications of a company is the app key."""
    return settings.get("robot_code") or settings["app_key"]


def token_of(settings: Mapping[str, str]) -> str:
    """Raises `Refused`, `StoreFailed`."""
    given = {"appKey": settings["app_key"], "appSecret": settings["app_secret"]}
    found = calling.post(f"{BASE}/v1.0/oauth2/accessToken", given, harmless=True)
    token = plain(found, "accessToken")
    if not token:
        raise calling.not_taken(f"{plain(found, 'code')} {plain(found, 'message')}")
    return token


def attempt(settings: Mapping[str, str]) -> bool:
    """Whether the application's credentials are good; False where there are none. Raises `Refused`."""
    return has(settings, "app_key", "app_secret") and bool(token_of(settings))


def picture(named: Mapping[str, str], settings: Mapping[str, str]) -> bytes:
    """Raises `Refused`, `StoreFailed`."""
    if not has(settings, "app_key", "app_secret"):
        raise silent()
    body = {"downloadCode": named.get("code", ""), "robotCode": robot_of(settings)}
    headers = {"x-acs-dingtalk-access-token": token_of(settings)}
    address = f"{BASE}/v1.0/robot/messageFiles/download"
    found = calling.post(address, body, headers=headers, harmless=True)
    where = plain(found, "downloadUrl").replace("http://", "https://", 1)
    return calling.fetch(calling.checked(where, FILES))
